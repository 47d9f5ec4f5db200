"""The store gives the pixels that decoding gives, once decoded, and survives what disks do."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from image_corpus import answer, class_folders, encoded, filled, noise, record_of, save, scanned
from PIL import Image

from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.images.decode import content_of, read
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.images.prepare import fit
from alexnet_studio.images.split import SplitRule, split
from alexnet_studio.images.store import Store, files_of, fill
from alexnet_studio.images.store_files import StoreFiles
from alexnet_studio.images.store_space import Coding, needed_bytes

RECORD = record_of(16, 12)
CODINGS: tuple[Coding, ...] = ("pixels", "jpeg")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Images smaller than the side, larger, not square, grey and extreme."""
    root = class_folders(tmp_path / "data", {"a": 2, "b": 2})
    save(noise(11, 8, 8), root / "a" / "small.png")
    save(noise(12, 100, 40), root / "a" / "tall.jpg")
    save(noise(13, 9, 30).convert("L"), root / "b" / "grey.png")
    save(Image.new("RGB", (3000, 1), (9, 8, 7)), root / "b" / "thin.png")
    return root


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def folders_in(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir()) if cache.exists() else []


def test_pixels_are_those_of_decoding_without_it(root: Path, cache: Path) -> None:
    folder = scanned(root)
    store = filled(folder, RECORD, cache)
    assert store.kept == tuple(range(len(folder.images)))
    for i, position in enumerate(store.kept):
        direct = read(root / folder.images[position].path).pixels
        np.testing.assert_array_equal(fit(store.pixels(i), RECORD), fit(direct, RECORD))


def test_small_images_keep_their_size_and_no_pixel_can_be_written(root: Path, cache: Path) -> None:
    folder = scanned(root)
    store = filled(folder, RECORD, cache)
    shapes = {folder.images[p].path: store.pixels(i).shape for i, p in enumerate(store.kept)}
    assert shapes["a/small.png"] == (8, 8, 3)
    assert shapes["a/tall.jpg"] == (16, 16, 3)
    assert not store.pixels(0).flags.writeable


def test_grey_images_take_one_channel_on_disk(tmp_path: Path, cache: Path) -> None:
    for name in ("a", "b"):
        save(noise(1, 10, 10).convert("L"), tmp_path / "grey" / name / "x.png")
    store = filled(scanned(tmp_path / "grey"), RECORD, cache)
    assert next(cache.rglob("pixels.u8")).stat().st_size == 200
    assert store.pixels(0).shape == (10, 10, 3)


def test_one_channel_record(root: Path, cache: Path) -> None:
    record = RECORD.model_copy(update={"channels": 1, "mean": (0.0,), "std": (1.0,)})
    folder = scanned(root)
    store = filled(folder, record, cache)
    np.testing.assert_array_equal(
        fit(store.pixels(0), record), fit(read(root / folder.images[0].path, 1).pixels, record)
    )


def test_as_jpegs_it_is_smaller_and_near(tmp_path: Path, cache: Path) -> None:
    smooth = Image.fromarray(
        np.add.outer(np.arange(256), np.arange(256)).astype(np.uint16).clip(0, 255).astype(np.uint8)
    )
    for name in ("a", "b"):
        save(smooth.convert("RGB"), tmp_path / "data" / name / "x.png")
        save(
            noise(2, 40, 40).resize((256, 256), Image.Resampling.BICUBIC), tmp_path / "data" / name / "y.png"
        )
    folder, record = scanned(tmp_path / "data"), record_of(256, 224)
    plain, coded = (
        answer(fill(folder, range(4), record, cache / coding, coding=coding), Store) for coding in CODINGS
    )
    for i in range(4):
        away = np.abs(plain.pixels(i).astype(int) - coded.pixels(i))
        assert away.mean() < 3
        assert not coded.pixels(i).flags.writeable
    sizes = [next((cache / coding).rglob("pixels.u8")).stat().st_size for coding in CODINGS]
    assert sizes[1] < sizes[0] / 2


