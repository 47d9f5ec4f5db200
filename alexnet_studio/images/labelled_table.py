"""A CSV or TSV file of image paths and labels, beside the images that it names."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.regular_file import read_whole, why
from alexnet_studio.images.source import Contents, Description, Piece
from alexnet_studio.images.walk import Skipped, printable

_PATH_HEADINGS = ("path", "file", "filename", "image", "file_name", "filepath", "image_path", "image_id")
_LABEL_HEADINGS = ("label", "class", "category", "class_name", "label_name")
_LARGEST_BYTES = 512 << 20
_SAMPLED = 50


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    path: str
    label: str


@dataclass(frozen=True, slots=True)
class LabelledTable:
    source: Path

    def describe(self) -> Description:
        rows = _rows(self.source)
        sizes = [_size(self._image(row.path)) for row in rows[:: max(1, len(rows) // _SAMPLED)]]
        return Description(
            "table", self.source, (("", len(rows)),), sum(sizes) * len(rows) // max(1, len(sizes))
        )

    def open(self) -> Contents:
        """Raises `BadInput` ("table_unreadable", "table_columns", "table_empty")."""
        rows = _rows(self.source)
        labels = {row.label for row in rows if row.label}
        numbers = all(label.isdecimal() for label in labels)
        keys = tuple(sorted(labels, key=int)) if numbers else tuple(sorted(labels))
        return Contents(
            keys=keys,
            ordered=numbers and [int(key) for key in keys] == list(range(len(keys))),
            pieces=self._pieces(rows, {key: label for label, key in enumerate(keys)}),
            total=len(rows),
        )

    def _pieces(self, rows: list[_Row], label_of: dict[str, int]) -> Iterator[Piece | Skipped]:
        taken: set[tuple[int, str]] = set()
        seen: set[tuple[str, str]] = set()
        for row in rows:
            reason = _problem(row, seen)
            if reason is not None:
                yield Skipped(printable(row.path) or self.source.name, reason)
                continue
            seen.add((row.path, row.label))
            image, label = self._image(row.path), label_of[row.label]
            yield Piece(
                label=label, split="", name=_free(image.name, label, taken), origin=row.path, content=image
            )

    def _image(self, path: str) -> Path:
        """Relative to the table's folder. Paths of Windows are understood where no file is called so."""
        found = self.source.parent / path
        if "\\" in path and _size(found) == 0:
            return self.source.parent / path.replace("\\", "/")
        return found


def find(source: Path) -> LabelledTable | None:
    return LabelledTable(source) if source.is_file() and source.suffix.lower() in {".csv", ".tsv"} else None


def _problem(row: _Row, seen: set[tuple[str, str]]) -> str | None:
    if not row.path or "\0" in row.path:
        return f"has no name that a file can have (line {row.line})"
    if not row.label:
        return f"has no label (line {row.line})"
    if (row.path, row.label) in seen:
        return f"is named twice (line {row.line})"
    return None


def _free(name: str, label: int, taken: set[tuple[int, str]]) -> str:
    """`name`, numbered when the class has it already: a/1.jpg and b/1.jpg may both be cats."""
    stem, dot, suffix = name.rpartition(".")
    free, number = name, 1
    while (label, free.casefold()) in taken:
        number += 1
        free = f"{stem}-{number}{dot}{suffix}" if stem else f"{name}-{number}"
    taken.add((label, free.casefold()))
    return free


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0


def _rows(path: Path) -> list[_Row]:
    table = _table(path)
    if not table:
        raise BadInput(
            "table_empty", "{path} has no rows. Give a table of image paths and labels.", path=str(path)
        )
    first = [cell.strip().casefold() for cell in table[0][1]]
    at_path, at_label = _column(first, _PATH_HEADINGS), _column(first, _LABEL_HEADINGS)
    if at_path is None and at_label is None and len(first) == 2:
        at_path, at_label, body = 0, 1, table
    elif at_path is None or at_label is None:
        raise BadInput(
            "table_columns",
            "{path} does not say which column is the image's path and which its label. Call them path and label "
            "in its first line.",
            path=str(path),
        )
    else:
        body = table[1:]
    return [_Row(line, _cell(cells, at_path), _cell(cells, at_label)) for line, cells in body]


def _table(path: Path) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, each with its line."""
    try:
        lines = read_whole(path, _LARGEST_BYTES).decode("utf-8-sig").splitlines(keepends=True)
        reader = csv.reader(lines, delimiter=_delimiter(path, lines))
        return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except (OSError, ValueError, csv.Error) as error:
        reason = f"the file {why(error)}" if isinstance(error, OSError) else "it is no table in UTF-8"
        raise BadInput(
            "table_unreadable",
            "{path} cannot be read: {reason}. Give a CSV or TSV file.",
            path=str(path),
            reason=reason,
        ) from error


def _delimiter(path: Path, lines: list[str]) -> str:
    if path.suffix.lower() == ".tsv":
        return "\t"
    first = next((line for line in lines if line.strip()), "")
    return max(",;\t", key=first.count)  # the comma where there is none: the first of equals


def _column(headings: list[str], names: tuple[str, ...]) -> int | None:
    """The first heading that is one of `names`, in the order of `names`."""
    return next((headings.index(name) for name in names if name in headings), None)


def _cell(cells: list[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""
