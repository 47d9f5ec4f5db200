"""Which images stay on one side of a split: those of one group, told by a pattern, by a table, or by a tile's name."""

from __future__ import annotations

import csv
import io
import os
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from alexnet_studio.ground import files
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import csv_table
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.images.layout import GROUPS, SPLIT_OF_NAME
from alexnet_studio.images.tile_names import photo_of

GROUP_HEADINGS = ("group", "groups", "specimen", "patient", "subject", "photo")

Group = tuple[int, ...]  # positions in `ImageFolder.images` that stay together


@dataclass(frozen=True, slots=True)
class Grouping:
    """`groups` are in the order of the folder. `note`: how they were told, where nobody asked for it."""

    groups: tuple[Group, ...]
    note: str = ""


def grouped(folder: ImageFolder, positions: Sequence[int], *, pattern: str, table: str) -> Grouping:
    """What a person asks for decides: a pattern, else a table. Else the folder's own groups.csv, else the tiles' names.

    An image that a pattern does not match is alone, or with the tiles of its photo. Raises `BadInput`
    ("nothing_grouped", "groups_missing", "groups_incomplete", "table_unreadable", "table_columns").
    """
    if pattern:
        return Grouping(_by_key(positions, _matched(folder, positions, re.compile(pattern), pattern)))
    path = folder.root / table if table else own_table(folder.root)
    if path is not None:
        groups = _by_key(positions, _listed(folder, positions, path))
        return Grouping(
            groups, "" if table else f"Images of one group in {GROUPS} stay on one side of the split."
        )
    keys = [_own(folder, i) for i in positions]
    groups = _by_key(positions, keys)
    if len(groups) == len(positions):
        return Grouping(groups)
    return Grouping(groups, "Tiles of one photo stay on one side of the split.")


def own_table(root: Path) -> Path | None:
    """groups.csv of the folder, or of the one whose train folder it is."""
    places = (root, root.parent) if root.name.casefold() in SPLIT_OF_NAME else (root,)
    return next((place / GROUPS for place in places if (place / GROUPS).is_file()), None)


def from_folder(table: str, root: Path) -> str:
    """A table that a person names from where they are, as a recipe keeps it: relative to the folder of images."""
    if not table or (root / table).is_file():
        return table
    try:
        return Path(os.path.relpath(table, root)).as_posix()
    except ValueError:  # on another drive of Windows
        return str(Path(table).absolute())


def write(folder: Path, group_of: Mapping[Path, str]) -> None:
    """groups.csv for these files. Raises `Failed` ("disk_full", "not_writable")."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("path", "group"))
    table.writerows((path.relative_to(folder).as_posix(), group) for path, group in group_of.items())
    files.write_text(folder / GROUPS, text.getvalue())


def of_folder(folder: ImageFolder) -> Sequence[str]:
    """The group that the folder's groups.csv gives each image; "" where there is none. Raises as `grouped`."""
    positions = range(len(folder.images))
    path = own_table(folder.root)
    return [""] * len(positions) if path is None else _listed(folder, positions, path)


def across(folder: ImageFolder, train: Sequence[int], val: Sequence[int]) -> str:
    """A sentence on the groups that a folder's own val/ parts, for it is not split anew; "" where there are none."""
    path = own_table(folder.root)
    if path is None:
        return ""
    try:
        groups = _by_key(both := (*train, *val), _listed(folder, both, path))
    except BadInput:  # what is not needed need not be whole
        return ""
    sides = frozenset(train)
    parted = [group for group in groups if len({i in sides for i in group}) == 2]
    if not parted:
        return ""
    first = folder.images[parted[0][0]].path
    counted = "1 group has" if len(parted) == 1 else f"{len(parted):,} groups have"
    return (
        f"{counted} images in both train/ and val/, the first with {first}: validation flatters the network."
    )


def _by_key(positions: Sequence[int], keys: Sequence[str]) -> tuple[Group, ...]:
    found = defaultdict[str, list[int]](list)
    for i, key in zip(positions, keys, strict=True):
        found[key].append(i)
    return tuple(tuple(group) for group in found.values())


def _own(folder: ImageFolder, position: int) -> str:
    path = folder.images[position].path
    return photo_of(path) or path


def _matched(
    folder: ImageFolder, positions: Sequence[int], pattern: re.Pattern[str], written: str
) -> list[str]:
    keys: list[str] = []
    matched = 0
    for i in positions:
        path = folder.images[i].path
        match = pattern.search(path.rpartition("/")[2]) or pattern.search(path)
        matched += match is not None
        # A slash in front: no path begins with one.
        keys.append(
            _own(folder, i) if match is None else "/" + (match.group(1 if pattern.groups else 0) or "")
        )
    if not matched:
        raise BadInput(
            "nothing_grouped",
            "The pattern {pattern} matches no image of {path}, such as {first}. Correct it, or leave it out.",
            pattern=written,
            path=str(folder.root),
            first=folder.images[positions[0]].path if positions else "",
        )
    return keys


def _listed(folder: ImageFolder, positions: Sequence[int], path: Path) -> list[str]:
    """Paths in the table are relative to its own folder, or to the folder of images."""
    group_of = _read(path)
    before = (
        ""
        if path.parent == folder.root
        else os.path.relpath(folder.root, path.parent).replace("\\", "/") + "/"
    )
    keys = [
        group_of.get(before + image.path) or group_of.get(image.path) or ""
        for image in (folder.images[i] for i in positions)
    ]
    missing = [folder.images[i].path for i, key in zip(positions, keys, strict=True) if not key]
    if missing:
        raise BadInput(
            "groups_incomplete",
            "{table} has no group for {count} of {total} images, such as {first}. Add a row of path and group "
            "for each.",
            table=str(path),
            count=len(missing),
            total=len(keys),
            first=missing[0],
        )
    return keys


def _read(path: Path) -> dict[str, str]:
    if not path.is_file():
        raise BadInput(
            "groups_missing",
            "There is no file {path} of paths and groups. Check its name, which is relative to the folder of images.",
            path=str(path),
        )
    rows = csv_table.read_rows(path)
    headings = csv_table.headings(rows)
    at_path = csv_table.column(headings, csv_table.PATH_HEADINGS)
    at_group = csv_table.column(headings, GROUP_HEADINGS)
    if at_path is None or at_group is None:
        raise BadInput(
            "groups_columns",
            "{path} does not say which column is the image's path and which its group. Call them path and group in "
            "its first line.",
            path=str(path),
        )
    listed = [
        (csv_table.cell(cells, at_path).replace("\\", "/"), csv_table.cell(cells, at_group))
        for _, cells in rows[1:]
    ]
    return dict(listed)
