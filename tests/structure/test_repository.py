"""Rules about the sources that no linter holds."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import alexnet_studio

PACKAGE = Path(alexnet_studio.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_loading_never_runs_code(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = ast.unparse(call.func)
        keywords = {k.arg: ast.unparse(k.value) for k in call.keywords}
        if name == "torch.load":
            assert keywords.get("weights_only") == "True", f"{path}:{call.lineno}"
        if name in {"np.load", "numpy.load"}:
            assert keywords.get("allow_pickle", "False") == "False", f"{path}:{call.lineno}"
        assert name not in {"eval", "exec", "pickle.load", "pickle.loads", "marshal.loads"}, (
            f"{path}:{call.lineno}"
        )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_text_is_read_and_written_as_utf8(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if method in {"read_text", "write_text"}:
            keywords = {k.arg for k in call.keywords}
            # ground.files.write_text is ours and always writes UTF-8.
            ours = ast.unparse(call.func).startswith("files.")
            assert ours or "encoding" in keywords, f"{path}:{call.lineno}"


def test_files_are_named_by_what_they_own() -> None:
    vague = {"utils", "util", "misc", "helpers", "helper", "common", "manager"}
    assert not [path for path in SOURCES if set(path.stem.split("_")) & vague]
