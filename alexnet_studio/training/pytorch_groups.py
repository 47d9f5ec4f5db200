"""The part of a written training script that says which images stay on one side of the split, as `images.grouping`."""

from __future__ import annotations

from alexnet_studio.images.csv_table import PATH_HEADINGS
from alexnet_studio.images.grouping import GROUP_HEADINGS
from alexnet_studio.networks.python_text import called, quoted
from alexnet_studio.training.recipe import Recipe

_OWN = '''
def keys_of(paths: list[str], folder: Path) -> list[str]:
    """Images with one key stay together: those of a group in groups.csv, or else of a photo."""
    tables = [folder / "groups.csv"]
    if folder.name.casefold() == "train":
        tables.append(folder.parent / "groups.csv")
    for table in tables:
        if table.is_file():
            return listed(table, paths, folder)
    return [photo_of(path) for path in paths]
'''

_TABLE = '''
def keys_of(paths: list[str], folder: Path) -> list[str]:
    """Images with one key stay together: those of a group in the table, which FOLDER leads to."""
    return listed(folder / TABLE, paths, folder)
'''

_PATTERN = '''
def keys_of(paths: list[str], folder: Path) -> list[str]:
    """Images with one key stay together: those whose names match alike, or else of a photo."""
    pattern = re.compile(PATTERN)
    found = [pattern.search(path.rpartition("/")[2]) or pattern.search(path) for path in paths]
    if not any(found):
        raise SystemExit(f"The pattern {pattern.pattern} matches no image of {folder}.")
    group = 1 if pattern.groups else 0
    return [
        photo_of(path) if match is None else f"/{match[group] or ''}"
        for path, match in zip(paths, found)
    ]
'''

_PHOTO = '''
def photo_of(path: str) -> str:
    """The photo that a tile was cut from: 1.jpg of 1.jpg.tile-003-007.png."""
    found = re.fullmatch(r"(.+?)\\.tile-\\d{3,}-\\d{3,}\\.[^/]+", path)
    return found[1] if found else path
'''

_LISTED = '''
def listed(table: Path, paths: list[str], folder: Path) -> list[str]:
    """The group of each image. Paths in the table begin at its folder, or at that of the images."""
    if not table.is_file():
        raise SystemExit(f"There is no file {table} of paths and groups.")
    lines = table.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    delimiter = "\\t" if table.suffix == ".tsv" else max(",;\\t", key="".join(lines[:1]).count)
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=delimiter)]
    names = [name.casefold() for row in rows[:1] for name in row]
    PATHS
    GROUPS
    if at_path is None or at_group is None:
        raise SystemExit(f"The first line of {table} must call its columns path and group.")
    group_of = {}
    for start in (folder, table.parent):
        for row in rows[1:]:
            if len(row) > max(at_path, at_group) and row[at_group]:
                path = start / row[at_path].replace("\\\\", "/")
                group_of[os.path.abspath(path)] = row[at_group]
    groups = [group_of.get(os.path.abspath(folder / path)) for path in paths]
    if not all(groups):
        raise SystemExit(f"{table} has no group for {paths[groups.index(None)]}.")
    return groups
'''


def keys_code(recipe: Recipe) -> list[str]:
    """The function `keys_of`, and what it calls."""
    if recipe.group_by:
        return [_PATTERN.replace("PATTERN", quoted(recipe.group_by)), _PHOTO]
    if recipe.groups:
        return [_TABLE.replace("TABLE", quoted(recipe.groups)), _listed()]
    return [_OWN, _PHOTO, _listed()]


def _listed() -> str:
    found = _LISTED
    for word, headings, at in (("PATHS", PATH_HEADINGS, "at_path"), ("GROUPS", GROUP_HEADINGS, "at_group")):
        known = "\n".join(called("    known = (", [quoted(name) for name in headings], ")"))
        column = f"    {at} = next((names.index(name) for name in known if name in names), None)"
        found = found.replace(f"    {word}", f"{known}\n{column}")
    return found
