"""conv1 over time stays small, dense at its start, and readable after a crash."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs.film import LIMIT_BYTES, Film

SHAPE = (4, 3, 5, 5)
FRAME_BYTES = 16 + 2 * 4 * 3 * 5 * 5


def _kernels(step: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.random.default_rng(step).normal(size=SHAPE).astype(np.float32)


def _shot(folder: Path, steps: int, limit_bytes: int = LIMIT_BYTES) -> Film:
    film = Film(folder / "kernels", limit_bytes)
    for step in range(steps):
        film.append(step, step // 10, _kernels(step))
    return film


def test_frames_come_back_to_half_precision(tmp_path: Path) -> None:
    film = _shot(tmp_path, 12)
    assert [(frame.step, frame.epoch) for frame in film.frames][-1] == (11, 1)
    np.testing.assert_allclose(film.read(5), _kernels(5), rtol=1e-3, atol=1e-6)
    assert film.read(5).dtype == np.float32


def test_no_film_yet(tmp_path: Path) -> None:
    assert Film(tmp_path).frames == ()


def test_it_never_outgrows_its_limit_and_stays_dense_at_the_start(tmp_path: Path) -> None:
    limit = 40 * FRAME_BYTES
    film = _shot(tmp_path, 300, limit)
    steps = [frame.step for frame in film.frames]
    assert (tmp_path / "kernels" / "conv1.film").stat().st_size <= limit
    assert len(steps) >= 20
    assert steps[0] == 0
    assert steps[-1] > 270
    assert steps == sorted(set(steps))
    assert sum(step < 75 for step in steps) > 0.35 * len(steps)
    assert max(b - a for a, b in itertools.pairwise(steps)) < 300 / 10
    np.testing.assert_allclose(film.read(-1), _kernels(steps[-1]), rtol=1e-3, atol=1e-6)


def test_all_of_it_is_read_at_once(tmp_path: Path) -> None:
    film = _shot(tmp_path, 12)
    shots = film.shots(after=4)
    assert [frame for frame, _ in shots] == list(film.frames[5:])
    for index, (_, kernels) in enumerate(shots, 5):
        assert np.array_equal(kernels, film.read(index))
        assert kernels.dtype == np.float32


def test_the_film_of_ninety_epochs_of_the_papers_network_stays_under_20_mb(tmp_path: Path) -> None:
    """1.2 million images in batches of 128: 900,810 steps, of which the first twenty and then every 600th is offered,
    as a GPU makes them in the half second that the onlooker waits.
    """
    film = Film(tmp_path / "kernels")
    kernels = np.random.default_rng(0).normal(size=(96, 3, 11, 11)).astype(np.float32)
    last = 90 * 10_009
    for step in (*range(20), *range(600, last, 600), last):
        film.append(step, 1 + step // 10_009, kernels)
    size = (tmp_path / "kernels" / "conv1.film").stat().st_size
    assert 8_000_000 < size < 20_000_000
    steps = np.array([frame.step for frame in film.frames])
    assert steps[0] == 0
    assert last - steps[-1] < last / 30
    assert np.diff(steps).max() < last / 30  # three epochs at the most between two frames
    assert (steps < last / 10).sum() > len(steps) / 5  # and dense at the start


def test_a_torn_frame_is_ignored_and_written_over(tmp_path: Path) -> None:
    film = _shot(tmp_path, 3)
    data = tmp_path / "kernels" / "conv1.film"
    data.write_bytes(data.read_bytes()[:-7])
    assert [frame.step for frame in film.frames] == [0, 1]
    film.append(9, 0, _kernels(9))
    assert [frame.step for frame in film.frames] == [0, 1, 9]
    np.testing.assert_allclose(film.read(2), _kernels(9), rtol=1e-3, atol=1e-6)


def test_a_resumed_run_films_again_from_its_checkpoint(tmp_path: Path) -> None:
    film = _shot(tmp_path, 10)
    film.cut(4)
    assert [frame.step for frame in film.frames] == [0, 1, 2, 3, 4]


def test_weights_beyond_half_precision_are_the_largest_value(tmp_path: Path) -> None:
    film = Film(tmp_path)
    film.append(1, 0, np.full(SHAPE, 1e9, np.float32))
    assert film.read(0).max() == 65504


def test_a_damaged_film_says_so(tmp_path: Path) -> None:
    film = _shot(tmp_path, 2)
    (tmp_path / "kernels" / "conv1.json").write_text("{")
    with pytest.raises(BadInput) as caught:
        _ = film.frames
    assert caught.value.code == "film_damaged"
    film.cut(1)  # what a resume does
    film.append(2, 0, _kernels(2))
    assert [frame.step for frame in film.frames] == [2]
