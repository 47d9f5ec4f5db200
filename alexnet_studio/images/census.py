"""The walk through the class folders of a plan: which files are images, which are left out, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field

from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import headers
from alexnet_studio.images.ahead import ahead
from alexnet_studio.images.decode import UnreadableError, content_of, read_bytes
from alexnet_studio.images.layout import GROUPS, ClassPlace, Plan
from alexnet_studio.images.likeness import Fingerprint, fingerprint
from alexnet_studio.images.long_path import for_system
from alexnet_studio.images.names_file import INDICES
from alexnet_studio.images.pace import Pace
from alexnet_studio.images.regular_file import read_start, why
from alexnet_studio.images.scan_cache import ScanCache
from alexnet_studio.images.scan_memory import stamp
from alexnet_studio.images.walk import Skipped, Walk, printable, unusable_name

Row = tuple[str, int, int]  # path, size, modification time in ns


@dataclass(slots=True)
class Found:
    """The images of one class folder, a column each: a million small objects would keep Python's collector busy.

    `paths` are relative to the root, with forward slashes.
    """

    paths: list[str] = field(default_factory=list[str])
    sizes: list[int] = field(default_factory=list[int])
    mtimes_ns: list[int] = field(default_factory=list[int])

    def __len__(self) -> int:
        return len(self.paths)

    def rows(self) -> Iterator[Row]:
        return zip(self.paths, self.sizes, self.mtimes_ns, strict=True)

    def add(self, path: str, size: int, mtime_ns: int) -> None:
        self.paths.append(path)
        self.sizes.append(size)
        self.mtimes_ns.append(mtime_ns)


@dataclass(frozen=True, slots=True)
class _Verified:
    notes: tuple[str, ...]
    fingerprint: Fingerprint


@dataclass(slots=True)
class Census:
    """What was found so far under `walk.root`; `take` and then `verify` fill it."""

    walk: Walk
    cache: ScanCache  # of what earlier scans read
    images: dict[ClassPlace, Found] = field(default_factory=dict[ClassPlace, Found])
    skipped: list[Skipped] = field(default_factory=list[Skipped])
    types: Counter[str] = field(default_factory=Counter[str])  # of files outside the allow-list
    misnamed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])  # path, format that it has
    decoding: Counter[str] = field(default_factory=Counter[str])  # notes of the decoder, with `verify`
    fingerprints: dict[str, Fingerprint] = field(default_factory=dict[str, Fingerprint])  # with `verify`

    def take(self, plan: Plan) -> Iterator[Progress]:
        """Read names, sizes and first bytes of every file in the plan's class folders."""
        pace = Pace()
        self.walk.ignored += plan.ignored
        for stray in plan.strays:
            self._skip_stray(stray)
        places = yield from self._claimed(plan, pace)
        counted = 0
        for place in places:
            images = Found()
            waiting = [place.folder]
            while waiting:
                for _ in self._take_folder(waiting.pop(), waiting, images, pace):
                    yield Progress("scan", counted + len(images) + len(self.skipped))
            if images:
                self.images[place] = images
            counted += len(images)

    def verify(self) -> Iterator[Progress]:
        """Read every image whole, once: decode it and take its fingerprint. What fails moves to the skipped."""
        pace = Pace()
        total = sum(len(images) for images in self.images.values())
        everything = ((place, row) for place, images in self.images.items() for row in images.rows())
        good: dict[ClassPlace, Found] = {}
        with closing(ahead(self._verified, everything)) as answers:
            for done, (place, row, answer) in enumerate(answers):
                if isinstance(answer, UnreadableError):
                    self.skipped.append(Skipped(row[0], answer.reason))
                else:
                    good.setdefault(place, Found()).add(*row)
                    self.decoding.update(answer.notes)
                    self.fingerprints[row[0]] = answer.fingerprint
                if pace.due():
                    yield Progress("verify", done, total)
        self.images = good

    def _skip_stray(self, path: str) -> None:
        if path in {INDICES, GROUPS}:
            return  # what a collection keeps beside its folders
        is_image = headers.suffix(path) in headers.FORMAT_OF_SUFFIX
        reason = "lies in no class folder" if is_image else "is no image and lies in no class folder"
        self.skipped.append(Skipped(printable(path), reason))

    def _claimed(self, plan: Plan, pace: Pace) -> Generator[Progress, None, list[ClassPlace]]:
        """The class folders to walk. All are claimed before the first is walked: see `Walk.claim`."""
        self.walk.claim("")
        usable: list[ClassPlace] = []
        for place in plan.places:
            reason = self._why_not_claimed(place)
            if reason is None:
                usable.append(place)
            else:
                self.skipped.append(Skipped(printable(place.folder), reason))
            if pace.due():
                yield Progress("scan", len(self.skipped))
        return usable

    def _why_not_claimed(self, place: ClassPlace) -> str | None:
        try:
            if not self.walk.claim(place.folder):
                return "is a link to a folder that is read elsewhere"
        except OSError as error:
            return why(error)
        return unusable_name(place.name)

    def _take_folder(self, folder: str, waiting: list[str], images: Found, pace: Pace) -> Iterator[None]:
        """Put every file directly in `folder` among `images` or the skipped, and stop wherever a report is due.

        A scan of many files spends its time in this loop: every call in it would be a few hundredths of the whole.
        """
        memory = self.cache.of(folder)
        before, now = memory.before, memory.now
        add_path, add_size, add_mtime = images.paths.append, images.sizes.append, images.mtimes_ns.append
        for found in self.walk.inside(folder, waiting, before):
            if isinstance(found, Skipped):
                self.skipped.append(found)
            else:
                name = found.name
                path = f"{folder}/{name}"
                known = before.get(name)
                try:
                    if known is not None and stamp(status := found.stat()) == known:
                        now[name] = known
                        told = memory.recall_odd(name) if memory.odd_before else headers.AS_NAMED
                    elif (expected := headers.expected(name)) is not None:
                        status, start = read_start(for_system(found.path), headers.MAGIC_BYTES)
                        told = headers.told(start, expected)
                        memory.learn(name, status, told)
                    else:
                        status, told = None, self._other_type(name)
                    if status is None or (told and self._is_skipped(path, told)):
                        self.skipped.append(Skipped(path, told))
                    else:
                        add_path(path)
                        add_size(status.st_size)
                        add_mtime(status.st_mtime_ns)
                except OSError as error:
                    self.skipped.append(Skipped(path, why(error)))
            if pace.due():
                yield
        self.cache.learn(folder, memory)

    def _other_type(self, name: str) -> str:
        kind = headers.suffix(name) or "no extension"
        self.types[kind] += 1
        return f"is of a type that is not read ({kind})"

    def _is_skipped(self, path: str, told: str) -> bool:
        """Of a file that is not as its name says; one of another format is kept, and noted."""
        if told not in headers.FORMATS:
            return True
        self.misnamed.append((path, told))
        return False

    def _verified(self, item: tuple[ClassPlace, Row]) -> tuple[ClassPlace, Row, _Verified | UnreadableError]:
        place, row = item
        path = self.walk.root / row[0]
        try:
            content = content_of(path)
            decoded = read_bytes(content, path)
            return place, row, _Verified(decoded.notes, fingerprint(content, decoded.pixels))
        except UnreadableError as error:
            return place, row, error
