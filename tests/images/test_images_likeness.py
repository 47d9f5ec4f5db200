"""The same image and nearly the same image, found among many and told apart from what only looks similar."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from image_corpus import class_folders, noise, save, scanned
from PIL import Image

from alexnet_studio.images import decode
from alexnet_studio.images.folder import Alike, as_json
from alexnet_studio.images.hamming import near_pairs
from alexnet_studio.images.layout import SplitName
from alexnet_studio.images.likeness import Fingerprint, alike, fingerprint

TINT = bytes([128]) * 192


def photo(seed: int, side: int = 128) -> Image.Image:
    """Large soft shapes, as photographs have; noise has no look that a smaller copy would keep."""
    return noise(seed, 6, 6).resize((side, side), Image.Resampling.BICUBIC)


def print_of(image: Image.Image) -> Fingerprint:
    return fingerprint(image.tobytes(), np.asarray(image))


def as_jpeg(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


def grouped(prints: dict[str, Fingerprint], distance: int = 4) -> list[tuple[str, ...]]:
    """The paths of each group, with all images in one class and in train."""
    labels, splits = dict.fromkeys(prints, 0), dict[str, SplitName](dict.fromkeys(prints, "train"))
    return [group.paths for group in alike(prints, labels, splits, distance)]


def looks(*values: int) -> dict[str, Fingerprint]:
    return {str(row): Fingerprint(f"{row}", value, TINT) for row, value in enumerate(values)}


@pytest.mark.parametrize("seed", range(5))
def test_fault_10_a_copy_that_was_resized_compressed_or_brightened_is_nearly_the_same(seed: int) -> None:
    image = photo(seed)
    prints = {
        "a": print_of(image),
        "b": print_of(image.resize((64, 64), Image.Resampling.BILINEAR)),
        "c": print_of(as_jpeg(image, 50)),
        "d": print_of(image.point([min(level + 10, 255) for level in range(256)] * 3)),
        "other": print_of(photo(seed + 100)),
    }
    assert grouped(prints) == [("a", "b", "c", "d")]


def test_fault_10_the_same_pattern_in_other_colours_is_another_image() -> None:
    image = photo(1)
    red, green, blue = image.split()
    turned = Image.merge("RGB", (blue, green, red))
    grey = image.convert("L")
    assert grouped({"a": print_of(image), "b": print_of(turned)}) == []
    assert grouped({"a": print_of(image), "b": print_of(grey.convert("RGB"))}) == []


def test_a_grey_image_has_one_fingerprint_in_one_channel_and_in_three() -> None:
    grey = np.asarray(photo(2).convert("L"))[..., np.newaxis]
    assert fingerprint(b"x", grey) == fingerprint(b"x", np.repeat(grey, 3, axis=2))


@pytest.mark.parametrize("wobble", [0, 5])
def test_images_of_a_single_colour_are_alike_only_to_the_byte(wobble: int) -> None:
    rng = np.random.default_rng(1)
    flat = [
        np.full((40, 40, 3), 90, np.uint8) + rng.integers(0, wobble + 1, (40, 40, 3), np.uint8) for _ in "ab"
    ]
    prints = {name: fingerprint(name.encode(), pixels) for name, pixels in zip("ab", flat, strict=True)}
    assert [one.look for one in prints.values()] == [None, None]
    assert grouped(prints) == []
    assert grouped({"a": prints["a"], "b": prints["a"]}) == [("a", "b")]


def test_groups_are_of_a_few_bits_and_chains_are_one_group() -> None:
    far = 0xFFFF_0000_FFFF_0000
    assert grouped(looks(0, 0b1111, 0b1_1111, far)) == [("0", "1", "2")]
    assert grouped(looks(0, 0b1_1111)) == []
    assert grouped(looks(0, 0b11), distance=1) == []
    assert grouped({}) == []


def test_a_group_says_whether_it_crosses_the_splits_and_the_classes() -> None:
    prints = {
        path: Fingerprint(path[-1], None, TINT) for path in ("train/a/1", "val/a/1", "val/a/2", "test/b/2")
    }
    labels = {"train/a/1": 0, "val/a/1": 0, "val/a/2": 0, "test/b/2": 1}
    splits: dict[str, SplitName] = {
        "train/a/1": "train",
        "val/a/1": "val",
        "val/a/2": "val",
        "test/b/2": "test",
    }
    assert alike(prints, labels, splits) == (
        Alike(("test/b/2", "val/a/2"), exact=True, across=False, labels_differ=True),
        Alike(("train/a/1", "val/a/1"), exact=True, across=True, labels_differ=False),
    )


@pytest.mark.parametrize("distance", [0, 1, 4, 7])
def test_near_pairs_are_those_of_comparing_each_with_each(distance: int) -> None:
    rng = np.random.default_rng(distance)
    centres = rng.integers(0, 2**64, 40, np.uint64)
    flips = (rng.random((400, 64)) < 0.06).astype(np.uint8)
    hashes = np.repeat(centres, 10) ^ np.packbits(flips, axis=1).view(np.uint64)[:, 0]
    differing = np.bitwise_count(hashes[:, np.newaxis] ^ hashes)
    every = {(a, b) for a, b in np.argwhere(differing <= distance).tolist() if a < b}
    found = {
        (min(a, b), max(a, b))
        for left, right in near_pairs(hashes, distance)
        for a, b in zip(left.tolist(), right.tolist(), strict=True)
    }
    assert every
    assert found == every


def test_a_hundred_thousand_images_are_compared_without_each_with_each() -> None:
    hashes = np.random.default_rng(1).integers(0, 2**64, 100_000, np.uint64)
    hashes[-1] = hashes[0] ^ np.uint64(0b1010)
    compared = list(near_pairs(hashes, 4))
    assert len(compared) < 200  # slices of numpy; each of the 15 choices of bands needs a few
    assert {(int(a), int(b)) for left, right in compared for a, b in zip(left, right, strict=True)} == {
        (0, 99_999)
    }


def test_fault_10_the_same_image_in_train_and_val_is_found_by_verifying(tmp_path: Path) -> None:
    for part, first in (("train", 0), ("val", 10)):
        for label in ("a", "b"):
            for i in range(2):
                save(photo(first + i + 5 * (label == "b")), tmp_path / part / label / f"{i}.png")
    content = (tmp_path / "train" / "a" / "0.png").read_bytes()
    (tmp_path / "val" / "a" / "copy.png").write_bytes(content)
    save(photo(1).resize((100, 100)), tmp_path / "val" / "a" / "small.png")
    (tmp_path / "train" / "b" / "wrong.png").write_bytes((tmp_path / "train" / "a" / "1.png").read_bytes())
    assert (scanned(tmp_path).alike, scanned(tmp_path).notes) == ((), ())
    folder = scanned(tmp_path, verify=True)
    assert folder.alike == (
        Alike(("train/a/0.png", "val/a/copy.png"), exact=True, across=True, labels_differ=False),
        Alike(("train/a/1.png", "train/b/wrong.png"), exact=True, across=False, labels_differ=True),
        Alike(
            ("train/a/1.png", "train/b/wrong.png", "val/a/small.png"),
            exact=False,
            across=True,
            labels_differ=True,
        ),
    )
    assert as_json(folder)["alike"][0] == {
        "paths": ["train/a/0.png", "val/a/copy.png"],
        "exact": True,
        "across": True,
    }
    assert folder.notes == (
        "1 image lies in both train/ and val/ (the first: val/a/copy.png): what is measured on val/ flatters "
        "the network.",
        "1 image looks nearly like one in train/ and lies in val/ (the first: val/a/small.png).",
        "2 images are the same as one in another class (the first: train/a/1.png and train/b/wrong.png): only "
        "one of the classes can be right.",
        "2 images are the same as another (the first: train/a/1.png and train/b/wrong.png).",
    )


def test_fault_10_each_file_is_opened_once_to_verify_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class_folders(tmp_path, {"a": 2, "b": 2})
    read: list[str] = []
    read_whole = decode.read_whole

    def counted(path: Path, at_most: int) -> bytes:
        read.append(path.name)
        return read_whole(path, at_most)

    monkeypatch.setattr(decode, "read_whole", counted)
    scanned(tmp_path, verify=True)
    assert sorted(read) == ["000.png", "000.png", "001.png", "001.png"]


def test_fault_31_a_folder_of_one_image_over_and_over_is_noted(tmp_path: Path) -> None:
    for place in ("a/1.png", "a/2.png", "b/1.png"):
        save(photo(1), tmp_path / place)
    assert scanned(tmp_path, verify=True).notes == (
        "All 3 images are the same: there is nothing to tell apart.",
    )


def test_fault_31_a_folder_of_black_images_is_noted(tmp_path: Path) -> None:
    for place, side in (("a/1.png", 20), ("a/2.png", 30), ("b/1.png", 40)):
        save(Image.new("RGB", (side, side)), tmp_path / place)
    folder = scanned(tmp_path, verify=True)
    assert folder.alike == ()
    assert folder.notes == ("Every image is of a single colour: there are no shapes to learn.",)
