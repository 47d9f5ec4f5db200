"""A map of classes beside the same network asked at each place alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from insight_runs import make_run
from PIL import Image

from alexnet_studio.figures.class_map import class_map as draw
from alexnet_studio.ground import device
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.loader import normalised
from alexnet_studio.insight.class_map import class_map, places
from alexnet_studio.insight.loaded import LoadedRun, load
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.build import build
from alexnet_studio.networks.layers import Conv, GlobalPool, Pool
from alexnet_studio.networks.spec import Spec

SIZE = 15
SPEC = Spec(
    "windows",
    "",
    "",
    (
        Conv("conv1", 8, 3, stride=2),
        Pool("pool1", 3, 2),
        Conv("fc2", 6, 3),
        GlobalPool("whole"),
        Conv("fc3", None, 1, activation="none"),
    ),
    image_size=SIZE,
    classes=3,
)


def asked(spec: Spec = SPEC) -> LoadedRun:
    record = InputRecord(resize_to=18, size=spec.image_size, mean=(0.5,) * 3, std=(0.25,) * 3)
    network = build(spec, seed=2).eval()
    network.requires_grad_(requires_grad=False)
    return LoadedRun(network, record, ("a", "b", "c"), spec, "id", 1, 1, device.resolve("cpu", "float32"))


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(0).integers(0, 255, (40, 60, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def test_each_place_is_the_answer_to_its_own_window(photo: Path) -> None:
    """Without padding a place of the map is the network on the crop that it sees."""
    run = asked()
    found = class_map(run, photo, zoom=2)
    assert found.pixels.shape == (36, 54, 3)
    rows, columns = found.probabilities.shape[1:]
    assert (rows, columns) == (6, 10)
    assert (found.start, found.jump) == ((7.0, 7.0), 4)
    for row in range(rows):
        for column in range(columns):
            top, left = row * found.jump, column * found.jump
            crop = normalised(found.pixels[None, top : top + SIZE, left : left + SIZE], run.record)
            alone = torch.softmax(run.network(crop), 1)[0].numpy()
            np.testing.assert_allclose(found.probabilities[:, row, column], alone, atol=1e-5)


def test_padding_moves_the_first_place_outwards() -> None:
    assert places(replace(SPEC, layers=(Conv("c", 3, 5, stride=2, padding=2),)), (20, 30)) == ((0.0, 0.0), 2)
    assert places(catalogue.get("tf-slim-v2"), (224, 224))[1] == 32


def test_tf_slim_gives_a_map_on_a_larger_image(photo: Path) -> None:
    spec = catalogue.get("tf-slim-v2", classes=3, image_size=224, width=0.02)
    found = class_map(asked(spec), photo, zoom=8)
    assert min(found.pixels.shape[:2]) >= 224
    assert found.probabilities.sum(axis=0) == pytest.approx(1.0, abs=1e-5)


def test_a_fully_connected_layer_is_named(tmp_path: Path, photo: Path) -> None:
    with pytest.raises(BadInput, match="the layer fc6"):
        class_map(load(make_run(tmp_path / "run", tmp_path / "images"), device="cpu"), photo)


@pytest.mark.parametrize("zoom", [0.5, 9])
def test_a_zoom_that_cannot_be(photo: Path, zoom: float) -> None:
    with pytest.raises(BadInput, match="from 1 to 8"):
        class_map(asked(), photo, zoom)


def test_the_picture_is_coloured_where_the_map_is() -> None:
    pixels = np.full((20, 30, 3), 100, np.uint8)
    probabilities = np.zeros((2, 2, 3), np.float32)
    probabilities[1] = 1.0
    figure = draw(pixels, probabilities, (6.0, 6.0), 4, ("<b>a</b>", "b"), title="photo")
    shown = np.asarray(figure.axes[0].images[0].get_array())
    assert tuple(shown[6, 6]) != (100, 100, 100)
    assert tuple(shown[0, 0]) == (100, 100, 100)
    assert tuple(shown[19, 29]) == (100, 100, 100)
