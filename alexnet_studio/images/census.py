"""The walk through the class folders of a plan: which files are images, which are left out, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import headers
from alexnet_studio.images.ahead import ahead
from alexnet_studio.images.decode import UnreadableError, read
from alexnet_studio.images.layout import ClassPlace, Plan
from alexnet_studio.images.pace import Pace
from alexnet_studio.images.regular_file import why
from alexnet_studio.images.walk import Leaf, Skipped, Walk, printable, unusable_name


@dataclass(slots=True)
class Census:
    """What was found so far under `walk.root`; `take` and then `verify` fill it."""

    walk: Walk
    images: list[tuple[ClassPlace, Leaf]] = field(default_factory=list[tuple[ClassPlace, Leaf]])
    skipped: list[Skipped] = field(default_factory=list[Skipped])
    types: Counter[str] = field(default_factory=Counter[str])  # of files outside the allow-list
    misnamed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])  # path, format that it has
    decoding: Counter[str] = field(default_factory=Counter[str])  # notes of the decoder, with `verify`

    def take(self, plan: Plan) -> Iterator[Progress]:
        """Read names, sizes and first bytes of every file in the plan's class folders."""
        pace = Pace()
        self.walk.ignored += plan.ignored
        for stray in plan.strays:
            self._skip_stray(stray)
        for place in self._claimed(plan):
            for leaf in self.walk.leaves(place.folder):
                self._take_leaf(place, leaf)
                if pace.due():
                    yield Progress("scan", len(self.images) + len(self.skipped))

    def verify(self) -> Iterator[Progress]:
        """Decode every image; those that fail move to the skipped ones."""
        pace = Pace()
        good: list[tuple[ClassPlace, Leaf]] = []
        with closing(ahead(self._decoding_notes, self.images)) as answers:
            for done, (found, answer) in enumerate(zip(self.images, answers, strict=True)):
                if isinstance(answer, UnreadableError):
                    self.skipped.append(Skipped(found[1].path, answer.reason))
                else:
                    good.append(found)
                    self.decoding.update(answer)
                if pace.due():
                    yield Progress("verify", done, len(self.images))
        self.images = good

    def _skip_stray(self, path: str) -> None:
        is_image = headers.suffix(path) in headers.FORMAT_OF_SUFFIX
        reason = "lies in no class folder" if is_image else "is no image and lies in no class folder"
        self.skipped.append(Skipped(printable(path), reason))

    def _claimed(self, plan: Plan) -> list[ClassPlace]:
        """The class folders to walk. All are claimed before the first is walked: see `Walk.claim`."""
        self.walk.claim("")
        usable: list[ClassPlace] = []
        for place in plan.places:
            reason = self._why_not_claimed(place)
            if reason is None:
                usable.append(place)
            else:
                self.skipped.append(Skipped(printable(place.folder), reason))
        return usable

    def _why_not_claimed(self, place: ClassPlace) -> str | None:
        try:
            if not self.walk.claim(place.folder):
                return "is a link to a folder that is read elsewhere"
        except OSError as error:
            return why(error)
        return unusable_name(place.name)

    def _take_leaf(self, place: ClassPlace, leaf: Leaf) -> None:
        reason = leaf.reason or self._problem(leaf)
        if reason is None:
            self.images.append((place, leaf))
        else:
            self.skipped.append(Skipped(leaf.path, reason))

    def _problem(self, leaf: Leaf) -> str | None:
        suffix = headers.suffix(leaf.path)
        expected = headers.FORMAT_OF_SUFFIX.get(suffix)
        if expected is None:
            self.types[suffix or "no extension"] += 1
            return f"is of a type that is not read ({suffix or 'no extension'})"
        if leaf.size == 0:
            return "is empty"
        try:
            found = headers.read_format(self.walk.root / leaf.path)
        except OSError as error:
            return why(error)
        if found is None:
            return "is not an image"
        if found != expected:
            self.misnamed.append((leaf.path, found))
        return None

    def _decoding_notes(self, found: tuple[ClassPlace, Leaf]) -> tuple[str, ...] | UnreadableError:
        try:
            return read(self.walk.root / found[1].path).notes
        except UnreadableError as error:
            return error
