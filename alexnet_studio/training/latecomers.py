"""What is known of a training's images only while it learns, where their store is filled meanwhile, or gone since."""

from __future__ import annotations

from collections.abc import Iterator

from alexnet_studio.training.learned_images import Images, Remark, same_in_both


class Latecomers:
    """Each remark is made once; how far the store is filled, by tenths."""

    def __init__(self, images: Images) -> None:
        self._images = images
        self._lost = 0  # images so far
        self._filling = images.early
        self._tenth = self._tenths()

    def after_step(self) -> tuple[Remark, ...]:
        if not self._filling:
            return ()
        tenth = self._tenths()
        if tenth == 10:
            self._filling = False
            filled = (("filled", "All images are decoded and kept."),) if self._tenth < 10 else ()
            return (*filled, *self._left_out(), *same_in_both(self._images))
        if tenth == self._tenth:
            return ()
        self._tenth = tenth
        return (("filling", f"{10 * tenth} % of the images are decoded and kept."),)

    def after_epoch(self) -> tuple[Remark, ...]:
        lost = tuple(self._images.store.lost.items())
        if len(lost) == self._lost:
            return ()
        self._lost = len(lost)
        path, reason = lost[-1]
        counted = "1 image was" if len(lost) == 1 else f"{len(lost):,} images were"
        return (("images_replaced", f"{counted} replaced by another of the class: {path} {reason}."),)

    def _tenths(self) -> int:
        total = len(self._images.store)
        return 10 - -(-10 * self._images.store.waiting() // total)

    def _left_out(self) -> Iterator[Remark]:
        images = self._images
        gone = tuple(index for index in images.val if not images.store.holds(index))
        if gone:
            counted = "1 validation image" if len(gone) == 1 else f"{len(gone):,} validation images"
            first = images.paths(gone[:1])[0]
            yield "images_unreadable", f"{counted} cannot be decoded and judged by, such as {first}."
