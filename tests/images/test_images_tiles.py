"""Tiles are the photo's own pixels, and those of one photo stay together."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from image_corpus import answer, noise, record_of, save, scanned
from PIL import Image

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import decode
from alexnet_studio.images.collect_options import Options
from alexnet_studio.images.collecting import Collected, collect, describe
from alexnet_studio.images.folder import ImageFile, ImageFolder
from alexnet_studio.images.prepare import Pixels, fit
from alexnet_studio.images.split import SplitRule, split
from alexnet_studio.images.tile_names import photo_of, tile_name
from alexnet_studio.images.tiles import grid


def tiled(source: Path, target: Path, side: int) -> Collected:
    return answer(collect(source, target, Options(tiles=side)), Collected)


def together(folder: Path, photo: str, side: int) -> Pixels:
    """The tiles of a photo at their places."""
    found = {path.name[len(photo) + 6 : -4]: path for path in folder.glob(f"{photo}.tile-*.png")}
    places = {tuple(map(int, name.split("-"))): decode.read(path).pixels for name, path in found.items()}
    rows, columns = (max(place[i] for place in places) + 1 for i in (0, 1))
    assert len(places) == rows * columns
    assert all(tile.shape == (side, side, 3) for tile in places.values())
    return np.concatenate(
        [np.concatenate([places[row, column] for column in range(columns)], axis=1) for row in range(rows)]
    )


@given(height=st.integers(1, 500), width=st.integers(1, 500), side=st.integers(1, 90))
def test_the_grid_is_centred_and_leaves_out_less_than_a_tile(height: int, width: int, side: int) -> None:
    found = grid(height, width, side)
    below, right = height - found.top - found.rows * side, width - found.left - found.columns * side
    assert 0 <= found.top <= below <= found.top + 1 and found.top + below < side
    assert 0 <= found.left <= right <= found.left + 1 and found.left + right < side


def photo(path: Path, seed: int, height: int, width: int, **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise(seed, height, width).save(path, **options)
    return path


def test_tiles_put_together_are_the_centre_of_the_photo(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo(tmp_path / "in/a/one.png", 1, 70, 101)
    photo(tmp_path / "in/a/deep/one.png", 2, 64, 64)
    photo(tmp_path / "in/b/turned.jpg", 3, 50, 90, exif=exif, quality=90)
    photo(tmp_path / "in/b/turned.tif", 4, 50, 90, exif=exif)
    save(noise(5, 40, 33).convert("L"), tmp_path / "in/b/grey.png")
    made = tiled(tmp_path / "in", tmp_path / "out", 16)
    assert (made.classes, made.skipped) == (2, ())
    for name, source in (
        ("a/one.png", "a/one.png"),
        ("a/deep~one.png", "a/deep/one.png"),
        ("b/turned.jpg", "b/turned.jpg"),
        ("b/turned.tif", "b/turned.tif"),
        ("b/grey.png", "b/grey.png"),
    ):
        whole = decode.read(tmp_path / "in" / source).pixels
        high, wide = (size // 16 * 16 for size in whole.shape[:2])
        top, left = (whole.shape[0] - high) // 2, (whole.shape[1] - wide) // 2
        folder, _, stem = name.partition("/")
        found = together(tmp_path / "out" / folder, stem, 16)
        np.testing.assert_array_equal(found, whole[top : top + high, left : left + wide], err_msg=name)
    assert "Of 4 photos the edges were left out: 16 pixels do not divide their sides." in made.notes
    with Image.open(tmp_path / "out/b/grey.png.tile-000-000.png") as tile:
        assert tile.mode == "L"


def test_a_large_photo_is_cut_at_its_own_resolution(tmp_path: Path) -> None:
    """For training a JPEG of this size is decoded at half of it: its tiles would show half of what is there."""
    path = photo(tmp_path / "in/a/large.jpg", 1, 2500, 2600, quality=80)
    tiled(tmp_path / "in", tmp_path / "out", 1250)
    with Image.open(path) as image:
        np.testing.assert_array_equal(
            together(tmp_path / "out/a", "large.jpg", 1250), np.asarray(image)[:, 50:-50]
        )
    assert decode.read(path).pixels.shape == (1250, 1300, 3)


def test_an_image_smaller_than_a_tile_gives_its_centre_and_is_told(tmp_path: Path) -> None:
    path = photo(tmp_path / "in/a/small.png", 1, 20, 50)
    photo(tmp_path / "in/b/exact.png", 2, 32, 32)
    made = tiled(tmp_path / "in", tmp_path / "out", 32)
    tile = decode.read(tmp_path / "out/a/small.png.tile-000-000.png").pixels
    np.testing.assert_array_equal(tile, fit(decode.read(path).pixels, record_of(32)))
    assert made.images == 2
    assert made.notes[-1].startswith("One photo smaller than 32 pixels gave one tile")


def test_splits_stay_splits_and_what_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    for part in ("train", "val", "test"):
        for name in ("cat", "dog"):
            photo(tmp_path / "in" / part / name / "1.png", 1, 40, 40)
    whole = photo(tmp_path / "in/train/cat/2.png", 1, 80, 80).read_bytes()
    (tmp_path / "in/train/cat/2.png").write_bytes(whole[: len(whole) // 2])
    made = tiled(tmp_path / "in", tmp_path / "out", 20)
    assert (made.folder, made.images) == (tmp_path / "out", 24)
    assert [(one.path, one.reason) for one in made.skipped] == [("train/cat/2.png", "ends early")]
    folder = scanned(tmp_path / "out")
    assert {image.split for image in folder.images} == {"train", "val", "test"}


def test_an_interrupted_one_is_completed_and_makes_the_same(tmp_path: Path) -> None:
    for seed in range(6):
        photo(tmp_path / f"in/{'ab'[seed % 2]}/{seed}.png", seed, 90, 90)
    tiled(tmp_path / "in", tmp_path / "whole", 10)
    job = collect(tmp_path / "in", tmp_path / "out", Options(tiles=10))
    next(event for event in job if isinstance(event, Progress) and event.done)
    del job  # closed
    found = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.png")}
    assert not list((tmp_path / "out").rglob("*.part"))
    tiled(tmp_path / "in", tmp_path / "out", 10)
    after = {path.name: path for path in (tmp_path / "out").rglob("*.png")}
    assert {name: after[name].stat().st_mtime_ns for name in found} == found
    assert {name: path.read_bytes() for name, path in after.items()} == {
        path.name: path.read_bytes() for path in (tmp_path / "whole").rglob("*.png")
    }
    assert len(after) == 6 * 81


@pytest.mark.parametrize(("height", "width"), [(2000, 2000)])
def test_memory_is_one_photo_and_not_all(tmp_path: Path, height: int, width: int) -> None:
    for name in "abcd":
        path = tmp_path / "in" / "ab"["abcd".index(name) % 2] / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (width, height), "red").save(path)
    tracemalloc.start()
    tiled(tmp_path / "in", tmp_path / "out", 250)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # What Python and numpy hold: the tiles that wait. Not even one photo of 12 MB.
    assert peak < 0.7 * height * width * 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(tiles=4), "Images of 4 pixels a side are not made"),
        (Options(tiles=32, side=32), "for which --side does nothing"),
        (Options(tiles=32, group_column="x"), "for which --group-column does nothing"),
        (Options(side=32), "or cut into tiles (--tiles)"),
    ],
)
def test_what_would_do_nothing_is_refused(tmp_path: Path, options: Options, said: str) -> None:
    photo(tmp_path / "in/a/1.png", 1, 40, 40)
    with pytest.raises(BadInput) as caught:
        answer(collect(tmp_path / "in", tmp_path / "out", options), Collected)
    assert said in caught.value.sentence
    assert not (tmp_path / "out").exists()


def test_tiles_are_not_put_among_the_photos(tmp_path: Path) -> None:
    photo(tmp_path / "in/a/1.png", 1, 40, 40)
    with pytest.raises(BadInput, match="is in use"):
        tiled(tmp_path / "in", tmp_path / "in/tiles", 20)


def test_a_folder_of_photos_is_described_from_its_names(tmp_path: Path) -> None:
    for part in ("train", "val"):
        photo(tmp_path / "in" / part / "a" / "1.png", 1, 40, 40)
    photo(tmp_path / "in/train/b/x/2.png", 1, 40, 40)
    found = describe(tmp_path / "in")
    assert (found.kind, found.splits) == ("photos", (("train", 2), ("val", 1)))


def folder_of(tiles: dict[tuple[int, int], int]) -> ImageFolder:
    """(class, photo) with a number of tiles each; no files are needed to split them."""
    paths = [
        (f"{'abcdef'[label]}/{tile_name(f'{number}.jpg', i // 9, i % 9)}", label)
        for (label, number), count in tiles.items()
        for i in range(count)
    ]
    classes = tuple("abcdef"[: 1 + max(label for label, _ in tiles)])
    images = tuple(
        ImageFile(path, label, "train", 1, 1)
        for path, label in sorted(paths, key=lambda one: (one[1], one[0]))
    )
    return ImageFolder(Path("/nowhere"), "classes", classes, images, (), ())


@given(
    tiles=st.dictionaries(st.tuples(st.integers(0, 5), st.integers(1, 12)), st.integers(1, 30), min_size=2),
    rule=st.sampled_from(
        [{}, {"fraction": 0.4}, {"folds": 2, "fold": 2}, {"group_by": "7", "fraction": 0.3}]
    ),
    seed=st.integers(0, 5),
)
def test_no_photo_is_on_both_sides(
    tiles: dict[tuple[int, int], int], rule: dict[str, Any], seed: int
) -> None:
    folder = folder_of(tiles)
    pattern = rule.get("group_by", "")
    if pattern and not any("7" in image.path for image in folder.images):
        return  # refused
    parts = split(folder, SplitRule(seed=seed, **rule))
    assert sorted((*parts.train, *parts.val)) == list(range(len(folder.images)))
    if pattern:
        return
    photos = [{photo_of(folder.images[i].path) for i in side} for side in (parts.train, parts.val)]
    assert not photos[0] & photos[1]
    assert (parts.note != "") == any(count > 1 for count in tiles.values())


def test_a_pattern_decides_instead_and_what_it_leaves_goes_by_photos() -> None:
    folder = folder_of({(0, 1): 9, (0, 2): 9, (1, 1): 9, (1, 2): 9})
    parts = split(folder, SplitRule(seed=1, group_by=r"^a/(1)"))
    assert parts.note == ""
    sides = [{photo_of(folder.images[i].path) for i in side} for side in (parts.train, parts.val)]
    assert not sides[0] & sides[1]
    straddling = split(folder, SplitRule(seed=1, fraction=0.3, group_by=r"tile-\d+-(\d+)"))
    photos = [{photo_of(folder.images[i].path) for i in side} for side in (straddling.train, straddling.val)]
    assert photos[0] & photos[1]


def test_a_tile_of_a_tile_belongs_to_the_first_photo() -> None:
    assert photo_of("a/1.jpg.tile-000-001.png.tile-002-003.png") == "a/1.jpg"
    assert photo_of("a/1.jpg") is None
