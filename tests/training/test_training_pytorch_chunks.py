"""Crops, reflections and noise of the written script where the recipe is as in 2012, beside our own batches."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny
import torch
from PIL import Image
from torch import Tensor

from alexnet_studio.images.augment import CHUNK_2012, Augmentation, Box, Draw, draws
from alexnet_studio.images.statistics import ColourStatistics
from alexnet_studio.training.pytorch_source import training_source
from alexnet_studio.training.recipe import Recipe

CHANCE: Any = torch.random
STORED = 18  # the side that images are brought to before a crop of `tiny.SIDE`
IMAGES = 80
MARKS = torch.randperm(STORED, generator=torch.Generator().manual_seed(0))  # of a row, and of a column
WHERE = MARKS.argsort()
Place = tuple[int, int, bool]  # top, left, mirrored


def loaders(recipe: Recipe, root: Path) -> tuple[Any, Any, dict[str, Any]]:
    """The script's two loaders, made by the very lines of its `main`, and all that it knows."""
    source = training_source(tiny.spec(), recipe)
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(source, "written.py", "exec"), space)
    lines = source.split("    train, val = open_images(options.folder)\n")[1].split("    network = Network")[
        0
    ]
    train, val = space["open_images"](root)
    space |= {"train": train, "val": val}
    exec("if True:\n" + lines, space)
    return space["train_batches"], space["val_batches"], space


def marked(root: Path) -> Path:
    """Images whose red says the row and whose green says the column; their blue differs, and tells them apart."""
    rows, columns = MARKS.numpy()[np.mgrid[0:STORED, 0:STORED]]
    for number in range(IMAGES):
        pixels = np.stack([10 * rows, 10 * columns, np.full_like(rows, 3 * number)], axis=2)
        path = root / f"class{number % 2}" / f"{number:03}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels.astype(np.uint8)).save(path)
    return root


