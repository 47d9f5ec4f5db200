"""Every layer's answer to one image beside torch's hooks; normalisations; pooling beside a loop; bad input."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.loader import image_tensor
from alexnet_studio.images.normalise import normalised
from alexnet_studio.insight.activations import activations, maps_of, pooled, seen_layers, view_of
from alexnet_studio.insight.loaded import load
from alexnet_studio.insight.map_tiles import map_tiles
from alexnet_studio.runs.folder import RunFolder


def test_every_layer_equals_the_network_asked_for_it_alone(run: RunFolder) -> None:
    loaded = load(run, device="cpu")
    path = run.data_root / "red" / "4.png"
    found = activations(loaded, view_of(path, loaded.record))
    assert tuple(maps.layer for maps in found.layers) == seen_layers(loaded.spec)
    x = normalised(found.pixels[None], loaded.record)
    for maps in found.layers:
        alone = loaded.network.activation(x, maps.layer)[0]
        np.testing.assert_array_equal(maps.values, alone.numpy())
        assert maps.is_spatial == (alone.dim() == 3)
        assert not maps.values.flags.writeable
    assert not maps_of(found, loaded.spec, "fc7").is_spatial
    name, share = found.top[0]
    logits = loaded.network(x)[0]
    assert name == loaded.classes[int(logits.argmax())]
    assert share == pytest.approx(float(torch.softmax(logits, 0).max()), abs=1e-6)


@pytest.mark.parametrize("shape", [(1, 1, 3), (5, 200, 3), (300, 310, 3), (40, 40)])
def test_an_image_of_any_size_is_seen_as_the_network_sees_it(
    run: RunFolder, tmp_path: Path, shape: tuple[int, ...]
) -> None:
    loaded = load(run, device="cpu")
    pixels = np.random.default_rng(0).integers(0, 255, shape, dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    view = view_of(tmp_path / "a.png", loaded.record)
    assert view.shape == (32, 32, 3)
    whole = np.broadcast_to(pixels.reshape(*shape[:2], -1), (*shape[:2], 3))
    torch.testing.assert_close(normalised(view[None], loaded.record)[0], image_tensor(whole, loaded.record))


def test_what_is_no_image_is_named(run: RunFolder, tmp_path: Path) -> None:
    loaded = load(run, device="cpu")
    (tmp_path / "a.jpg").write_text("no image")
    for name in ("a.jpg", "gone.jpg"):
        with pytest.raises(BadInput, match=name):
            view_of(tmp_path / name, loaded.record)


def test_layers_that_cannot_be_looked_at(run: RunFolder) -> None:
    loaded = load(run, device="cpu")
    found = activations(loaded, np.zeros((32, 32, 3), np.uint8))
    dropout = next(layer.name for layer in loaded.spec.layers if layer.kind == "dropout")
    with pytest.raises(BadInput, match="is dropout"):
        maps_of(found, loaded.spec, dropout)
    with pytest.raises(BadInput, match="no layer called conv9"):
        maps_of(found, loaded.spec, "conv9")


def test_the_three_normalisations() -> None:
    maps = np.zeros((3, 1, 3), np.float32)
    maps[0, 0], maps[1, 0] = (-1, 0, 3), (0, 0.5, 1)
    assert map_tiles(maps, "global").tolist() == [[[0, 64, 255]], [[64, 96, 128]], [[64, 64, 64]]]
    assert map_tiles(maps, "symmetric").tolist() == [[[85, 128, 255]], [[128, 149, 170]], [[128, 128, 128]]]
    assert map_tiles(maps, "map").tolist() == [[[0, 64, 255]], [[0, 128, 255]], [[0, 0, 0]]]


def test_constant_and_broken_maps_have_a_look_too() -> None:
    maps = np.full((2, 1, 2), 7, np.float32)
    assert (map_tiles(maps, "map") == 128).all()
    assert (map_tiles(maps, "global") == 128).all()
    assert (map_tiles(np.zeros((1, 1, 2), np.float32), "global") == 0).all()
    maps[0, 0, 0] = np.nan
    assert map_tiles(maps, "global")[0, 0].tolist() == [0, 255]


@pytest.mark.parametrize(("kernel", "stride"), [(3, 2), (2, 2)])
def test_pooling_equals_a_loop(kernel: int, stride: int) -> None:
    maps = np.random.default_rng(0).normal(size=(2, 9, 11)).astype(np.float32)
    found = pooled(maps, kernel, stride)
    rows, columns = ((side - kernel) // stride + 1 for side in maps.shape[1:])
    assert found.shape == (2, rows, columns)
    for row in range(rows):
        for column in range(columns):
            window = maps[:, row * stride : row * stride + kernel, column * stride : column * stride + kernel]
            np.testing.assert_array_equal(found[:, row, column], window.max(axis=(1, 2)))


def test_a_map_smaller_than_the_window_is_pooled_whole() -> None:
    assert pooled(np.array([[[1, 2], [3, 4]]], np.float32), 3, 2).tolist() == [[[4.0]]]
