"""A queue as a text file: one `train` command a line, as it would be typed; comments begin with #."""

from __future__ import annotations

import shlex
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from alexnet_studio.ground import files
from alexnet_studio.ground.errors import BadInput, Failed, StudioError
from alexnet_studio.ground.progress import finished
from alexnet_studio.training.command_words import Typed, parsed, recipe_words
from alexnet_studio.training.resuming import CHANGEABLE

_ADDED = frozenset({"--json", "--resume"})  # by the queue itself
_PATIENCE_S = 3.0  # a window waits for it


@dataclass(frozen=True, slots=True)
class Entry:
    """`text` is the whole line of that number, `words` are the command without its name."""

    line: int
    text: str
    words: tuple[str, ...]
    typed: Typed

    @property
    def run(self) -> Path:
        return self.typed.run

    @property
    def device(self) -> str:
        """ "auto" where none is named."""
        return str(self.typed.fields.get("device", "auto"))

    @property
    def changes(self) -> Mapping[str, object]:
        """What was typed of what may change when a run is gone on with."""
        return {name: value for name, value in self.typed.fields.items() if name in CHANGEABLE}

    def command(self, *, resume: bool, device: str | None) -> list[str]:
        """What a run was begun with is in the run: resumed, it takes only what may change."""
        chosen = [] if device is None else [f"--device={device}"]
        if resume:
            kept = recipe_words(self.changes)
            words = ["train", str(self.typed.folder), "--run", str(self.run), "--resume", *kept]
        else:
            words = ["train", *self.words]
        return [*words, *chosen, "--json"]


class QueueReader:
    """Reads a file again and again: a line that was read before is not taken apart again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: dict[str, Entry] = {}

    def entries(self) -> Generator[None, None, tuple[Entry, ...]]:
        """Every line is looked at before anything starts; a thousand of them take some seconds. Raises `BadInput`
        ("queue_unreadable", "queue_line").
        """
        entries: list[Entry] = []
        for number, line in enumerate(_lines(self.path), 1):
            known = self._known.get(line)
            if known is None:
                yield
                known = _entry(self.path, number, line)
            elif known.line != number:
                known = replace(known, line=number)
            if known is not None:
                entries.append(known)
        _require_own_runs(self.path, entries)
        self._known = {entry.text: entry for entry in entries}
        return tuple(entries)


def read(path: Path) -> tuple[Entry, ...]:
    """As `QueueReader.entries`, once and at once. Raises `BadInput` ("queue_empty"), too."""
    entries = finished(QueueReader(path).entries())
    if not entries:
        raise BadInput("queue_empty", "{path} has no train command. Write one a line.", path=str(path))
    return entries


def add(path: Path, commands: Sequence[Sequence[str]]) -> None:
    """The words of `train` commands as the last lines; a file that is not there is begun. Raises `BadInput`
    ("queue_unreadable") and `Failed` ("disk_full", "not_writable", "queue_busy").
    """
    with _alone(path):
        lines = _lines(path) if path.exists() else []
        _write(path, [*lines, *(shlex.join(["train", *words]) for words in commands)])


def remove(path: Path, entries: Sequence[Entry]) -> None:
    """Raises what `add` raises, and `BadInput` ("queue_changed")."""
    with _alone(path):
        lines = _lines(path)
        for entry in entries:
            del lines[_place(path, lines, entry)]
        _write(path, lines)


def exchange(path: Path, one: Entry, other: Entry) -> None:
    """Each in the other's line. Raises what `remove` raises."""
    with _alone(path):
        lines = _lines(path)
        first, second = _place(path, lines, one), _place(path, lines, other)
        lines[first], lines[second] = lines[second], lines[first]
        _write(path, lines)


@contextmanager
def _alone(path: Path) -> Generator[None]:
    """Two windows that add at once would each write what they have read, and one addition would be gone."""
    lock = Path(f"{path}.lock")
    try:
        with FileLock(lock, timeout=_PATIENCE_S):
            yield
    except Timeout:
        raise Failed(
            "queue_busy",
            "Another program has kept {path} to itself for {seconds} s. Try again when it is ready.",
            path=str(path),
            seconds=round(_PATIENCE_S),
        ) from None
    except OSError as error:
        raise files.as_studio_error(error, lock) from error


def _place(path: Path, lines: Sequence[str], entry: Entry) -> int:
    if entry.text not in lines:
        raise BadInput(
            "queue_changed",
            "{path} was changed by another program: it no longer has the training of {run}.",
            path=str(path),
            run=str(entry.run),
        )
    return lines.index(entry.text)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise BadInput(
            "queue_unreadable",
            "{path} cannot be read as a text file. Give a file with one train command a line.",
            path=str(path),
        ) from error


def _write(path: Path, lines: Sequence[str]) -> None:
    files.write_text(path, "".join(f"{line}\n" for line in lines))


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
    words = [word for word in words[1:] if word not in _ADDED]
    try:
        return Entry(number, line, tuple(words), parsed(words))
    except StudioError as error:
        raise _wrong(path, number, error.sentence) from None


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
