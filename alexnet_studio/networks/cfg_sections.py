"""The sections of a 2012 configuration file, each value with the line that it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from alexnet_studio.ground.errors import BadInput

_LARGEST_BYTES = 4 << 20
_HEADING = re.compile(r"\[([^\[\]]+)\]")


@dataclass(frozen=True, slots=True)
class Value:
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Section:
    """`[name]` at `line` of `file`, with its `key=value` lines. Asking for a value marks it as understood."""

    file: str
    name: str
    line: int
    values: dict[str, Value]
    asked: set[str] = field(default_factory=set[str])

    def text(self, key: str, default: str | None = None) -> str:
        """Raises `BadInput` ("cfg") where it is missing and has no default."""
        self.asked.add(key)
        found = self.values.get(key)
        if found is not None:
            return found.text
        if default is None:
            raise self.wrong(f"{key} is missing")
        return default

    def numbers(self, key: str, count: int, default: float | None = None) -> tuple[float, ...]:
        """`count` numbers separated by commas; one stands for all. Raises `BadInput` ("cfg")."""
        text = self.text(key, None if default is None else repr(default))
        parts = [part.strip() for part in text.split(",")]
        try:
            numbers = tuple(float(part) for part in parts)
        except ValueError:
            raise self.wrong(f"{key} must be a number, not {text}", key) from None
        if any(not abs(number) <= 1e9 for number in numbers):
            raise self.wrong(f"{key} is too large: {text}", key)
        if len(numbers) == 1:
            return numbers * count
        if len(numbers) != count:
            raise self.wrong(f"{key} has {len(numbers)} values for {count} inputs", key)
        return numbers

    def number(self, key: str, count: int = 1, default: float | None = None) -> float:
        """The one number that stands for all `count` inputs. Raises `BadInput` ("cfg") where they differ."""
        numbers = self.numbers(key, count, default)
        if len(set(numbers)) != 1:
            raise self.wrong(f"{key} differs from input to input, which cannot be represented", key)
        return numbers[0]

    def whole(self, key: str, count: int = 1, default: int | None = None) -> int:
        """Raises `BadInput` ("cfg") for what is no whole number."""
        value = self.number(key, count, default)
        if value != int(value):
            raise self.wrong(f"{key} must be a whole number, not {value:g}", key)
        return int(value)

    def wrong(self, problem: str, key: str = "") -> BadInput:
        """What is wrong with the section or with one of its values, with the line."""
        line = self.values[key].line if key in self.values else self.line
        return BadInput(
            "cfg",
            "{file}, line {line}, [{section}]: {problem}. Correct it there.",
            file=self.file,
            line=line,
            section=self.name,
            problem=problem,
        )

    def same_as(self, other: Section, but: frozenset[str]) -> str:
        """The first key whose value is another one than in `other`; nothing where all agree."""
        for key in sorted((self.values.keys() | other.values.keys()) - but):
            mine, theirs = self.values.get(key), other.values.get(key)
            if mine is None or theirs is None or _spelled(mine.text) != _spelled(theirs.text):
                return key
        return ""


def read(path: Path) -> tuple[dict[str, Section], tuple[str, ...]]:
    """The sections in their order, and the comments, which in 2012 were the diary of a training.

    Raises `BadInput` ("cfg", "cfg_unreadable").
    """
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ValueError("too large")  # noqa: TRY301 - said like every other way to be wrong
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no text file"
        raise BadInput(
            "cfg_unreadable",
            "{path} cannot be read ({reason}). Give a layers file of cuda-convnet, and its layer-params file.",
            path=str(path),
            reason=reason,
        ) from error
    sections: dict[str, Section] = {}
    diary: list[str] = []
    current: Section | None = None
    for number, line in _lines(text):
        if line.startswith(("#", ";")):
            diary.append(line.lstrip("#; "))
        elif line.startswith("["):
            current = _section(path, line, number, sections)
            sections[current.name] = current
        else:
            _add(path, current, line, number)
    return sections, tuple(diary)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, line.strip()


def _section(path: Path, line: str, number: int, known: dict[str, Section]) -> Section:
    heading = _HEADING.fullmatch(line)
    made = Section(path.name, heading.group(1).strip() if heading else line, number, {})
    if heading is None:
        raise made.wrong("this heading does not end; write [name]")
    if made.name in known:
        raise made.wrong(f"there is a section of this name already at line {known[made.name].line}")
    return made


def _add(path: Path, current: Section | None, line: str, number: int) -> None:
    key, equals, value = line.partition("=")
    if current is None:
        raise Section(path.name, "", number, {}).wrong("this line stands before the first section")
    name = key.strip()
    if not equals or not name:
        raise Section(path.name, current.name, number, {}).wrong("this line is no key=value")
    if name in current.values:
        raise Section(path.name, current.name, number, {}).wrong(f"{name} is given twice")
    current.values[name] = Value(value.strip(), number)


def _spelled(text: str) -> tuple[object, ...]:
    """As numbers where they are, so that 0.9 and 0.90 agree."""
    parts = text.split(",")
    try:
        return tuple(float(part) for part in parts)
    except ValueError:
        return tuple(part.strip() for part in parts)
