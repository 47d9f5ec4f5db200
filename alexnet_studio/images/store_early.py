"""Beginning with a store before all of it is filled: what has to be known first, and what may come later."""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from contextlib import closing
from pathlib import Path

from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.ahead import ahead
from alexnet_studio.images.folder import ImageFolder, Skipped
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.pace import Pace
from alexnet_studio.images.store import Store, files_of, in_rows, make_room
from alexnet_studio.images.store_filling import Filling
from alexnet_studio.images.store_space import Coding


def begin(
    folder: ImageFolder,
    positions: Sequence[int],
    record: InputRecord,
    cache: Path,
    *,
    coding: Coding = "pixels",
    first: Sequence[int] = (),
    apart: Collection[int] = (),
    counted: Collection[str] | None = None,
) -> Store:
    """The store of the images at `positions`, filled by threads until it is closed: those `first` in their order.

    It gives the pixels that a filled one gives, to the bit. Of an image that turns out to be unreadable it is too late
    to leave it out, since the order of the others hangs on their number: another of its class stands in for it, the
    same one whenever the store is begun. Images at the positions `apart` and the others never stand in for each other.
    What is known to be unreadable is left out, unless `counted`, the paths that a run counts on, say otherwise.
    Raises `Failed` ("disk_full", "not_writable").
    """
    ordered = in_rows(folder, positions)
    files = files_of(folder, positions, record, cache, coding)
    if not files.complete():
        make_room(files, folder, ordered, record, cache, coding)
    row_of = {position: row for row, position in enumerate(ordered)}
    source = Filling(files, folder, ordered, record, coding, [row_of[i] for i in first], apart)
    unreadable = {ordered[row]: reason for row, reason in source.unreadable().items()}
    if counted is None:
        kept = [i for i in positions if i not in unreadable]
    else:
        kept = [i for i in positions if folder.images[i].path in counted]
    left_out = (
        Skipped(folder.images[i].path, unreadable[i]) for i in sorted(set(unreadable).difference(kept))
    )
    return Store(source, record, kept, [row_of[i] for i in kept], tuple(left_out))


def held(store: Store, indices: Sequence[int]) -> Generator[Progress, None, tuple[int, ...]]:
    """Those whose own image can be had, decoded now where that is not known yet. Raises what `Store.pixels` does."""
    if not store.waiting():
        return tuple(index for index in indices if store.holds(index))
    pace = Pace()
    found: list[int] = []
    with closing(ahead(store.holds, indices, watch=store.watch)) as answers:
        for done, (index, holds) in enumerate(zip(indices, answers, strict=True), 1):
            if holds:
                found.append(index)
            if pace.due():
                yield Progress("decode", done, len(indices))
    return tuple(found)
