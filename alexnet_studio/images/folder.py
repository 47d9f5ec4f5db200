"""A folder of labelled images: what is in it, and what was left out and why."""

from __future__ import annotations

import gc
import hashlib
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, repeat
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import class_names, scan_cache
from alexnet_studio.images.census import Census
from alexnet_studio.images.layout import LayoutName, Plan, SplitName, plan
from alexnet_studio.images.likeness import Alike, alike
from alexnet_studio.images.likeness_notes import likeness_notes
from alexnet_studio.images.notes import scan_notes
from alexnet_studio.images.walk import Skipped, Walk

__all__ = [
    "Alike",
    "ImageFile",
    "ImageFolder",
    "Skipped",
    "SplitName",
    "as_json",
    "fingerprint",
    "require_trainable",
    "scan",
    "skipped_json",
]

_SPLITS: tuple[SplitName, ...] = ("train", "val", "test")


class ImageFile(NamedTuple):  # made for every file, at a fifth of a frozen dataclass's time
    """`path` is relative to the folder, with forward slashes; `label` is a position in `classes`."""

    path: str
    label: int
    split: SplitName
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class ImageFolder:
    """The answer of `scan`. With layout "classes" every image is in split "train".

    `classes` are sorted as torchvision's ImageFolder sorts them, so that indices agree; images are sorted by
    split (train, val, test), class and path. `alike` is empty where the scan did not verify.
    """

    root: Path
    layout: LayoutName
    classes: tuple[str, ...]
    images: tuple[ImageFile, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]
    alike: tuple[Alike, ...] = ()


def scan(root: Path, *, verify: bool = False) -> Iterator[Progress | ImageFolder]:
    """Read names, sizes and first bytes below `root`; with `verify` decode every image and compare them.

    What the first bytes told is remembered: the next time only changed files are opened.

    The last event is the answer. Raises `BadInput`: see `layout.plan`, and "no_images",
    "no_readable_images", "classes_differ".
    """
    yield Progress("scan", 0)
    root = root.absolute()
    layout = plan(root)
    cache = scan_cache.opened(root)
    census = Census(Walk(root), cache)
    yield from census.take(layout)
    cache.keep()
    if verify:
        yield from census.verify()
    if not any(place.split == "train" for place in census.images):
        raise _no_images(root, census)
    yield _folder(layout, census)


def _folder(layout: Plan, census: Census) -> ImageFolder:
    places = census.images.keys()
    label_of = class_names.labels(place.name for place in places if place.split == "train")
    for part in {place.part for place in places if place.split != "train"}:
        class_names.require_same(part, (place.name for place in places if place.part == part), label_of)
    known = class_names.known_labels({place.name for place in places}, label_of)
    images = _sorted_images(census, known)
    splits: dict[str, SplitName] = {}
    same: tuple[Alike, ...] = ()
    if census.fingerprints:
        splits = {image.path: image.split for image in images}
        same = alike(census.fingerprints, {image.path: image.label for image in images}, splits)
    classes = tuple(label_of)
    empty = tuple(place.folder for place in layout.places if place not in census.images)
    return ImageFolder(
        root=census.walk.root,
        layout=layout.layout,
        classes=classes,
        images=images,
        skipped=tuple(sorted(census.skipped, key=lambda skipped: skipped.path)),
        notes=(
            *scan_notes(layout, census, classes, empty),
            *likeness_notes(same, splits, census.fingerprints),
        ),
        alike=same,
    )


def _sorted_images(census: Census, known: Mapping[str, int]) -> tuple[ImageFile, ...]:
    """By split, label and path. Two places share a label where a name is written with other characters."""
    by_class = defaultdict[tuple[int, int], list[ImageFile]](list)
    with _no_collection():
        for place, found in census.images.items():
            label, split = known[place.name], place.split
            columns = zip(
                found.paths, repeat(label), repeat(split), found.sizes, found.mtimes_ns, strict=False
            )
            by_class[_SPLITS.index(split), label] += map(ImageFile._make, columns)
        for images in by_class.values():
            images.sort(key=itemgetter(0))  # its path; to compare whole rows takes longer
        return tuple(chain.from_iterable(by_class[key] for key in sorted(by_class)))


@contextmanager
def _no_collection() -> Generator[None]:
    """Python's collector would look through the growing list, and all of torch, again and again.

    Nothing in it is garbage; of a scan of 100,000 files that was up to a fifth of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _no_images(root: Path, census: Census) -> BadInput:
    if not census.skipped:
        return BadInput(
            "no_images",
            "{path} has class folders but no images to learn from in them. Choose another folder.",
            path=str(root),
        )
    first = census.skipped[0]
    return BadInput(
        "no_readable_images",
        "{path} has no image to learn from: {count} files were skipped, the first of them ({first}) because "
        "it {reason}. Choose another folder.",
        path=str(root),
        count=len(census.skipped),
        first=first.path,
        reason=first.reason,
    )


def require_trainable(folder: ImageFolder) -> None:
    """Raises `BadInput` ("one_class"): with a single class the loss is zero whatever the network learns."""
    if len(folder.classes) < 2:
        raise BadInput(
            "one_class",
            "{path} has one class only ({name}): there is nothing to tell apart. "
            "Choose the folder whose folders are the classes.",
            path=str(folder.root),
            name="".join(folder.classes),
        )


def fingerprint(folder: ImageFolder) -> str:
    """A hash of every image's relative path, size and modification time."""
    digest = hashlib.sha256()
    for path, size, mtime_ns in sorted((image.path, image.size, image.mtime_ns) for image in folder.images):
        digest.update(f"{path}\0{size}\0{mtime_ns}\n".encode())
    return digest.hexdigest()


def as_json(folder: ImageFolder) -> dict[str, Any]:
    """The document that `scan --json` prints; `splits` is empty for layout "classes"."""
    per_class = Counter(image.label for image in folder.images)
    per_split = Counter(image.split for image in folder.images)
    return {
        "folder": str(folder.root),
        "layout": folder.layout,
        "classes": {name: per_class[label] for label, name in enumerate(folder.classes)},
        "images": len(folder.images),
        "splits": dict(per_split) if folder.layout == "splits" else {},
        "skipped": skipped_json(folder.skipped),
        "notes": list(folder.notes),
        "alike": [
            {"paths": list(group.paths), "exact": group.exact, "across": group.across}
            for group in folder.alike
        ],
    }


def skipped_json(skipped: Iterable[Skipped]) -> list[dict[str, str]]:
    """As every command lists what it left out."""
    return [{"path": one.path, "reason": one.reason} for one in skipped]