def placed(image: Tensor) -> Place:
    """Where an image of (3, S, S) in 0..1 was cut, and that it is a cut."""
    red, green = WHERE[(255 * image[:2]).round().int() // 10]
    top, left, mirrored = int(red[0, 0]), int(green.min()), bool(green[0, 0] > green[0, 1])
    wanted = torch.arange(left, left + tiny.SIDE).expand(tiny.SIDE, -1)
    assert torch.equal(green, wanted.flip(1) if mirrored else wanted)
    assert torch.equal(red, torch.arange(top, top + tiny.SIDE)[:, None].expand(-1, tiny.SIDE))
    return top, left, mirrored


def epoch(batches: Any) -> list[Tensor]:
    return [image for images, _ in batches for image in images]


def plain(**values: object) -> Recipe:
    """Pixels as they are, so that a crop can be told."""
    return tiny.recipe(statistics="none", resize_to=STORED, val_fraction=0.1, as_2012=True, **values)


def chunks(places: Sequence[object]) -> list[set[object]]:
    return [set(places[first : first + CHUNK_2012]) for first in range(0, len(places), CHUNK_2012)]


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("balance", ["no", "sampling"])
def test_thirty_two_images_that_follow_each_other_share_a_crop_and_a_reflection(
    tmp_path: Path, balance: str, workers: int
) -> None:
    recipe = plain(colour_pca=0.0, batch_size=5, balance=balance, workers=workers)
    train, val, _ = loaders(recipe, marked(tmp_path))
    with CHANCE.fork_rng():
        CHANCE.manual_seed(3)
        epochs = [epoch(train) for _ in range(4)]
    places = [[placed(image) for image in images] for images in epochs]
    assert all(len(images) == 72 for images in epochs)  # chunks of 32, 32 and 8, in batches of five
    drawn = [one for listed in places for one in chunks(listed)]
    assert [len(one) for one in drawn] == [1] * 12
    assert len(set[object]().union(*drawn)) > 4  # of 18: another one in each chunk, and in each epoch
    order = [[round(255 * float(image[2, 0, 0])) for image in images] for images in epochs]
    assert all(order[0] != other for other in order[1:])
    assert {placed(image) for image in epoch(val)} == {(1, 1, False)}


def test_crops_and_reflections_are_drawn_as_often_as_ours(tmp_path: Path) -> None:
    train, _, _ = loaders(plain(colour_pca=0.0, batch_size=32), marked(tmp_path))
    with CHANCE.fork_rng():
        CHANCE.manual_seed(1)
        found = {placed(image) for _ in range(60) for image in epoch(train)[::CHUNK_2012]}
    statistics = ColourStatistics(mean=(), std=(), eigenvalues=(), eigenvectors=())
    augmentation = Augmentation(True, True, 0.0, statistics, as_2012=True)
    ours = [
        draws(augmentation, STORED, tiny.SIDE, seed=1, epoch=number, indices=[0])[0] for number in range(120)
    ]
    possible = set(product(range(3), range(3), (False, True)))
    assert found == possible == {(one.box.top, one.box.left, one.mirrored) for one in ours}


def test_noise_is_each_images_own_and_noisy_images_are_divided(tmp_path: Path) -> None:
    """An image times 1.3 is its cut and one colour more: so it is with ours."""
    recipe = plain(colour_pca=0.3, batch_size=8, schedule="2012")
    train, val, space = loaders(recipe, marked(tmp_path))
    with CHANCE.fork_rng():
        CHANCE.manual_seed(3)
        noisy = epoch(train)
        names = [type(step).__name__ for step in space["train"].dataset.transform.transforms]
        assert names[-1] == "Divided" and "OneDraw" in names
        places: list[Place] = []
        added: list[tuple[float, ...]] = []
        for image in noisy:
            whole = 1.3 * image
            (place, rest), *others = [
                (place, whole - cut)
                for place in product(range(3), range(3), (False, True))
                if _is_one_colour(whole[:2] - (cut := _cut(place))[:2])
            ]
            assert not others
            places.append(place)
            added.append(tuple(round(float(value), 3) for value in rest.mean(dim=(1, 2))))
        assert [len(one) for one in chunks(places)] == [1, 1, 1]
        assert len(set(added)) == len(added)
        assert {placed(image) for image in epoch(val)} == {(1, 1, False)}


def _cut(place: Place) -> Tensor:
    """Red and green of the marked images there, and no blue."""
    top, left, mirrored = place
    rows, columns = torch.meshgrid(MARKS, MARKS, indexing="ij")
    pixels = torch.stack([10 * rows, 10 * columns, torch.zeros_like(rows)]).float() / 255
    cut = pixels[:, top : top + tiny.SIDE, left : left + tiny.SIDE]
    return cut.flip(2) if mirrored else cut


def _is_one_colour(rest: Tensor) -> bool:
    return float((rest - rest.mean(dim=(1, 2), keepdim=True)).abs().max()) < 1e-4


def test_when_the_noise_ends_nothing_is_divided_any_more(tmp_path: Path) -> None:
    recipe = plain(colour_pca=0.3, batch_size=8, schedule="2012", augment_validation=True)
    train, val, space = loaders(recipe, marked(tmp_path))
    space["end_noise"](space["train"])
    with CHANCE.fork_rng():
        assert [len(one) for one in chunks([placed(image) for image in epoch(train)])] == [1, 1, 1]
        assert len({placed(image) for image in epoch(val)}) == 1


def test_ours_does_the_same() -> None:
    """What these tests ask of the script is what our draws are: a crop and a reflection for 32, noise for one."""
    statistics = ColourStatistics(
        mean=(0.5,) * 3, std=(0.2,) * 3, eigenvalues=(1, 1, 1), eigenvectors=((1, 0, 0), (0, 1, 0), (0, 0, 1))
    )
    found: list[Draw] = []
    for first in range(0, 70, 5):
        found += draws(
            Augmentation(True, True, 0.3, statistics, as_2012=True),
            *(STORED, tiny.SIDE), seed=1, epoch=2, indices=range(first, first + 5), first=first,
        )  # fmt: skip
    shared: list[tuple[Box, bool]] = [(one.box, one.mirrored) for one in found]
    assert [len(one) for one in chunks(shared)] == [1, 1, 1]
    assert {one.scale for one in found} == {1 / 1.3}
    assert len({tuple(one.colour) for one in found if one.colour is not None}) == 70
