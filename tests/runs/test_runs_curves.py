"""Curves over steps, epochs and time, and those of several runs as a mean with a band."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from alexnet_studio.runs.curves import Curves
from alexnet_studio.runs.history import History
from alexnet_studio.runs.log_reader import LogReader
from alexnet_studio.runs.rows import Epoch, Note, Row, Started, Step
from alexnet_studio.runs.several_curves import aligned, band


def _run(
    epochs: int,
    per_epoch: int,
    *,
    seed: int = 0,
    timed: bool = True,
    validated: bool = True,
    pace: float = 0.5,
) -> list[Row]:
    rng = np.random.default_rng(seed)
    rows: list[Row] = [Started(0, 0, epochs, per_epoch, 13, 3, 2, "tiny", "cpu", "float32", 3)]
    for step in range(1, epochs * per_epoch + 1):
        seconds = step * pace if timed else None
        rows.append(
            Step(step, 1 + (step - 1) // per_epoch, float(rng.random()), 0.25, 0.75, 3, 0.02, 100.0, seconds)
        )
        if step % per_epoch == 0:
            val = float(rng.random()) if validated else None
            epoch = step // per_epoch
            rows.append(Epoch(epoch, step, 1.0, 0.5, 0.9, val, val, val, 3, per_epoch * pace, 100.0, val))
    return rows


def test_rows_become_curves_of_errors() -> None:
    curves = Curves(_run(2, 4))
    x, y = curves.of_steps("top1")
    assert (list(x), set(y)) == (list(range(1, 9)), {0.75})
    x, y = curves.of_epochs("val_top1")
    loss = curves.of_epochs("val_loss")[1]
    assert list(x) == [4, 8]
    np.testing.assert_allclose(y, 1 - loss)
    assert (curves.k, list(curves.of_steps("lr")[1][:2])) == (3, [0.02, 0.02])


def test_without_validation_its_curves_are_gaps() -> None:
    assert np.isnan(Curves(_run(2, 4, validated=False)).of_epochs("val_top1")[1]).all()


def test_the_log_gives_the_curves_of_its_rows(tmp_path: Path) -> None:
    rows = [*_run(3, 10), Note(7, "stuck", "It is stuck.")]
    for row in rows:
        History(tmp_path / "metrics.jsonl").append(row)
    read = Curves.of(LogReader(tmp_path / "metrics.jsonl").now())
    fed = Curves(rows)
    np.testing.assert_array_equal(read.steps.all(), fed.steps.all())
    np.testing.assert_array_equal(read.epochs.all(), fed.epochs.all())
    assert (read.marks, read.k, read.steps_per_epoch) == (fed.marks, 3, 10)
    read.add(Step(31, 4, 1.0, 0.5, 0.5, 3, 0.02, 1.0, 16.0))
    assert list(read.of_steps("loss")[0][-2:]) == [30, 31]


def test_the_three_axes() -> None:
    curves = Curves(_run(2, 4, pace=0.5))
    np.testing.assert_allclose(curves.of_steps("loss", "epoch")[0], np.arange(1, 9) / 4)
    np.testing.assert_allclose(curves.of_steps("loss", "time")[0], np.arange(1, 9) * 0.5)
    np.testing.assert_allclose(curves.of_epochs("val_loss", "epoch")[0], [1, 2])
    np.testing.assert_allclose(curves.of_epochs("val_loss", "time")[0], [2, 4])
    assert curves.seconds == 4.0


def test_an_old_log_has_time_from_its_epochs() -> None:
    rows = _run(2, 4, timed=False, pace=0.5)
    curves = Curves(rows)
    np.testing.assert_allclose(curves.of_steps("loss", "time")[0], np.arange(1, 9) * 0.5)
    for step in (9, 10):
        curves.add(Step(step, 3, 1.0, 0.5, 0.5, 3, 0.02, 1.0))
    np.testing.assert_allclose(
        curves.of_steps("loss", "time")[0][-2:], [4.5, 5.0]
    )  # at the last epoch's pace
    young = Curves(rows[:3])
    assert not young.knows("time")
    assert len(young.of_steps("loss", "time")[0]) == 0


def test_an_old_log_that_a_newer_version_goes_on_with_does_not_run_backwards() -> None:
    curves = Curves(_run(2, 4, timed=False))
    curves.add(Step(9, 3, 1.0, 0.5, 0.5, 3, 0.02, 1.0, 4.25))
    times = curves.of_steps("loss", "time")[0]
    assert times[-1] == 4.25
    assert np.all(np.diff(times) >= 0)


def test_what_was_handed_out_never_changes() -> None:
    curves = Curves(_run(2, 4))
    x, y = curves.of_steps("loss")
    before = y.copy()
    curves.cut(4)
    for step in range(5, 400):
        curves.add(Step(step, 2, -1.0, 0.5, 0.5, 3, 0.02, 1.0))
    assert len(x) == 8
    np.testing.assert_array_equal(y, before)
    with pytest.raises(ValueError, match="read-only"):
        y[0] = 3


def test_a_resume_cuts_steps_epochs_and_marks() -> None:
    curves = Curves([*_run(2, 4), Note(7, "stuck", "It is stuck.")])
    curves.cut(5)
    assert (len(curves.steps), len(curves.epochs), curves.marks) == (5, 1, ())


def test_runs_are_aligned_by_the_epochs_that_all_have_finished() -> None:
    runs = [Curves(_run(3, 4, seed=1)), Curves(_run(5, 4, seed=2)), Curves(_run(2, 7, seed=3))]
    epochs, values = aligned(runs, "val_loss")
    assert list(epochs) == [1, 2]
    for number, run in enumerate(runs):
        for place, epoch in enumerate(epochs):
            row = list(run.epochs["epoch"]).index(epoch)
            assert values[number, place] == run.epochs["val_loss"][row]
    assert aligned([], "val_loss")[0].size == 0


def test_mean_and_band_by_loops() -> None:
    runs = [Curves(_run(4, 5, seed=seed, pace=0.1 * (seed + 1))) for seed in range(3)]
    found = band(runs, "val_top1", "time")
    for place in range(4):
        values = [float(run.epochs["val_top1"][place]) for run in runs]
        times = [float(run.of_epochs("val_top1", "time")[0][place]) for run in runs]
        assert found.mean[place] == pytest.approx(sum(values) / 3)
        assert (found.low[place], found.high[place]) == (min(values), max(values))
        assert found.x[place] == pytest.approx(sum(times) / 3)


def test_a_band_has_a_gap_where_a_run_has_no_value() -> None:
    runs = [Curves(_run(2, 4)), Curves(_run(2, 4, validated=False))]
    assert np.isnan(band(runs, "val_loss", "epoch").mean).all()
    assert band([], "val_loss", "epoch").x.size == 0
