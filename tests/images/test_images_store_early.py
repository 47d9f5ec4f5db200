"""A store that is read while it is filled gives what a filled one gives, whatever is asked for first."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from image_corpus import answer, class_folders, encoded, filled, noise, record_of, scanned

from alexnet_studio.ground.errors import Failed
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import store_writer
from alexnet_studio.images.decode import content_of
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.images.loader import batches
from alexnet_studio.images.store import Store, files_of, fill
from alexnet_studio.images.store_early import begin, held
from alexnet_studio.images.store_space import Coding

RECORD = record_of(16, 12)
EACH = 40
EVERY = range(2 * EACH)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path: Path) -> ImageFolder:
    return scanned(class_folders(tmp_path / "data", {"a": EACH, "b": EACH}))


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """No file is read before it is set."""
    opened = threading.Event()

    def waiting(path: Path) -> bytes:
        opened.wait(20)
        return content_of(path)

    monkeypatch.setattr(store_writer, "content_of", waiting)
    yield opened
    opened.set()


def settled(store: Store) -> None:
    """Wait until the threads have filled it."""
    deadline = time.monotonic() + 20
    while store.waiting():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def damaged(folder: ImageFolder, *names: str) -> ImageFolder:
    for name in names:
        (folder.root / name).write_bytes(encoded(noise(1, 50, 50), "PNG")[:900])
    return scanned(folder.root)


@pytest.mark.parametrize("coding", ["pixels", "jpeg"])
def test_the_pixels_are_those_of_a_filled_store(
    folder: ImageFolder, cache: Path, tmp_path: Path, coding: Coding
) -> None:
    whole = answer(fill(folder, EVERY, RECORD, tmp_path / "other", coding=coding), Store)
    with closing(begin(folder, EVERY, RECORD, cache, coding=coding)) as store:
        assert store.kept == whole.kept
        for i in np.random.default_rng(1).permutation(len(whole)).tolist():
            np.testing.assert_array_equal(store.pixels(i), whole.pixels(i))
            assert not store.pixels(i).flags.writeable
        settled(store)
    assert files_of(folder, EVERY, RECORD, cache, coding).complete()
    again = answer(fill(folder, EVERY, RECORD, cache, coding=coding), Store)
    np.testing.assert_array_equal(again.pixels(5), whole.pixels(5))


def test_many_threads_ask_at_once_and_each_file_is_read_once(
    folder: ImageFolder, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def counted(path: Path) -> bytes:
        read.append(path)
        return content_of(path)

    whole = filled(folder, RECORD, tmp_path / "other")
    monkeypatch.setattr(store_writer, "content_of", counted)
    with closing(begin(folder, EVERY, RECORD, cache)) as store, ThreadPoolExecutor(8) as pool:
        asked = np.random.default_rng(2).permutation(list(EVERY) * 4).tolist()
        for i, pixels in zip(asked, pool.map(store.pixels, asked), strict=True):
            np.testing.assert_array_equal(pixels, whole.pixels(i))
    assert len(read) == len(set(read)) == 2 * EACH


def test_what_is_wanted_first_is_decoded_first(
    folder: ImageFolder, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(path: Path) -> bytes:
        read.append(str(path.relative_to(folder.root)))
        return content_of(path)

    monkeypatch.setattr(store_writer, "content_of", counted)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    first = [33, 7, 60, 2]
    with closing(begin(folder, EVERY, RECORD, cache, first=first)) as store:
        settled(store)
    assert read[:4] == [folder.images[i].path for i in first]


def test_closing_ends_the_filling_and_the_next_time_goes_on(
    folder: ImageFolder, cache: Path, gate: threading.Event
) -> None:
    before = threading.active_count()
    store = begin(folder, EVERY, RECORD, cache)
    assert store.waiting() == 2 * EACH
    gate.set()
    store.pixels(50)
    store.close()
    assert threading.active_count() == before
    left = files_of(folder, EVERY, RECORD, cache).waiting()
    assert left == store.waiting() < 2 * EACH
    assert not list(cache.rglob("lock"))
    whole = filled(folder, RECORD, cache)
    assert len(whole) == 2 * EACH
    np.testing.assert_array_equal(store.pixels(50), whole.pixels(50))


@pytest.mark.slow
def test_a_killed_filling_is_gone_on_with(tmp_path: Path, cache: Path) -> None:
    """Killed in a real process that reads here and there while it fills."""
    folder, record = (
        scanned(class_folders(tmp_path / "data", {"a": 60, "b": 60}, side=300)),
        record_of(256, 224),
    )
    program = (
        "import sys\nfrom pathlib import Path\nsys.path.insert(0, sys.argv[3])\n"
        "from image_corpus import record_of, scanned\n"
        "from alexnet_studio.images.store_early import begin\n"
        "store = begin(scanned(Path(sys.argv[1])), range(60), record_of(180, 160), Path(sys.argv[2]))\n"
        "while True:\n    [store.pixels(i) for i in range(59, 0, -7)]\n"
    )
    here = str(Path(__file__).parent)
    process = subprocess.Popen([sys.executable, "-c", program, str(folder.root), str(cache), here])
    while process.poll() is None and not any(path.stat().st_size for path in cache.glob("*/pixels.u8")):
        time.sleep(0.005)
    time.sleep(0.03)
    process.kill()
    process.wait()
    whole = filled(folder, record, tmp_path / "other")
    with closing(begin(folder, range(60), record, cache)) as store:
        for i in range(60):
            np.testing.assert_array_equal(store.pixels(i), whole.pixels(i))


def test_fault_20_another_of_its_class_and_part_stands_in_for_an_unreadable_image(
    folder: ImageFolder, cache: Path, tmp_path: Path
) -> None:
    folder = damaged(folder, "a/003.png", "a/004.png", f"a/{EACH - 1:03}.png")
    whole = filled(folder, RECORD, tmp_path / "other")
    of_path = {folder.images[position].path: i for i, position in enumerate(whole.kept)}
    stands_in = {"a/003.png": "a/006.png", "a/004.png": "a/006.png", f"a/{EACH - 1:03}.png": "a/000.png"}
    for cut in (0, 1):  # begun anew, and gone on with when it is known
        counted = [image.path for image in folder.images] if cut else None
        with closing(begin(folder, EVERY, RECORD, cache, apart=[5], counted=counted)) as store:
            assert store.kept == tuple(EVERY)
            for i in EVERY:
                path = folder.images[i].path
                expected = whole.pixels(of_path[stands_in.get(path, path)])
                np.testing.assert_array_equal(store.pixels(i), expected)
            assert store.lost == dict.fromkeys(stands_in, "ends early")
            assert answer_of(held(store, [2, 3, 4, 5])) == (2, 5)
            settled(store)
    with closing(begin(folder, EVERY, RECORD, cache)) as store:  # another run, which knows it
        assert store.kept == whole.kept
        assert store.unreadable == whole.unreadable


def test_nothing_of_a_class_is_left(folder: ImageFolder, cache: Path) -> None:
    folder = damaged(folder, *(f"a/{i:03}.png" for i in range(EACH)))
    with closing(begin(folder, EVERY, RECORD, cache)) as store, pytest.raises(Failed) as caught:
        store.pixels(3)
    assert caught.value.code == "images_lost"


def test_fault_33_a_folder_that_goes_away_is_told_and_gone_on_with(
    folder: ImageFolder, cache: Path, gate: threading.Event
) -> None:
    away = folder.root.with_name("away")
    with closing(begin(folder, EVERY, RECORD, cache)) as store:
        folder.root.rename(away)
        gate.set()
        with pytest.raises(Failed) as caught:
            store.pixels(70)
    assert caught.value.code == "folder_gone"
    away.rename(folder.root)
    with closing(begin(folder, EVERY, RECORD, cache)) as store:
        assert len(answer_of(held(store, EVERY))) == 2 * EACH


def test_the_same_file_twice_is_known_when_both_are_decoded(folder: ImageFolder, cache: Path) -> None:
    (folder.root / "b" / "000.png").write_bytes((folder.root / "a" / "007.png").read_bytes())
    with closing(begin(scanned(folder.root), EVERY, RECORD, cache)) as store:
        settled(store)
        assert store.same(range(EACH), range(EACH, 2 * EACH)) == (EACH,)


def test_whoever_wants_it_meanwhile_waits_for_it_and_decodes_nothing_again(
    folder: ImageFolder, cache: Path, gate: threading.Event
) -> None:
    with closing(begin(folder, EVERY, RECORD, cache)) as early:
        job = fill(folder, EVERY, RECORD, cache)
        assert [next(job) for _ in range(3)] == [Progress("decode", 0, 2 * EACH)] * 3
        gate.set()
        late = answer(job, Store)
        np.testing.assert_array_equal(late.pixels(9), early.pixels(9))
    assert len(list(cache.iterdir())) == 1


def test_nothing_is_the_same_before_it_is_decoded(
    folder: ImageFolder, cache: Path, gate: threading.Event
) -> None:
    with closing(begin(folder, EVERY, RECORD, cache)) as store:
        assert store.same(range(EACH), range(EACH, 2 * EACH)) == ()
        gate.set()


def test_fault_50_a_full_disk_leaves_nothing(
    folder: ImageFolder, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("alexnet_studio.images.store_filling.put", full)
    with closing(begin(folder, EVERY, RECORD, cache)) as store, pytest.raises(Failed) as caught:
        store.pixels(0)
    assert caught.value.code == "disk_full"
    assert not list(cache.iterdir())


class Mute:
    """A file of a share that does not answer until it is let go."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.let_go = threading.Event()

    def __call__(self, path: Path) -> bytes:
        if path.name == self._name:
            self.let_go.wait(20)
        return content_of(path)