def test_the_second_time_nothing_is_decoded(root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = scanned(root)
    first = filled(folder, RECORD, cache)
    monkeypatch.setattr("alexnet_studio.images.store_writer.content_of", None)
    second = filled(folder, RECORD, cache)
    assert second.kept == first.kept
    np.testing.assert_array_equal(second.pixels(3), first.pixels(3))


def test_kept_follows_the_positions_that_were_asked_for(root: Path, cache: Path) -> None:
    folder = scanned(root)
    for positions in ((3, 0, 5), (0, 3, 5)):
        store = answer(fill(folder, positions, RECORD, cache), Store)
        assert store.kept == positions
        direct = read(root / folder.images[3].path).pixels
        np.testing.assert_array_equal(fit(store.pixels(positions.index(3)), RECORD), fit(direct, RECORD))
    assert len(folders_in(cache)) == 1


@pytest.mark.parametrize("update", [{"resize_to": 20}, {"fit": "squash"}, {"fit": "pad"}, {"channels": 1}])
def test_other_settings_are_another_store(update: dict[str, object], root: Path, cache: Path) -> None:
    folder = scanned(root)
    filled(folder, RECORD, cache)
    filled(folder, RECORD.model_copy(update={"mean": (0.5,) * 3}), cache)
    assert len(folders_in(cache)) == 1
    filled(folder, RECORD.model_copy(update=update), cache)
    assert len(folders_in(cache)) == 2


def test_a_changed_file_is_another_store(root: Path, cache: Path) -> None:
    path = root / "a" / "small.png"
    filled(scanned(root), RECORD, cache)
    save(noise(99, 8, 8), path)
    os.utime(path, ns=(1, 1))
    folder = scanned(root)
    store = filled(folder, RECORD, cache)
    position = [image.path for image in folder.images].index("a/small.png")
    np.testing.assert_array_equal(store.pixels(position), np.asarray(noise(99, 8, 8)))


def test_unreadable_images_are_listed_and_left_out(root: Path, cache: Path) -> None:
    (root / "a" / "aaa.png").write_bytes(encoded(noise(1, 50, 50), "PNG")[:900])
    folder = scanned(root)
    for _ in range(2):
        store = filled(folder, RECORD, cache)
        assert [(skipped.path, skipped.reason) for skipped in store.unreadable] == [
            ("a/aaa.png", "ends early")
        ]
        assert len(store) == len(folder.images) - 1
        assert [folder.images[i].path for i in store.kept] == [
            image.path for image in folder.images if image.path != "a/aaa.png"
        ]


def test_fault_32_what_was_missing_is_looked_for_again(root: Path, cache: Path) -> None:
    folder = scanned(root)
    path = root / folder.images[0].path
    path.rename(path.with_suffix(".away"))
    store = filled(folder, RECORD, cache)
    assert [skipped.reason for skipped in store.unreadable] == ["does not exist"]
    path.with_suffix(".away").rename(path)
    assert filled(folder, RECORD, cache).unreadable == ()


def test_a_file_changed_after_the_scan_is_left_out(root: Path, cache: Path) -> None:
    folder = scanned(root)
    save(noise(5, 9, 9), root / folder.images[0].path)
    (skipped,) = filled(folder, RECORD, cache).unreadable
    assert skipped.reason == "has changed since the folder was scanned"


def test_nothing_readable_is_an_error(tmp_path: Path, cache: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "data" / name).mkdir(parents=True)
        (tmp_path / "data" / name / "x.png").write_bytes(encoded(noise(1), "PNG")[:100])
    with pytest.raises(BadInput, match="None of the images"):
        filled(scanned(tmp_path / "data"), RECORD, cache)


@pytest.mark.parametrize(
    "damage",
    [
        "short pixels",
        "no pixels",
        "other bytes",
        "bad index",
        "empty index",
        "foreign index",
        "no rows",
        "other rows",
    ],
)
def test_a_damaged_store_is_filled_again(damage: str, root: Path, cache: Path) -> None:
    folder = scanned(root)
    good = filled(folder, RECORD, cache).pixels(0).copy()
    (place,) = cache.iterdir()
    match damage:
        case "short pixels":
            os.truncate(place / "pixels.u8", 100)
        case "no pixels":
            (place / "pixels.u8").unlink()
        case "bad index":
            (place / "index.json").write_text('{"size": 3, "ima')
        case "other bytes":
            (place / "pixels.u8").write_bytes(bytes((place / "pixels.u8").stat().st_size))
        case "no rows":
            (place / "rows.npy").unlink()
        case "other rows":
            np.save(place / "rows.npy", np.zeros(3))
        case "empty index":
            (place / "index.json").write_bytes(b"")
        case _:
            (place / "index.json").write_text("[1, 2]")
    np.testing.assert_array_equal(filled(folder, RECORD, cache).pixels(0), good)


def begun(folder: ImageFolder, cache: Path) -> Iterator[object]:
    """A fill that has decoded its first images."""
    job = fill(folder, range(len(folder.images)), RECORD, cache)
    for _ in range(3):
        next(job)
    return job


def test_closing_joins_the_threads_and_the_next_time_goes_on(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, before = scanned(root), threading.active_count()
    monkeypatch.setattr("alexnet_studio.images.pace._SECONDS", 0.0)
    job = begun(folder, cache)
    del job
    assert threading.active_count() == before
    decoded: list[Path] = []

    def counted(path: Path) -> bytes:
        decoded.append(path)
        return content_of(path)

    monkeypatch.setattr("alexnet_studio.images.store_writer.content_of", counted)
    store = filled(folder, RECORD, cache)
    assert len(decoded) == len(folder.images) - 1
    for i, position in enumerate(store.kept):
        direct = read(root / folder.images[position].path).pixels
        np.testing.assert_array_equal(fit(store.pixels(i), RECORD), fit(direct, RECORD))


def test_a_killed_fill_is_gone_on_with_and_ends_the_same(tmp_path: Path, cache: Path) -> None:
    """Killed at moments of a real process; what it had written is kept, and the store is that of one that was not."""
    root = class_folders(tmp_path / "data", {"a": 60, "b": 60}, side=300)
    folder, record = scanned(root), record_of(256, 224)
    program = (
        "import sys\nfrom pathlib import Path\nsys.path.insert(0, sys.argv[3])\n"
        "from image_corpus import filled, record_of, scanned\n"
        "filled(scanned(Path(sys.argv[1])), record_of(256, 224), Path(sys.argv[2]))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(root), str(cache), str(Path(__file__).parent)]
    )
    while process.poll() is None and not any(cache.glob("*/pixels.u8")):
        time.sleep(0.005)
    time.sleep(0.05)
    process.kill()
    process.wait()
    store = filled(folder, record, cache)
    whole = filled(folder, record, tmp_path / "other")
    assert len(store) == 120
    for i in range(120):
        np.testing.assert_array_equal(store.pixels(i), whole.pixels(i))


def test_bytes_without_a_row_are_written_over(root: Path, cache: Path) -> None:
    folder = scanned(root)
    good = filled(folder, RECORD, cache)
    wanted = [good.pixels(i).copy() for i in range(len(good))]
    del good
    (place,) = cache.iterdir()
    (place / "index.json").unlink()
    rows = np.lib.format.open_memmap(place / "rows.npy", "r+")
    rows["state"][3:] = 0
    rows.flush()
    del rows
    store = filled(folder, RECORD, cache)
    for i, pixels in enumerate(wanted):
        np.testing.assert_array_equal(store.pixels(i), pixels)


def test_fault_50_a_full_disk_leaves_nothing(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(StoreFiles, "finish", full)
    with pytest.raises(Failed) as caught:
        filled(scanned(root), RECORD, cache)
    assert caught.value.code == "disk_full"
    assert folders_in(cache) == []


def test_a_cache_that_cannot_be_made_is_one_sentence(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Failed) as caught:
        filled(scanned(root), RECORD, tmp_path / "file" / "cache")
    assert caught.value.code == "not_writable"


def test_what_another_process_is_filling_is_left_alone(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it does not go on with it."""
    monkeypatch.setattr("alexnet_studio.images.store_following._PATIENCE_S", 0.0)
    folder = scanned(root)
    job = begun(folder, cache)
    beside = filled(folder, RECORD, cache)
    store = list(job)[-1]
    assert isinstance(store, Store)
    for i in range(len(store)):
        np.testing.assert_array_equal(store.pixels(i), beside.pixels(i))
    assert len([name for name in folders_in(cache) if not name.startswith(".")]) == 1


def test_the_same_file_among_both_is_known(root: Path, cache: Path) -> None:
    (root / "b" / "copy.png").write_bytes((root / "a" / "small.png").read_bytes())
    folder = scanned(root)
    store = filled(folder, RECORD, cache)
    paths = [folder.images[i].path for i in store.kept]
    small, copy = paths.index("a/small.png"), paths.index("b/copy.png")
    assert store.same([0, small], [copy, 1]) == (copy,)
    assert store.same([0], [1, 2]) == ()


def test_private_stores_of_a_day_ago_are_removed(root: Path, cache: Path) -> None:
    for name, age in (("old", 1), ("new", None)):
        pixels = cache / f".filling-{name}" / "pixels.u8"
        pixels.parent.mkdir(parents=True)
        pixels.write_bytes(b"x")
        if age is not None:
            os.utime(pixels, (age, age))
    filled(scanned(root), RECORD, cache)
    assert [name for name in folders_in(cache) if name.startswith(".")] == [".filling-new"]


def test_a_store_that_is_there_is_opened_whatever_the_limit(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = scanned(root)
    every = range(len(folder.images))
    assert not files_of(folder, every, RECORD, cache).complete()
    filled(folder, RECORD, cache)
    assert files_of(folder, every, RECORD, cache).complete()
    monkeypatch.setenv("ALEXNET_STUDIO_STORE_GB", "0.000001")
    monkeypatch.setattr("alexnet_studio.images.store_writer.content_of", None)
    filled(folder, RECORD, cache)


def test_the_size_is_known_before_it_is_made(root: Path, cache: Path) -> None:
    folder = scanned(root)
    filled(folder, RECORD, cache)
    size = next(cache.rglob("pixels.u8")).stat().st_size
    assert needed_bytes(folder, range(len(folder.images)), RECORD) == size


def test_imagenet_takes_252_gigabytes(tmp_path: Path) -> None:
    folder = scanned(class_folders(tmp_path, {"a": 2, "b": 2}, side=300))
    needed = needed_bytes(folder, range(4), record_of(256, 224))
    assert round(needed / 4 * 1_281_167 / 1e9) == 252


def test_the_stores_used_longest_ago_go_first(
    root: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = scanned(root)
    for number, side in enumerate((20, 24, 28)):
        filled(folder, record_of(side, 12), cache)
        newest = max(cache.iterdir(), key=lambda place: place.stat().st_ctime_ns)
        for file in newest.iterdir():
            os.utime(file, (1000 + number, 1000 + number))
    filled(folder, record_of(20, 12), cache)  # used again
    monkeypatch.setenv("ALEXNET_STUDIO_STORE_GB", "0.00001")
    filled(folder, record_of(32, 12), cache)
    assert len(folders_in(cache)) < 4
    monkeypatch.setattr("alexnet_studio.images.store_writer.content_of", None)
    filled(folder, record_of(32, 12), cache)  # the newest is there


def test_seed_002_thirty_one_photos_in_fourteen_classes(tmp_path: Path, cache: Path) -> None:
    counts = {f"phase {i:02}": 1 + i % 3 for i in range(14)}
    counts["phase 13"] += 31 - sum(counts.values())
    folder = scanned(class_folders(tmp_path / "photos", counts))
    parts = split(folder, SplitRule(seed=1))
    assert len(folder.images) == 31
    assert {folder.images[i].label for i in parts.train} == set(range(14))
    assert {folder.images[i].label for i in parts.val} == {
        i for i in range(14) if counts[f"phase {i:02}"] > 1
    }
    store = answer(fill(folder, (*parts.train, *parts.val), RECORD, cache), Store)
    assert len(store) == 31
