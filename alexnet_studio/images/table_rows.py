"""A table of paths and labels as rows: which column is what, and what a row may say of split and group."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import csv_table
from alexnet_studio.images.collect_options import Options
from alexnet_studio.images.csv_table import PATH_HEADINGS
from alexnet_studio.images.layout import SPLIT_OF_NAME
from alexnet_studio.images.source import Split
from alexnet_studio.images.walk import printable

_LABEL_HEADINGS = ("label", "class", "category", "class_name", "label_name")
_SPLIT_HEADING = "split"


@dataclass(frozen=True, slots=True)
class Row:
    """`line`: where the row ends in the file. `path` and `label` are "" where it says none."""

    line: int
    path: str
    label: str
    split: Split
    group: str


@dataclass(frozen=True, slots=True)
class TableRows:
    """Reads `source`; `options` names columns that have other headings than the usual ones."""

    source: Path
    options: Options

    def table(self) -> csv_table.Rows:
        table = csv_table.read_rows(self.source)
        if not table:
            raise BadInput(
                "table_empty",
                "{path} has no rows. Give a table of image paths and labels.",
                path=str(self.source),
            )
        return table

    def places(self, headings: list[str]) -> tuple[int | None, int | None]:
        """Where path and split stand, as far as can be told: also of a table whose columns nobody has named yet."""
        return (
            csv_table.column(headings, (_asked(self.options.path_column), *PATH_HEADINGS)),
            csv_table.column(headings, (_asked(self.options.split_column), _SPLIT_HEADING)),
        )

    def read(self) -> list[Row]:
        table = self.table()
        headings = csv_table.headings(table)
        at_path = self._column(headings, self.options.path_column, PATH_HEADINGS)
        at_label = self._column(headings, self.options.label_column, _LABEL_HEADINGS)
        at_split = self._column(headings, self.options.split_column, (_SPLIT_HEADING,))
        at_group = self._column(headings, self.options.group_column, ())
        if at_path is None and at_label is None and len(headings) == 2 and at_split is None:
            at_path, at_label, body = 0, 1, table
        elif at_path is None or at_label is None:
            raise BadInput(
                "table_columns",
                "{path} does not say which column is the image's path and which its label. Call them path and "
                "label in its first line, or say their names (--path-column, --label-column).",
                path=str(self.source),
            )
        else:
            body = table[1:]
        return [
            Row(
                line,
                csv_table.cell(cells, at_path),
                csv_table.cell(cells, at_label),
                "" if at_split is None else self._split(line, csv_table.cell(cells, at_split)),
                "" if at_group is None else self._group(line, csv_table.cell(cells, at_group)),
            )
            for line, cells in body
        ]

    def _column(self, headings: list[str], asked: str | None, usual: tuple[str, ...]) -> int | None:
        if asked is None:
            return csv_table.column(headings, usual)
        found = csv_table.column(headings, (_asked(asked),))
        if found is None:
            raise BadInput(
                "table_column_missing",
                "{path} has no column {column}. Its columns are {columns}.",
                path=str(self.source),
                column=asked,
                columns=", ".join(headings),
            )
        return found

    def _split(self, line: int, text: str) -> Split:
        """A row without one is refused as well: whether it trains or tests cannot be guessed."""
        split = SPLIT_OF_NAME.get(text.casefold())
        if split is None:
            raise BadInput(
                "table_split",
                "Line {line} of {path} has {given} as its split. Write train, val or test there, in every row.",
                line=line,
                path=str(self.source),
                given=printable(text) or "nothing",
            )
        return split

    def _group(self, line: int, text: str) -> str:
        if not text:
            raise BadInput(
                "table_group",
                "Line {line} of {path} has no {column}. Give every row one, or leave the groups out.",
                line=line,
                path=str(self.source),
                column=self.options.group_column or "",
            )
        return text


def _asked(column: str | None) -> str:
    return (column or "").strip().casefold()
