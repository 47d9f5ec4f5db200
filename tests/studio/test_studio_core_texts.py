"""No text that a person reads stands in the code untranslated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import alexnet_studio.studio as studio

ROOT = Path(studio.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))

# Where a literal would end up before a person's eyes: call -> positions (None: all) of its texts.
SINKS = {
    "setText": None,
    "set_text": None,
    "setWindowTitle": None,
    "setToolTip": None,
    "setStatusTip": None,
    "setPlaceholderText": None,
    "setAccessibleName": None,
    "setAccessibleDescription": None,
    "setInformativeText": None,
    "setTitle": None,
    "addAction": None,
    "addMenu": None,
    "addButton": None,
    "addItem": None,
    "addTab": None,
    "QLabel": None,
    "QPushButton": None,
    "QCheckBox": None,
    "QAction": None,
    "QMenu": None,
    "QDockWidget": None,
    "QListWidgetItem": None,
    "Notice": (0, 2),
    "NoticeView": (0, 2),
    "EmptyView": (0, 1),
    "ReadoutView": None,
    "ActionView": (1, 2),
    "ActionRow": (2,),
    "WarningView": (1, 2),
    "KernelDetail": (0,),
    "TowerView": (0,),
}
TEXT_KEYWORDS = {
    "text",
    "tip",
    "sentence",
    "caption",
    "title",
    "message",
    "accuracy",
    "summary",
    "reason",
    "button",
    "estimate",
    "agreement",
    "busy",
    "outdated",
    "saved",
    "skipped",
    "job",
}
LETTERS = re.compile(r"[A-Za-z]{2,}")


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def literal(node: ast.expr) -> str:
    """The words of a plain or formatted string literal; nothing for other expressions."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(literal(part) for part in node.values if isinstance(part, ast.Constant))
    return ""


def untranslated(path: Path) -> list[str]:
    found: list[str] = []
    for call in calls(ast.parse(path.read_text(encoding="utf-8"))):
        name = name_of(call)
        if name not in SINKS:
            continue
        positions = SINKS[name]
        texts = [arg for place, arg in enumerate(call.args) if positions is None or place in positions]
        texts += [keyword.value for keyword in call.keywords if keyword.arg in TEXT_KEYWORDS]
        found += [
            f"{path.name}:{call.lineno} {name}({literal(arg)!r})"
            for arg in texts
            if LETTERS.search(literal(arg))
        ]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_goes_through_translate(path: Path) -> None:
    # The product's own name is the same in every language.
    assert [one for one in untranslated(path) if "AlexNet Studio" not in one] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_translate_gets_literals_that_a_translator_can_find(path: Path) -> None:
    for call in calls(ast.parse(path.read_text(encoding="utf-8"))):
        if name_of(call) != "translate":
            continue
        assert literal(call.args[0]), f"{path.name}:{call.lineno}: the context is not a literal"
        # Errors are the exception: their templates are literals where they are raised.
        if literal(call.args[0]) != "Errors":
            assert isinstance(call.args[1], ast.Constant), (
                f"{path.name}:{call.lineno}: the text is not a literal"
            )


def test_the_guard_sees_a_literal() -> None:
    tree = ast.parse('label.setText("Open folder")\nother.setText(f"{n} images")\nthird.setText(f"{n}")')
    assert [bool(LETTERS.search(literal(call.args[0]))) for call in calls(tree)] == [True, True, False]
