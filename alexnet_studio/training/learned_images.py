"""The decoded images of a training: all of them before it begins, or of a large folder while it learns."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from alexnet_studio.ground import places
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import statistics
from alexnet_studio.images.direct import decoding_costs, without_store
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.loader import order
from alexnet_studio.images.split import Split
from alexnet_studio.images.store import Store, files_of, fill
from alexnet_studio.images.store_early import begin, held
from alexnet_studio.images.store_following import followed
from alexnet_studio.images.store_space import Coding, free_bytes, is_short, jpeg_bytes, needed_bytes
from alexnet_studio.training.recipe import Recipe

_LARGE_BYTES = 5_000_000_000  # a person is told beforehand of a store that takes more
# As many images take half a minute to decode on two cores, and half of them are needed for the colours anyway.
_EARLY_FROM = 10_000
Remark = tuple[str, str]  # code and sentence of a note


@dataclass(frozen=True, slots=True)
class Images:
    """The decoded images and who learns from which: `train` and `val` are store indices, `labels[i]` is that
    of i. `early`: not all were decoded when that was settled.
    """

    folder: ImageFolder
    store: Store
    labels: tuple[int, ...]
    train: tuple[int, ...]
    val: tuple[int, ...]
    remarks: tuple[Remark, ...] = ()
    early: bool = False

    def paths(self, indices: tuple[int, ...]) -> tuple[str, ...]:
        """Relative to the folder."""
        return tuple(self.folder.images[self.store.kept[index]].path for index in indices)


def decoded(
    folder: ImageFolder,
    parts: Split,
    record: InputRecord,
    recipe: Recipe,
    counted: Collection[str] | None = None,
    *,
    early: bool = True,
) -> Generator[Progress, None, Images]:
    """Decode what is used into the user's cache, where it has room; where `early`, the most of a large folder while it
    is learned.

    `counted`: the paths that a run begun before counts on. Its store is to be closed. Raises `BadInput`
    ("no_training_images", ...).
    """
    used, cache = sorted((*parts.train, *parts.val)), places.cache()
    remarks: tuple[Remark, ...] = ()
    if recipe.store == "none":
        return (yield from _directly(folder, parts, used, record, remarks))
    coding: Coding = recipe.store
    files = files_of(folder, used, record, cache, coding)
    yield from followed(files)
    waiting = files.waiting()
    if coding == "pixels" and waiting:
        needed = needed_bytes(folder, used, record)
        if is_short(cache, needed):
            remarks = (_no_room(folder, used, record, needed),)
            return (yield from _directly(folder, parts, used, record, remarks))
        remarks = _large(needed)
    if waiting < _EARLY_FROM or not early:
        store = yield from _last(fill(folder, used, record, cache, coding=coding))
        if not _was_unreadable(folder, used, record, coding, store, counted):
            images = _images(folder, parts, store, remarks)
            return replace(images, remarks=(*remarks, *same_in_both(images)))
        del store
    positions = parts.train
    drawn = statistics.sample(positions, recipe.seed) if counted is None else []
    visited = [positions[i] for i in order(len(positions), seed=recipe.seed, epoch=0)]
    store = begin(
        folder,
        used,
        record,
        cache,
        coding=coding,
        first=[*drawn, *visited, *parts.val],
        apart=frozenset(parts.val),
        counted=counted,
    )
    with given_up(store):
        images = _images(folder, parts, store, remarks)
        if counted is None:  # else the colours were measured when the run began
            yield from held(store, statistics.sample(images.train, recipe.seed))
        return replace(images, early=True, remarks=(*remarks, *_waiting(store)))


@contextmanager
def given_up(store: Store) -> Generator[None]:
    """Close the store where what is done with it fails."""
    try:
        yield
    except BaseException:
        store.close()
        raise


def _waiting(store: Store) -> tuple[Remark, ...]:
    waiting = store.waiting()
    if not waiting:
        return ()
    counted = f"{waiting:,} of {len(store):,} images are decoded while the network learns"
    return (("filling", f"{counted}: its steps take longer until then."),)


def _directly(
    folder: ImageFolder, parts: Split, used: Sequence[int], record: InputRecord, remarks: tuple[Remark, ...]
) -> Generator[Progress, None, Images]:
    store = yield from _last(without_store(folder, used, record, parts.val))
    return _images(folder, parts, store, remarks)


def _last(events: Iterator[Progress | Store]) -> Generator[Progress, None, Store]:
    for event in events:
        if isinstance(event, Store):
            return event
        yield event
    raise AssertionError("the last event is the store")


def _was_unreadable(
    folder: ImageFolder,
    used: Sequence[int],
    record: InputRecord,
    coding: Coding,
    store: Store,
    counted: Collection[str] | None,
) -> bool:
    """Whether a run counts on files that hold no image: it began before that was known."""
    told = {skipped.path for skipped in store.unreadable}
    if counted is None or told.isdisjoint(counted):
        return False
    left_out = files_of(folder, used, record, places.cache(), coding).read_left_out().values()
    return any(one.lasting and one.path in counted for one in left_out)


def _images(folder: ImageFolder, parts: Split, store: Store, remarks: tuple[Remark, ...]) -> Images:
    index_of = {position: index for index, position in enumerate(store.kept)}
    train = tuple(index_of[position] for position in parts.train if position in index_of)
    if not train:
        raise BadInput(
            "no_training_images",
            "None of the training images in {path} can be decoded. Choose another folder.",
            path=str(folder.root),
        )
    val = tuple(index_of[position] for position in parts.val if position in index_of)
    labels = tuple(folder.images[position].label for position in store.kept)
    return Images(folder, store, labels, train, val, remarks)


def same_in_both(images: Images) -> tuple[Remark, ...]:
    """Validation images that are trained with, too."""
    twice = images.store.same(images.train, images.val)
    if not twice:
        return ()
    first = images.paths(twice[:1])[0]
    counted = "1 validation image is" if len(twice) == 1 else f"{len(twice):,} validation images are"
    sentence = (
        f"{counted} among the training images, too, such as {first}: validation flatters the network. Check all "
        "images in the Data panel, or with `scan --verify`, and leave them out."
    )
    return (("same_in_train_and_val", sentence),)


def _large(needed: int) -> tuple[Remark, ...]:
    if needed < _LARGE_BYTES:
        return ()
    sentence = (
        f"The decoded images take about {needed / 1e9:.0f} GB in {places.cache()}; as JPEG it would be about "
        f"{jpeg_bytes(needed) / 1e9:.0f} GB."
    )
    return (("large_store", sentence),)


def _no_room(folder: ImageFolder, used: Sequence[int], record: InputRecord, needed: int) -> Remark:
    slower = decoding_costs(folder, used, record)
    return (
        "no_room_for_store",
        f"The decoded images need {needed / 1e9:.1f} GB and the disk has {free_bytes(places.cache()) / 1e9:.1f}: they "
        f"are decoded again in every epoch, which makes preparing a batch about {slower:.0f} times slower. Free some "
        f"space, or keep them as JPEG (about {jpeg_bytes(needed) / 1e9:.1f} GB).",
    )
