"""Kernels of any layer, what they answer to an image, on how many images they fire; the film as a moving picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from torch.nn import functional

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import decode
from alexnet_studio.images.loader import image_tensor
from alexnet_studio.insight import kernel_response, loaded
from alexnet_studio.insight.convolutions import convolution, convolutions
from alexnet_studio.insight.film_pictures import FilmWritten, Shot, evenly, picture, write
from alexnet_studio.insight.firing import Firing, firing
from alexnet_studio.insight.kernels import grid, tiles
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.networks.layers import Conv
from alexnet_studio.runs.folder import RunFolder


@pytest.fixture
def network(run: RunFolder) -> LoadedRun:
    return loaded.load(run, device="cpu")


def test_every_convolution_gives_its_kernels(network: LoadedRun) -> None:
    names = convolutions(network.spec)
    assert names == tuple(layer.name for layer in network.spec.layers if isinstance(layer, Conv))
    for name in names:
        weight = network.network.get_parameter(f"{name}.weight").numpy()
        assert np.array_equal(kernel_response.kernels_of(network, name), weight)
    with pytest.raises(BadInput, match=r"Choose one of: conv1") as caught:
        kernel_response.kernels_of(network, "fc6")
    assert caught.value.code == "not_a_convolution"
    with pytest.raises(BadInput) as caught:
        kernel_response.kernels_of(network, "conv9")
    assert caught.value.code == "unknown_layer"


def test_a_response_is_the_channel_of_torchs_convolution(network: LoadedRun, photos: Path) -> None:
    photo = photos / "red" / "2.png"
    pixels = decode.read(photo, 3).pixels
    x = image_tensor(pixels, network.record)[None]
    by_name = {layer.name: layer for layer in network.spec.layers if isinstance(layer, Conv)}
    before = ""
    for layer in network.spec.layers:
        if layer.name in by_name:
            conv = by_name[layer.name]
            given = network.network.activation(x, before) if before else x
            weight = network.network.get_parameter(f"{layer.name}.weight")
            expected = functional.conv2d(given, weight, None, conv.stride, conv.padding, groups=conv.groups)
            for place in (0, len(weight) - 1):
                found = kernel_response.respond(network, photo, layer.name, place)
                torch.testing.assert_close(torch.tensor(found.values), expected[0, place])
                assert found.pixels.shape == (32, 32, 3)
        before = layer.name


def test_a_kernel_of_an_earlier_step_answers_in_its_place(network: LoadedRun, photos: Path) -> None:
    photo = photos / "green" / "0.png"
    weight = kernel_response.kernels_of(network, "conv1")
    other: NDArray[np.float32] = np.random.default_rng(2).normal(size=weight.shape[1:]).astype(np.float32)
    conv = convolution(network.spec, "conv1")
    x = image_tensor(decode.read(photo, 3).pixels, network.record)[None]
    expected = functional.conv2d(x, torch.tensor(other)[None], None, conv.stride, conv.padding)
    found = kernel_response.respond(network, photo, "conv1", 3, other)
    torch.testing.assert_close(torch.tensor(found.values), expected[0, 0])
    with pytest.raises(BadInput):
        kernel_response.respond(network, photo.parent, "conv1", 0)


def test_firing_counts_the_images_on_which_a_unit_is_above_zero(network: LoadedRun, run: RunFolder) -> None:
    with torch.no_grad():
        network.network.get_parameter("conv1.bias")[2] = -1e6  # it can never fire
    events = list(firing(network, run, "conv1"))
    found = events[-1]
    assert isinstance(found, Firing)
    assert isinstance(events[-2], Progress)
    paths = run.record.split.train
    expected = np.zeros(len(found.counts), int)
    for path in paths:
        x = image_tensor(decode.read(run.data_root / path, 3).pixels, network.record)[None]
        expected += (network.network.activation(x, "conv1")[0] > 0).flatten(1).any(1).numpy()
    assert found.images == len(paths) == 12
    assert list(found.counts) == list(expected)
    assert found.counts[2] == 0


def test_firing_takes_images_evenly_from_all_classes(network: LoadedRun, run: RunFolder) -> None:
    found = list(firing(network, run, "fc6", images=3))[-1]
    assert isinstance(found, Firing)
    assert found.images == 3
    with pytest.raises(BadInput) as caught:
        list(firing(network, run, "no-layer"))
    assert caught.value.code == "unknown_layer"


def shots(count: int) -> list[Shot]:
    rng = np.random.default_rng(0)
    return [
        Shot(f"step {number}", rng.normal(size=(8, 3, 5, 5)).astype(np.float32)) for number in range(count)
    ]


def test_a_gif_has_the_frames_and_a_pause_at_its_end(tmp_path: Path) -> None:
    made = shots(5)
    events = list(write(made, 2, "global", tmp_path / "film.gif"))
    written = events[-1]
    assert isinstance(written, FilmWritten)
    assert [event.done for event in events if isinstance(event, Progress)] == [1, 2, 3, 4, 5]
    assert written.bytes == (tmp_path / "film.gif").stat().st_size
    with Image.open(tmp_path / "film.gif") as film:
        assert getattr(film, "n_frames", 0) == written.frames == 5
        film.seek(3)
        seen = np.asarray(film.convert("RGB"), dtype=int)
        expected = np.asarray(picture(made[3], 2, "global"), dtype=int)
        assert film.info["duration"] == 60  # in hundredths
        film.seek(4)
        assert film.info["duration"] == 2000
    assert np.abs(seen - expected).mean() < 6  # 256 colours instead of all


def test_a_sequence_has_each_kernel_enlarged_by_a_whole_number(tmp_path: Path) -> None:
    made = shots(2)
    *_, written = write(made, 1, "symmetric", tmp_path / "film")
    assert isinstance(written, FilmWritten)
    assert sorted(file.name for file in (tmp_path / "film").iterdir()) == ["conv1-0001.png", "conv1-0002.png"]
    sheet = grid(tiles(made[1].kernels, "symmetric"))
    zoom = 640 // sheet.shape[1]
    with Image.open(tmp_path / "film" / "conv1-0002.png") as image:
        seen = np.asarray(image)
    assert np.array_equal(seen[: zoom * len(sheet)][::zoom, ::zoom], sheet)


def test_long_films_are_shown_evenly_with_their_last_frame() -> None:
    assert evenly(3, 300) == [0, 1, 2]
    chosen = evenly(1000, 300)
    assert (len(chosen), chosen[0], chosen[-1]) == (300, 0, 999)
    assert set(np.diff(chosen)) <= {3, 4}


def test_a_film_that_is_none_or_goes_nowhere_is_refused(tmp_path: Path) -> None:
    for made, target, code in (
        ([], tmp_path / "film.gif", "no_film"),
        (shots(1), tmp_path / "a.mp4", "film_format"),
    ):
        with pytest.raises(BadInput) as caught:
            list(write(made, 1, "global", target))
        assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []
