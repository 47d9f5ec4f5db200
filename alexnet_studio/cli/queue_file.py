"""A queue as a text file: one `train` command a line, as it would be typed; comments begin with #."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cyclopts import App, CycloptsError

from alexnet_studio.cli.commands import usage
from alexnet_studio.cli.table import COMMANDS
from alexnet_studio.ground.errors import BadInput, StudioError
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.resuming import CHANGEABLE

_ALONE = frozenset({"--json", "--resume"})  # the queue adds them itself


@dataclass(frozen=True, slots=True)
class Entry:
    """`words` are the command without its name; `device` is "auto" where none is named."""

    line: int
    folder: Path
    run: Path
    words: tuple[str, ...]
    device: str
    changeable: tuple[str, ...]

    def command(self, *, resume: bool, device: str | None) -> list[str]:
        """What a run was begun with is in the run: resumed, it takes only what may change."""
        chosen = [] if device is None else ["--device", device]
        if resume:
            words = ["train", str(self.folder), "--run", str(self.run), "--resume", *self.changeable]
        else:
            words = ["train", *self.words]
        return [*words, *chosen, "--json"]


def read(path: Path) -> tuple[Entry, ...]:
    """Every line is looked at before anything starts. Raises `BadInput` ("queue_unreadable", "queue_line", ...)."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise BadInput(
            "queue_unreadable",
            "{path} cannot be read as a text file. Give a file with one train command a line.",
            path=str(path),
        ) from error
    entries = [entry for number, line in enumerate(lines, 1) if (entry := _entry(path, number, line))]
    if not entries:
        raise BadInput("queue_empty", "{path} has no train command. Write one a line.", path=str(path))
    _require_own_runs(path, entries)
    return tuple(entries)


def _entry(path: Path, number: int, line: str) -> Entry | None:
    try:
        words = shlex.split(line, comments=True)
    except ValueError as error:
        raise _wrong(path, number, f"a quotation is not closed ({error}).") from None
    words = words[1:] if words[:1] == ["alexnet-studio"] else words
    if not words:
        return None
    if words[0] != "train":
        raise _wrong(path, number, f"it begins with {words[0]}, and only train can wait in a queue.")
    words = [word for word in words[1:] if word not in _ALONE]
    try:
        typed = _parsed(words)
    except StudioError as error:
        raise _wrong(path, number, error.sentence) from None
    recipe = typed.get("recipe")
    chosen: dict[str, object] = (
        {name: getattr(recipe, name) for name in recipe.model_fields_set}
        if isinstance(recipe, Recipe)
        else {}
    )
    kept = [(name, value) for name, value in chosen.items() if name in CHANGEABLE]
    return Entry(
        number,
        typed["folder"],
        typed["run"],
        tuple(words),
        str(chosen.get("device", "auto")),
        tuple(word for name, value in kept for word in (f"--{name.replace('_', '-')}", str(value))),
    )


def _parsed(words: Sequence[str]) -> dict[str, Any]:
    """Raises `StudioError` for what `train` would not take."""
    app = App(name="alexnet-studio", result_action="return_value")
    app.command(COMMANDS["train"], name="train")
    try:
        _, bound, _ = app.parse_args(["train", *words], exit_on_error=False, print_error=False)
    except CycloptsError as error:
        raise usage(error) from None
    return dict(bound.arguments)


def _require_own_runs(path: Path, entries: Sequence[Entry]) -> None:
    seen: dict[Path, int] = {}
    for entry in entries:
        first = seen.setdefault(entry.run.resolve(), entry.line)
        if first != entry.line:
            raise _wrong(path, entry.line, f"its run {entry.run} is that of line {first}.")


def _wrong(path: Path, number: int, reason: str) -> BadInput:
    return BadInput(
        "queue_line", "Line {line} of {path}: {reason}", line=number, path=str(path), reason=reason
    )
