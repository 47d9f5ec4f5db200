"""The rows of a CSV or TSV file, each with its line; its first line names the columns."""

from __future__ import annotations

import csv
from pathlib import Path

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.regular_file import read_whole, why

PATH_HEADINGS = ("path", "file", "filename", "image", "file_name", "filepath", "image_path", "image_id")
_LARGEST_BYTES = 512 << 20

Rows = list[tuple[int, list[str]]]


def read_rows(path: Path) -> Rows:
    """The rows that are not empty, each with its line. Raises `BadInput` ("table_unreadable")."""
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


def headings(rows: Rows) -> list[str]:
    """The first row's cells, as `column` wants them; none where there are no rows."""
    return [cell.strip().casefold() for cell in rows[0][1]] if rows else []


def column(headings: list[str], names: tuple[str, ...]) -> int | None:
    """The first heading that is one of `names`, in the order of `names`."""
    return next((headings.index(name) for name in names if name in headings), None)


def cell(cells: list[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _delimiter(path: Path, lines: list[str]) -> str:
    if path.suffix.lower() == ".tsv":
        return "\t"
    first = next((line for line in lines if line.strip()), "")
    return max(",;\t", key=first.count)  # the comma where there is none: the first of equals
