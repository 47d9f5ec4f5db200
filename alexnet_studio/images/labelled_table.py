"""A CSV or TSV file of image paths and labels, beside the images that it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from alexnet_studio.images import csv_table
from alexnet_studio.images.collect_options import Options
from alexnet_studio.images.layout import SPLIT_OF_NAME
from alexnet_studio.images.source import Contents, Description, Kind, Piece, Split
from alexnet_studio.images.table_rows import Row, TableRows
from alexnet_studio.images.walk import Skipped, printable

_SAMPLED = 50


@dataclass(frozen=True, slots=True)
class LabelledTable:
    """`options` names columns that have other headings than the usual ones; groups are read where it names them."""

    source: Path
    options: Options = field(default_factory=Options)

    @property
    def known_as(self) -> Kind:
        return "table"

    def describe(self) -> Description:
        """Also of a table whose columns nobody has named yet. Raises `BadInput` ("table_unreadable", "table_empty")."""
        rows = TableRows(self.source, self.options)
        table = rows.table()
        headings = csv_table.headings(table)
        at_path, at_split = rows.places(headings)
        body = [cells for _, cells in (table if at_path is None and len(headings) == 2 else table[1:])]
        splits = Counter[Split](
            "" if at_split is None else SPLIT_OF_NAME.get(csv_table.cell(cells, at_split).casefold(), "")
            for cells in body
        )
        sample = body[:: max(1, len(body) // _SAMPLED)]
        sizes = [_size(self._image(csv_table.cell(cells, at_path or 0))) for cells in sample]
        size = sum(sizes) * len(body) // max(1, len(sizes))
        return Description(self.known_as, self.source, tuple(sorted(splits.items())), size)

    def open(self) -> Contents:
        """Raises `BadInput` ("table_unreadable", "table_columns", "table_column_missing", "table_empty",
        "table_split", "table_group").
        """
        rows = TableRows(self.source, self.options).read()
        labels = {row.label for row in rows if row.label}
        numbers = all(label.isdecimal() for label in labels)
        keys = tuple(sorted(labels, key=int)) if numbers else tuple(sorted(labels))
        return Contents(
            keys=keys,
            ordered=numbers and [int(key) for key in keys] == list(range(len(keys))),
            pieces=self._pieces(rows, {key: label for label, key in enumerate(keys)}),
            total=len(rows),
        )

    def _pieces(self, rows: list[Row], label_of: dict[str, int]) -> Iterator[Piece | Skipped]:
        taken: set[tuple[Split, int, str]] = set()
        seen: set[tuple[str, str]] = set()
        for row in rows:
            reason = _problem(row, seen)
            if reason is not None:
                yield Skipped(printable(row.path) or self.source.name, reason)
                continue
            seen.add((row.path, row.label))
            image, label = self._image(row.path), label_of[row.label]
            yield Piece(
                label=label,
                split=row.split,
                name=_free(image.name, row.split, label, taken),
                origin=row.path,
                content=image,
                group=row.group,
            )

    def _image(self, path: str) -> Path:
        """Relative to the table's folder. Paths of Windows are understood where no file is called so."""
        found = self.source.parent / path
        if "\\" in path and _size(found) == 0:
            return self.source.parent / path.replace("\\", "/")
        return found


def find(source: Path, options: Options) -> LabelledTable | None:
    named = source.is_file() and source.suffix.lower() in {".csv", ".tsv"}
    return LabelledTable(source, options) if named else None


def columns(source: Path) -> tuple[str, ...]:
    """The cells of the first line, as they are written. Raises `BadInput` ("table_unreadable")."""
    rows = csv_table.read_rows(source)
    return tuple(cell.strip() for cell in rows[0][1] if cell.strip()) if rows else ()


def _problem(row: Row, seen: set[tuple[str, str]]) -> str | None:
    if not row.path or "\0" in row.path:
        return f"has no name that a file can have (line {row.line})"
    if not row.label:
        return f"has no label (line {row.line})"
    if (row.path, row.label) in seen:
        return f"is named twice (line {row.line})"
    return None


def _free(name: str, split: Split, label: int, taken: set[tuple[Split, int, str]]) -> str:
    """`name`, numbered when the class has it already: a/1.jpg and b/1.jpg may both be cats."""
    stem, dot, suffix = name.rpartition(".")
    free, number = name, 1
    while (split, label, free.casefold()) in taken:
        number += 1
        free = f"{stem}-{number}{dot}{suffix}" if stem else f"{name}-{number}"
    taken.add((split, label, free.casefold()))
    return free


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0
