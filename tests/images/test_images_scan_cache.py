"""What a scan remembers: the next one opens less and says the same."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
from image_corpus import class_folders, encoded, noise, scanned

from alexnet_studio.ground import places
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import census, headers, regular_file, scan_cache
from alexnet_studio.images.folder import ImageFolder, scan

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="links, modes and signals of POSIX")

_TICK_SECONDS = 0.012  # what the clock of Linux's file systems takes at most to go on


class Later:
    """A clock that is ahead: what was written a moment ago has settled."""

    time = staticmethod(time.time)

    @staticmethod
    def time_ns() -> int:
        return time.time_ns() + 10_000_000_000


@dataclass
class Opened:
    """The names of the files that scans opened since `take` was called."""

    names: list[str] = field(default_factory=list[str])

    def read_start(self, path: str, count: int) -> tuple[os.stat_result, bytes]:
        self.names.append(os.path.basename(path))  # noqa: PTH119
        return regular_file.read_start(path, count)

    def take(self) -> list[str]:
        names, self.names = sorted(self.names), []
        return names


@pytest.fixture
def opened(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Scans of any size are remembered, in a place of the test's own, and files settle at once."""
    monkeypatch.setenv("ALEXNET_STUDIO_CACHE", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setattr(scan_cache, "WORTH_FILES", 1)
    monkeypatch.setattr(scan_cache, "time", Later)
    found = Opened()
    monkeypatch.setattr(census, "read_start", found.read_start)
    return found


def kept() -> list[Path]:
    folder = places.cache() / "scans"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def afresh(root: Path, place: Path) -> ImageFolder:
    """`root` as a scan that remembers nothing finds it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALEXNET_STUDIO_CACHE", str(place))
        shutil.rmtree(place, ignore_errors=True)
        return scanned(root)


def odd_folder(root: Path) -> Path:
    class_folders(root, {"a": 3, "b": 2, "é": 1})
    (root / "a" / "zero.jpg").write_bytes(b"")
    (root / "a" / "text.png").write_text("not an image")
    (root / "b" / "misnamed.JPEG").write_bytes(encoded(noise(1), "PNG"))
    (root / "b" / "notes.txt").write_text("hello")
    (root / "b" / ".hidden.png").write_bytes(b"x")
    (root / "b" / "deeper").mkdir()
    shutil.copy(root / "a" / "000.png", root / "b" / "deeper" / "猫.png")
    return root


def test_fault_17_the_next_scan_opens_no_file_and_says_the_same(tmp_path: Path, opened: Opened) -> None:
    root = odd_folder(tmp_path)
    first = scanned(root)
    assert len(opened.take()) == 10  # all but the text and the hidden one
    assert scanned(root) == first
    assert opened.take() == []


def test_fault_17_a_changed_file_is_opened_again_and_no_other(tmp_path: Path, opened: Opened) -> None:
    root = class_folders(tmp_path, {"a": 3, "b": 3})
    scanned(root)
    opened.take()
    changed = root / "a" / "001.png"
    before = changed.stat()
    time.sleep(_TICK_SECONDS)
    changed.write_bytes(bytes(before.st_size))  # no image, and neither size nor time show it
    os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))
    (root / "b" / "new.png").write_bytes(encoded(noise(5), "PNG"))
    folder = scanned(root)
    assert opened.take() == ["001.png", "new.png"]
    assert [(one.path, one.reason) for one in folder.skipped] == [("a/001.png", "is not an image")]
    assert scanned(root) == folder
    assert opened.take() == []


def test_fault_17_a_file_written_a_moment_ago_is_not_remembered(
    tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could be written again within the same tick of the file system's clock."""
    monkeypatch.setattr(scan_cache, "time", time)
    root = class_folders(tmp_path, {"a": 1, "b": 1})
    scanned(root)
    assert kept() == []
    scanned(root)
    assert len(opened.take()) == 4


@pytest.mark.usefixtures("opened")
def test_fault_17_few_files_are_not_worth_remembering(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_cache, "WORTH_FILES", 5)
    root = class_folders(tmp_path, {"a": 2, "b": 2})
    scanned(root)
    assert kept() == []
    class_folders(root, {"c": 1})
    scanned(root)
    assert len(kept()) == 1


@needs_posix
def test_fault_17_folders_that_change_places_are_told_apart(tmp_path: Path, opened: Opened) -> None:
    """Their files agree in name, size and every time: only their numbers on the disk differ."""
    image = encoded(noise(1), "PNG")
    paths = [tmp_path / "root" / name / "x.png" for name in ("a", "b")]
    class_folders(tmp_path / "root", {"a": 1, "b": 1})
    for _ in range(1000):  # until both are of one tick of the clock
        for path, content in zip(paths, (image, bytes(len(image))), strict=True):
            path.unlink(missing_ok=True)
            path.write_bytes(content)
        for path in paths:
            os.utime(path, ns=(0, 0))
        if len({path.stat().st_ctime_ns for path in paths}) == 1:
            break
    assert [one.path for one in scanned(tmp_path / "root").skipped] == ["b/x.png"]
    opened.take()
    (tmp_path / "root" / "a").rename(tmp_path / "between")
    (tmp_path / "root" / "b").rename(tmp_path / "root" / "a")
    (tmp_path / "between").rename(tmp_path / "root" / "b")
    assert [one.path for one in scanned(tmp_path / "root").skipped] == ["a/x.png"]


class Tree:
    """A folder that changes as folders do, and as one would change it to deceive a memory of it."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.random = random.Random(seed)
        # Of one size: nothing but the content tells them apart.
        images = [encoded(noise(1), "PNG"), encoded(noise(1), "BMP")]
        length = max(len(image) for image in images)
        self.contents = [image.ljust(length, b"\0") for image in images] + [bytes(length), b""]
        for name in ("a", "b", "c", "c/d"):
            (root / name).mkdir(parents=True)
            for number in range(6):
                self.write(root / name / f"{number}.png")
        self.write(root / "a" / "sure.png", self.contents[0])

    def write(self, path: Path, content: bytes | None = None) -> None:
        path.write_bytes(self.random.choice(self.contents) if content is None else content)
        os.utime(path, ns=(0, 1_000_000_000))  # all of one time: it tells nothing either

    def some(self) -> Path:
        return self.random.choice(sorted(p for p in self.root.rglob("*.*") if p.name != "sure.png"))

    def folder(self) -> Path:
        return self.random.choice(
            sorted(p for p in self.root.rglob("*") if p.is_dir() and not p.is_symlink())
        )

    def add(self) -> None:
        self.write(self.folder() / f"{self.random.randrange(30)}.{self.random.choice(('png', 'bmp', 'txt'))}")

    def remove(self) -> None:
        self.some().unlink()

    def overwrite(self) -> None:
        path = self.some()
        if not path.is_symlink():
            self.write(path)

    def put_in_place(self) -> None:
        self.write(self.root / "new")
        (self.root / "new").replace(self.some())

    def exchange(self) -> None:
        one, other, between = self.some(), self.some(), self.root / "between"
        if one != other:
            one.rename(between)
            other.rename(one)
            between.rename(other)

    def exchange_folders(self) -> None:
        one, other, between = self.root / "a", self.root / "b", self.root / "between"
        one.rename(between)
        other.rename(one)
        between.rename(other)

    def rename(self) -> None:
        path = self.some()
        path.rename(path.with_name(f"{self.random.randrange(30)}{self.random.choice(('.png', '.jpg'))}"))

    def touch(self) -> None:
        path = self.some()
        if path.exists():
            os.utime(path, ns=(0, self.random.choice((1, 2)) * 1_000_000_000))

    def link(self) -> None:
        path = self.folder() / f"{self.random.randrange(30)}.png"
        path.unlink(missing_ok=True)
        path.symlink_to(self.some())

    def change(self) -> None:
        ways: list[Callable[[], None]] = [
            self.add,
            self.remove,
            self.overwrite,
            self.put_in_place,
            self.exchange,
        ]
        ways += [self.exchange_folders, self.rename, self.touch, self.link]
        self.random.choice(ways)()


@needs_posix
@pytest.mark.parametrize("seed", range(4))
def test_fault_17_after_any_changes_a_scan_that_remembers_equals_one_that_does_not(
    seed: int, tmp_path: Path, opened: Opened
) -> None:
    tree = Tree(tmp_path / "root", seed)
    for _ in range(25):
        time.sleep(_TICK_SECONDS)
        for _ in range(tree.random.randrange(4)):
            tree.change()
        expected = afresh(tree.root, tmp_path / "empty")
        everything = len(opened.take())
        assert scanned(tree.root) == expected
        assert len(opened.take()) <= everything
        assert scanned(tree.root) == expected
        assert opened.take() == []


@needs_posix
def test_fault_17_what_may_no_longer_be_read_is_left_out_though_it_is_known(
    tmp_path_factory: pytest.TempPathFactory, opened: Opened
) -> None:
    root = class_folders(tmp_path_factory.mktemp("modes"), {"a": 2, "b": 2})
    scanned(root)
    opened.take()
    time.sleep(_TICK_SECONDS)
    (root / "a" / "000.png").chmod(0)
    scanned(root)
    assert opened.take() == ["000.png"]  # and whether it may be read the system says


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: content[:0],
    "text": lambda content: b"hello\n" * len(content),
    "cut": lambda content: content[:-1],
    "longer": lambda content: content + b"\0",
    "half": lambda content: content[: len(content) // 2],
    **{
        f"bit {place}": lambda content, place=place: flipped(content, place * (len(content) - 1) // 9)
        for place in range(10)
    },
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_fault_17_a_damaged_memory_is_ignored_and_replaced(
    damage: str, tmp_path: Path, opened: Opened
) -> None:
    root = odd_folder(tmp_path)
    expected = scanned(root)
    (file,) = kept()
    whole = file.read_bytes()
    file.write_bytes(DAMAGES[damage](whole))
    opened.take()
    assert scanned(root) == expected
    assert len(opened.take()) == 10
    assert file.read_bytes() == whole


def test_fault_17_a_memory_of_another_folder_is_ignored(tmp_path: Path, opened: Opened) -> None:
    one, other = class_folders(tmp_path / "one", {"a": 2}), class_folders(tmp_path / "other", {"a": 3})
    scanned(one)
    (first,) = kept()
    scanned(other)
    (second,) = set(kept()) - {first}
    shutil.copy(first, second)
    opened.take()
    assert len(scanned(other).images) == 3
    assert len(opened.take()) == 3


def test_fault_17_a_memory_by_other_rules_or_of_another_form_is_not_used(
    tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = class_folders(tmp_path, {"a": 2, "b": 1})
    scanned(root)
    monkeypatch.setattr(headers, "RULES", headers.RULES + 1)
    opened.take()
    scanned(root)
    assert len(opened.take()) == 3


def test_the_number_of_the_rules_is_of_these_rules() -> None:
    """Where this fails: give `headers.RULES` the next number, and write the new hash here."""
    page = Path(headers.__file__).read_text(encoding="utf-8")
    rules = page[page.index("FORMAT_OF_SUFFIX") :]
    assert (headers.RULES, hashlib.sha256(rules.encode()).hexdigest()[:12]) == (1, "c569ed7a3d8c")


def test_a_folder_under_another_name_is_the_same_folder(tmp_path: Path, opened: Opened) -> None:
    root = class_folders(tmp_path / "root", {"a": 2, "b": 1})
    scanned(root)
    opened.take()
    (tmp_path / "link").symlink_to(root)
    folder = scanned(tmp_path / "link")
    assert (len(folder.images), opened.take(), len(kept())) == (3, [], 1)


@pytest.mark.usefixtures("opened")
def test_fault_17_a_cancelled_scan_leaves_the_memory_as_it_was(tmp_path: Path) -> None:
    root = class_folders(tmp_path, {"a": 3, "b": 3})
    scanned(root)
    (file,) = kept()
    before = file.read_bytes()
    class_folders(root, {"c": 3})
    events = cast("Generator[Progress | ImageFolder]", scan(root))
    next(events)
    next(events)
    events.close()
    assert file.read_bytes() == before


@pytest.mark.usefixtures("opened")
def test_verify_decodes_what_is_remembered(tmp_path: Path) -> None:
    root = class_folders(tmp_path, {"a": 2, "b": 2})
    (root / "a" / "short.png").write_bytes(encoded(noise(1), "PNG")[:300])
    assert len(scanned(root).images) == 5
    assert [one.reason for one in scanned(root, verify=True).skipped] == ["ends early"]
    assert len(scanned(root).images) == 5


@pytest.mark.usefixtures("opened")
def test_fault_17_a_cache_that_cannot_be_written_or_read_is_no_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = class_folders(tmp_path / "root", {"a": 2, "b": 1})
    expected = scanned(root)
    (file,) = kept()
    file.unlink()
    file.mkdir()  # in the place of the memory
    assert scanned(root) == expected
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("ALEXNET_STUDIO_CACHE", str(tmp_path / "file" / "cache"))
    assert scanned(root) == expected


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="needs to become somebody else")
@pytest.mark.usefixtures("opened")
def test_fault_17_a_cache_that_may_only_be_read_is_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    # Not in tmp_path, which nobody but its owner may enter.
    with tempfile.TemporaryDirectory(prefix="alexnet-studio-tests-") as place:
        Path(place).chmod(0o755)
        monkeypatch.setenv("ALEXNET_STUDIO_CACHE", str(Path(place) / "cache"))
        root = class_folders(Path(place) / "root", {"a": 2, "b": 1})
        scanned(root)
        (file,) = kept()
        class_folders(root, {"c": 1})
        before = file.read_bytes()
        os.seteuid(65534)
        try:
            assert len(scanned(root).images) == 4
        finally:
            os.seteuid(0)
        assert file.read_bytes() == before


KILLED = """
import os, signal, sys
from pathlib import Path
from alexnet_studio.images import folder, scan_cache
scan_cache.WORTH_FILES, scan_cache._SETTLED_NS = 1, -10**10
os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)
list(folder.scan(Path(sys.argv[1])))
"""


@needs_posix
def test_fault_17_killed_while_writing_the_next_scan_reads_and_clears_up(
    tmp_path: Path, opened: Opened
) -> None:
    root = class_folders(tmp_path, {"a": 2, "b": 1})
    expected = scanned(root)
    (file,) = kept()
    before = file.read_bytes()
    class_folders(root, {"c": 1})
    killed = subprocess.run([sys.executable, "-c", KILLED, str(root)], check=False)
    assert killed.returncode == -9
    (left,) = set(kept()) - {file}
    assert file.read_bytes() == before
    os.utime(left, (0, time.time() - 100_000))
    opened.take()
    assert len(scanned(root).images) == len(expected.images) + 1
    assert opened.take() == ["000.png"]
    assert kept() == [file]


def test_the_folders_scanned_longest_ago_go_where_all_are_over_the_limit(
    tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    roots = [class_folders(tmp_path / name, {"a": 2, "b": 1}) for name in ("one", "two", "three")]
    for root in roots[:2]:
        scanned(root)
    for age, file in enumerate(kept()):
        os.utime(file, (0, 1000 + age))
    scanned(roots[0])  # used now
    one = max(kept(), key=lambda file: file.stat().st_mtime)
    monkeypatch.setattr(scan_cache, "LIMIT_BYTES", int(2.5 * one.stat().st_size))
    scanned(roots[2])
    opened.take()
    scanned(roots[0])
    scanned(roots[2])
    assert (opened.take(), len(kept())) == ([], 2)
    scanned(roots[1])
    assert len(opened.take()) == 3
