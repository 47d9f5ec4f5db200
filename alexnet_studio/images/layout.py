"""How a folder is laid out: class folders at its root, or under train/ with val/ and test/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.regular_file import why
from alexnet_studio.images.walk import Listing, list_folder, printable

SplitName = Literal["train", "val", "test"]
LayoutName = Literal["classes", "splits"]

SPLIT_OF_NAME: Mapping[str, SplitName] = MappingProxyType(
    {"train": "train", "val": "val", "valid": "val", "validation": "val", "test": "test"}
)
GROUPS = "groups.csv"  # beside class folders: path and group, for a split
_LAYOUT_SENTENCE = (
    "Give each class a folder of its own with its images inside, for instance {path}/cat/1.jpg and "
    "{path}/dog/1.jpg (or the same under train/ and val/)."
)


@dataclass(frozen=True, slots=True)
class ClassPlace:
    """One class folder of one split. `folder` is relative to the root."""

    split: SplitName
    name: str
    folder: str

    @property
    def part(self) -> str:
        """The name of the split's folder, which may be "valid" or "Train"."""
        return self.folder.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which folders will be walked. `strays`: files outside class folders; `unread`: beside the splits."""

    layout: LayoutName
    places: tuple[ClassPlace, ...]
    strays: tuple[str, ...]
    unread: tuple[str, ...]
    ignored: tuple[str, ...]


def plan(root: Path) -> Plan:
    """Look at the first one or two levels of `root`.

    Raises `BadInput`: "folder_missing", "folder_is_file", "folder_forbidden", "folder_empty",
    "no_class_folders", "no_train_folder".
    """
    listing = _list_root(root)
    if not listing.folders and not listing.files:
        raise BadInput("folder_empty", "{path} is empty. Choose a folder with images.", path=_shown(root))
    if not listing.folders:
        raise _no_class_folders(root, "lie directly in it")
    splits = _splits(root, listing)
    if splits is None:
        places = tuple(ClassPlace("train", name, name) for name in listing.folders)
        return Plan("classes", places, listing.files, (), listing.ignored)
    return _split_plan(root, listing, splits)


def _list_root(root: Path) -> Listing:
    try:
        return list_folder(root)
    except NotADirectoryError as error:
        raise BadInput(
            "folder_is_file",
            "{path} is a file, not a folder. Choose the folder that holds class folders, such as {parent}.",
            path=_shown(root),
            parent=_shown(root.parent),
        ) from error
    except FileNotFoundError as error:
        raise BadInput(
            "folder_missing",
            "There is no folder {path}. Check its name or choose another.",
            path=_shown(root),
        ) from error
    except OSError as error:
        raise BadInput(
            "folder_forbidden",
            "The folder {path} {reason}. Choose a folder that you may read.",
            path=_shown(root),
            reason=why(error),
        ) from error


def _splits(root: Path, listing: Listing) -> dict[SplitName, str] | None:
    """The folder of each split, or None where the folders at the root are classes.

    "train" may also be a class (of vehicles, say): it is a split only where it holds folders and either
    a val/ or a test/ stands beside it or nothing else does.
    """
    named: dict[SplitName, str] = {}
    for name in listing.folders:
        split = SPLIT_OF_NAME.get(name.lower())
        if split is not None:
            named.setdefault(split, name)
    alone = len(named) == len(listing.folders)
    if "train" in named and (alone or len(named) > 1):
        if _folders_in(root / named["train"]):
            return named
        if alone:
            raise _no_class_folders(root / named["train"], "lie directly in it")
        return None
    if alone and named and all(_folders_in(root / folder) for folder in named.values()):
        raise BadInput(
            "no_train_folder",
            "{path} has {found} but no train folder. Add train/ with the images to learn from, "
            "or choose one of its folders.",
            path=_shown(root),
            found=", ".join(f"{folder}/" for folder in named.values()),
        )
    return None


def _folders_in(folder: Path) -> tuple[str, ...]:
    """The names of the folders in `folder`; none when it cannot be listed."""
    try:
        return list_folder(folder).folders
    except OSError:
        return ()


def _split_plan(root: Path, listing: Listing, splits: dict[SplitName, str]) -> Plan:
    places: list[ClassPlace] = []
    strays = list(listing.files)
    ignored = list(listing.ignored)
    for split, folder in splits.items():
        inner = _list_root(root / folder)
        places += [ClassPlace(split, name, f"{folder}/{name}") for name in inner.folders]
        strays += [f"{folder}/{name}" for name in inner.files]
        ignored += inner.ignored
    unread = tuple(name for name in listing.folders if name not in splits.values())
    return Plan("splits", tuple(places), tuple(strays), unread, tuple(ignored))


def _no_class_folders(folder: Path, where: str) -> BadInput:
    return BadInput(
        "no_class_folders",
        "{path} has no class folders: its files {where}. " + _LAYOUT_SENTENCE,
        path=_shown(folder),
        where=where,
    )


def _shown(path: Path) -> str:
    return printable(str(path))