@pytest.fixture
def mute(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mute]:
    mute = Mute("013.png")
    monkeypatch.setattr(store_writer, "content_of", mute)
    monkeypatch.setattr("alexnet_studio.images.watch._SILENCE_S", 1.0)
    monkeypatch.setattr("alexnet_studio.images.watch._MUTE_S", 0.2)
    yield mute
    mute.let_go.set()


@pytest.mark.parametrize("workers", [0, 2])
def test_fault_37_a_file_that_does_not_answer_is_named_while_learning(
    folder: ImageFolder, cache: Path, mute: Mute, workers: int
) -> None:
    labels = [image.label for image in folder.images]
    with closing(begin(folder, EVERY, RECORD, cache)) as store:
        job = batches(store, labels, EVERY, RECORD, batch_size=4, seed=1, epoch=0, workers=workers)
        with closing(job), pytest.raises(Failed) as caught:
            list(job)
    assert caught.value.code == "read_hangs"
    assert str(folder.root / "a" / "013.png") in caught.value.sentence
    mute.let_go.set()  # and what comes too late changes nothing
    with closing(begin(folder, EVERY, RECORD, cache)) as store:
        assert len(answer_of(held(store, EVERY))) == 2 * EACH


def test_fault_37_a_file_that_does_not_answer_is_named_while_filling(
    folder: ImageFolder, cache: Path, mute: Mute
) -> None:
    before = time.monotonic()
    with pytest.raises(Failed) as caught:
        filled(folder, RECORD, cache)
    assert caught.value.code == "read_hangs"
    assert time.monotonic() - before < 5
    mute.let_go.set()
    assert len(filled(folder, RECORD, cache)) == 2 * EACH


def test_fault_37_a_process_ends_although_a_file_does_not_answer(folder: ImageFolder, cache: Path) -> None:
    program = (
        "import sys, time\nfrom pathlib import Path\nsys.path.insert(0, sys.argv[3])\n"
        "from image_corpus import filled, record_of, scanned\n"
        "from alexnet_studio.images import store_writer, watch\n"
        "watch._SILENCE_S, watch._MUTE_S = 0.3, 0.1\n"
        "store_writer.content_of = lambda path: time.sleep(1000)\n"
        "filled(scanned(Path(sys.argv[1])), record_of(), Path(sys.argv[2]))\n"
    )
    here = str(Path(__file__).parent)
    arguments = [sys.executable, "-c", program, str(folder.root), str(cache), here]
    ended = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "has not been read to its end" in ended.stderr


def answer_of(job: Iterator[Progress]) -> tuple[int, ...]:
    """What a generator returns."""
    while True:
        try:
            next(job)
        except StopIteration as stop:
            found: tuple[int, ...] = stop.value
            return found
