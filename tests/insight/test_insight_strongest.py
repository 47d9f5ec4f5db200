"""The strongest patches beside a plain loop over images, units and places; what is kept of them; bad input."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from insight_runs import save_weights

from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.ground.progress import Progress
from alexnet_studio.insight.activations import activations, seen_layers, view_of
from alexnet_studio.insight.loaded import LoadedRun, load
from alexnet_studio.insight.strongest import Gathered, Ranking, gather, unit_patches
from alexnet_studio.networks.receptive import receptive_field
from alexnet_studio.runs import patches
from alexnet_studio.runs.folder import RunFolder


def gathered(loaded: LoadedRun, run: RunFolder, *layers: str) -> Gathered:
    *_, last = gather(loaded, run, layers)
    assert isinstance(last, Gathered)
    return last


def test_all_units_of_all_layers_equal_a_plain_loop(run: RunFolder) -> None:
    loaded = load(run, device="cpu")
    answer = gathered(loaded, run)
    assert answer.images == 12
    assert tuple(name for name, _ in answer.layers) == seen_layers(loaded.spec)
    seen = [
        activations(loaded, view_of(run.data_root / path, loaded.record)) for path in run.record.split.train
    ]
    for layer, units in answer.layers:
        found = patches.read(run.path, layer)
        assert found is not None
        assert (len(found.values), found.seen, found.checkpoint) == (units, 12, loaded.checkpoint_id)
        for unit in range(units):
            loop: list[tuple[float, int, tuple[int, int]]] = []
            for image, one in enumerate(seen):
                maps = one.of(layer)
                assert maps is not None
                values = np.atleast_2d(maps.values[unit])
                row, column = divmod(int(values.argmax()), values.shape[1])
                loop.append((float(values[row, column]), image, (row, column)))
            loop.sort(key=lambda entry: (-entry[0], entry[1]))
            np.testing.assert_allclose(
                found.values[unit], [value for value, _, _ in loop[:9]], rtol=1e-4, atol=1e-5
            )
            # One image alone is computed with other rounding than in a batch: what is clearly apart is compared.
            for place, (value, image, where) in enumerate(loop[:9]):
                others = [abs(value - other) for other, number, _ in loop if number != image]
                if min(others) > 1e-4:
                    assert found.paths[found.images[unit, place]] == run.record.split.train[image]
                    assert tuple(found.places[unit, place]) == where


@settings(max_examples=40, deadline=None)
@given(
    batches=st.lists(st.integers(1, 7), min_size=1, max_size=5),
    levels=st.integers(1, 6),
    seed=st.integers(0, 999),
)
def test_a_ranking_is_exact_also_where_values_are_equal(batches: list[int], levels: int, seed: int) -> None:
    """A few levels only, so that most values are equal: the first image and the first place in reading order win."""
    dice = np.random.default_rng(seed)
    images = dice.integers(0, levels, (sum(batches), 3, 4, 5)).astype(np.float32)
    ranking, first = Ranking(), 0
    for count in batches:
        ranking.add(torch.tensor(images[first : first + count]), first)
        first += count
    for unit in range(3):
        order = sorted(range(len(images)), key=lambda image: (-images[image, unit].max(), image))[:9]
        filled = len(order)
        assert list(ranking.images[unit, :filled]) == order
        assert (ranking.images[unit, filled:] == -1).all()
        assert (ranking.values[unit, filled:] == -np.inf).all()
        for place, image in enumerate(order):
            row, column = divmod(int(images[image, unit].argmax()), 5)
            assert ranking.values[unit, place] == images[image, unit].max()
            assert tuple(ranking.coordinates()[unit, place]) == (row, column)


def test_patches_are_what_the_units_saw(run: RunFolder) -> None:
    """A unit of conv1 answers to its patch alone, laid into a grey image, as it did to the whole one."""
    loaded = load(run, device="cpu")
    gathered(loaded, run, "conv1")
    found = patches.read(run.path, "conv1")
    assert found is not None
    shown = dict(unit_patches(run.data_root, loaded, found, 2))
    assert sorted(shown) == list(range(9))
    for place, patch in shown.items():
        row, column = map(int, found.places[2, place])
        field = receptive_field(loaded.spec, "conv1", row, column)
        alone = np.full((32, 32, 3), 128, np.uint8)
        alone[field.top : field.bottom, field.left : field.right] = patch
        maps = activations(loaded, alone).of("conv1")
        assert maps is not None
        assert maps.values[2, row, column] == pytest.approx(found.values[2, place], rel=1e-4, abs=1e-5)


def test_one_layer_only_and_the_others_stay(run: RunFolder) -> None:
    loaded = load(run, device="cpu")
    gathered(loaded, run, "conv2")
    assert patches.read(run.path, "conv1") is None
    assert gathered(loaded, run, "fc7").layers == (
        ("fc7", loaded.network.get_parameter("fc7.weight").shape[0]),
    )
    assert patches.read(run.path, "conv2") is not None


def test_other_weights_make_them_outdated(run: RunFolder) -> None:
    gathered(load(run, device="cpu"), run, "conv1")
    save_weights(run, seed=1)
    found = patches.read(run.path, "conv1")
    assert found is not None
    assert found.checkpoint != load(run, device="cpu").checkpoint_id


def test_stopping_in_the_middle_leaves_what_was_there(run: RunFolder) -> None:
    loaded = load(run, device="cpu")
    gathered(loaded, run, "conv1")
    before = patches.read(run.path, "conv1")
    job = gather(replace(loaded, checkpoint_id="other"), run)
    while (event := next(job)) and isinstance(event, Progress) and event.what != "patches":
        pass
    job.close()
    after = patches.read(run.path, "conv1")
    assert before is not None
    assert after is not None
    assert after.checkpoint == before.checkpoint
    assert patches.read(run.path, "conv2") is None


def test_an_image_that_has_gone_is_counted(run: RunFolder) -> None:
    (run.data_root / "red" / "0.png").unlink()
    (run.data_root / "red" / "1.png").write_bytes(b"no image")
    answer = gathered(load(run, device="cpu"), run, "conv1")
    assert (answer.images, answer.left_out) == (10, 2)


def test_a_folder_that_was_moved_is_named(run: RunFolder, tmp_path: Path) -> None:
    loaded = load(run, device="cpu")
    shutil.move(tmp_path / "photos", tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="photos"):
        gathered(loaded, run)


def test_a_layer_that_is_not_there_is_refused_before_any_work(run: RunFolder) -> None:
    with pytest.raises(BadInput, match="no layer called conv9"):
        next(gather(load(run, device="cpu"), run, ["conv9"]))


def test_weights_that_give_no_numbers(run: RunFolder) -> None:
    loaded = load(run, device="cpu")
    with torch.no_grad():
        loaded.network.get_parameter("conv2.weight").fill_(float("inf"))
    with pytest.raises(Failed, match="conv2 answers"):
        gathered(loaded, run)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04broken"])
def test_a_damaged_file_is_named(run: RunFolder, content: bytes) -> None:
    (run.path / patches.FOLDER).mkdir()
    (run.path / patches.FOLDER / "conv1.npz").write_bytes(content)
    with pytest.raises(BadInput, match=r"conv1\.npz are damaged"):
        patches.read(run.path, "conv1")


def test_arrays_that_contradict_each_other_are_damage(run: RunFolder) -> None:
    gathered(load(run, device="cpu"), run, "conv1")
    found = patches.read(run.path, "conv1")
    assert found is not None
    patches.write(run.path, replace(found, paths=found.paths[:1]))
    with pytest.raises(BadInput, match="damaged"):
        patches.read(run.path, "conv1")
