"""Per-class numbers against scikit-learn, calibration against loops, ensemble weights against a grid."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from insight_runs import make_run
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.insight import calibration, ensemble, per_class
from alexnet_studio.insight.answered import SHOWN, Answered
from alexnet_studio.insight.evaluate_run import RunEvaluation, evaluate_runs
from alexnet_studio.runs import evaluations
from alexnet_studio.runs.evaluations import EvaluationFile
from alexnet_studio.runs.folder import RunFolder

METRICS: Any = import_module("sklearn.metrics")  # its stubs know less than it does


def evaluated(run: RunFolder) -> EvaluationFile:
    *_, found = evaluate_runs([run.path])
    assert isinstance(found, RunEvaluation)
    return found.file


def made(run: RunFolder, classes: int = 6, images: int = 200) -> EvaluationFile:
    """Random answers; class 4 has no images, and nothing is taken for class 5."""
    rng = np.random.default_rng(1)
    labels = torch.tensor(rng.choice([0, 1, 2, 3, 5], images))
    logits = rng.normal(size=(images, classes)) + 1.5 * np.eye(classes)[labels.numpy()]
    logits[:, 5] = -9
    answers = torch.log_softmax(torch.tensor(logits), dim=1)
    collected = Answered()
    for part in np.array_split(np.arange(images), 3):
        collected.add(answers[part], labels[part])
    true, top, shares, ranks, own = collected.arrays()
    return replace(
        evaluated(run),
        classes=tuple("abcdef"),
        k=3,
        paths=tuple(map(str, range(images))),
        labels=true,
        top=top,
        shares=shares,
        ranks=ranks,
        own=own,
        shown=np.empty(0, np.int64),
        thumbnails=np.empty((0, 64, 64, 3), np.uint8),
    )


def test_class_numbers_are_scikit_learns(run: RunFolder) -> None:
    file = made(run)
    labels, guesses = file.labels, file.guesses
    cells = per_class.confusion(labels, guesses, 6)
    assert np.array_equal(cells, METRICS.confusion_matrix(labels, guesses, labels=range(6)))
    wanted: tuple[NDArray[np.float64], ...] = METRICS.precision_recall_fscore_support(
        labels, guesses, labels=range(6), zero_division=0
    )
    for score, precision, recall, f1, images in zip(per_class.class_scores(file), *wanted, strict=True):
        assert score.images == images
        if images == 0:
            assert (score.recall, score.precision, score.f1, score.top5) == (None, None, None, None)
            continue
        assert score.recall == pytest.approx(recall)
        assert score.f1 == pytest.approx(f1)
        assert (score.precision or 0.0) == pytest.approx(precision)
        among = [
            label in row[:3] for label, row in zip(labels, file.top, strict=True) if label == score.label
        ]
        assert score.top5 == pytest.approx(np.mean(among))
    assert per_class.class_scores(file)[5].precision is None  # nothing was taken for it
    assert per_class.hardest(per_class.class_scores(file))[0].label == 5


def test_what_a_class_is_taken_for_is_the_largest_of_its_wrong_cells(run: RunFolder) -> None:
    file = made(run)
    cells = per_class.confusion(file.labels, file.guesses, 6)
    for score in per_class.class_scores(file):
        wrong = [(count, -label) for label, count in enumerate(cells[score.label]) if label != score.label]
        most, label = max(wrong)
        assert score.taken_for == (-label if most else -1)


def test_mistakes_come_surest_first_and_cells_hold_their_images(run: RunFolder) -> None:
    file = made(run)
    rows = per_class.mistakes(file)
    assert {*rows} == {i for i in range(200) if file.guesses[i] != file.labels[i]}
    assert list(file.sureness[rows]) == sorted(file.sureness[rows], reverse=True)
    cells = per_class.confusion(file.labels, file.guesses, 6)
    for truth, guess in ((0, 1), (2, 2), (4, 0)):
        assert len(per_class.in_cell(file, truth, guess)) == cells[truth, guess]
    assert len(per_class.in_cell(file, 3, None)) == cells[3].sum()


def test_answers_that_are_no_numbers_are_no_guesses() -> None:
    collected = Answered()
    answers = torch.log_softmax(torch.randn(3, 4, dtype=torch.float64), dim=1)
    answers[1] = torch.nan
    collected.add(answers, torch.tensor([0, 0, 0]))
    _, top, shares, ranks, own = collected.arrays()
    assert top[1].tolist() == [-1] * 4
    assert shares[1].sum() == own[1] == 0
    assert ranks[1] >= 4
    assert per_class.confusion(np.array([0, 0, 0]), top[:, 0], 4).sum() == 2


def test_the_calibration_error_is_that_of_a_loop(run: RunFolder) -> None:
    file = made(run)
    right = file.guesses == file.labels
    expected = 0.0
    for number in range(calibration.BINS):
        low, high = number / calibration.BINS, (number + 1) / calibration.BINS
        inside = [i for i, one in enumerate(file.sureness) if low < one <= high]
        if inside:
            sure = sum(float(file.sureness[i]) for i in inside)
            gap = abs(sure - sum(bool(right[i]) for i in inside)) / len(inside)
            expected += len(inside) / 200 * gap
    found = calibration.reliability(file.sureness, right)
    assert sum(one.images for one in found) == 200
    assert calibration.calibration_error(found) == pytest.approx(expected)


def test_coverage_is_that_of_counting(run: RunFolder) -> None:
    file = made(run)
    right = file.guesses == file.labels
    thresholds, covered, accuracy = calibration.coverage_curve(file.sureness, right)
    for threshold, share, of_them in zip(thresholds, covered, accuracy, strict=True):
        sure = [i for i in range(200) if file.sureness[i] >= threshold]
        assert share == pytest.approx(len(sure) / 200)
        assert of_them == pytest.approx(sum(bool(right[i]) for i in sure) / len(sure))
        point = calibration.coverage(file.sureness, right, float(threshold))
        assert (point.share, point.right) == pytest.approx((share, of_them))
    assert covered[-1] == 1
    assert calibration.coverage(file.sureness, right, 1.0).right in {None, 1.0}
    same = calibration.coverage_curve(np.full(4, 0.5, np.float32), np.array([True, False, True, True]))
    assert [list(part) for part in same] == [[0.5], [1.0], [0.75]]


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_threshold_is_a_probability(threshold: float) -> None:
    with pytest.raises(BadInput, match="from 0 to 1"):
        calibration.require_share(threshold)


@pytest.mark.parametrize("seed", range(4))
def test_weights_of_two_runs_are_the_best_of_a_grid(seed: int) -> None:
    rng = np.random.default_rng(seed)
    own = rng.beta(2, 1, (300, 2)) * (0.7, 0.9)
    grid = [ensemble.loss(own, np.array([share, 1 - share])) for share in np.linspace(0, 1, 2001)]
    found = ensemble.weights(own)
    assert found.sum() == pytest.approx(1)
    assert ensemble.loss(own, found) <= min(grid) + 1e-12
    assert found[0] == pytest.approx(np.linspace(0, 1, 2001)[int(np.argmin(grid))], abs=1e-3)


def test_weights_of_three_runs_are_the_best_of_a_grid_and_a_useless_run_gets_none() -> None:
    rng = np.random.default_rng(0)
    own = rng.beta(2, 1, (200, 3))
    steps = np.linspace(0, 1, 101)
    best = min(
        ensemble.loss(own, np.array([a, b, 1 - a - b])) for a in steps for b in steps if a + b <= 1 + 1e-12
    )
    assert ensemble.loss(own, ensemble.weights(own)) <= best + 1e-12
    worse = np.column_stack([own[:, 0], own[:, 0] * 0.1, np.zeros(200)])
    assert ensemble.weights(worse) == pytest.approx([1, 0, 0])


def test_an_ensemble_counts_its_runs_as_is_best_for_the_validation_images(
    run: RunFolder, photos: Path, tmp_path: Path
) -> None:
    other = make_run(tmp_path / "other", photos, seed=5)
    *_, found = evaluate_runs([run.path, other.path], weigh=True)
    assert isinstance(found, RunEvaluation)
    *_, equal = evaluate_runs([run.path, other.path])
    assert isinstance(equal, RunEvaluation)
    assert found.loss <= equal.loss
    own = np.column_stack([evaluated(one).own for one in (run, other)]).astype(np.float64)
    assert found.weights == pytest.approx(ensemble.weights(own), abs=1e-3)
    assert found.loss == pytest.approx(ensemble.loss(own, np.array(found.weights)), rel=1e-5)
    assert "--folder" in found.notes[-1]
    *_, elsewhere = evaluate_runs([run.path, other.path], folder=photos, weigh=True)
    assert isinstance(elsewhere, RunEvaluation)
    assert (elsewhere.weights, elsewhere.notes) == (found.weights, ())
    with pytest.raises(BadInput, match="two or more"):
        list(evaluate_runs([run.path], weigh=True))


def test_what_is_kept_of_an_evaluation_is_what_was_answered(run: RunFolder, photos: Path) -> None:
    file = evaluated(run)
    assert (file.name, file.views, file.root) == ("validation", "center", str(photos))
    assert file.paths == run.record.split.val
    assert file.shares.sum(axis=1) == pytest.approx(np.ones(6), abs=1e-6)
    assert len(file.shown) == len(file.thumbnails) == min(6, SHOWN)
    target = evaluations.write(run.path, file)
    again = evaluations.read(target)
    for name in ("labels", "top", "shares", "ranks", "own", "shown", "thumbnails"):
        assert np.array_equal(getattr(again, name), getattr(file, name))
    assert (again.paths, again.classes, again.checkpoint) == (file.paths, file.classes, file.checkpoint)
    *_, on_folder = evaluate_runs([run.path], folder=photos / ".." / "photos" / "red" / "..", views="ten")
    assert isinstance(on_folder, RunEvaluation)
    assert on_folder.file.name == "train"
    evaluations.write(run.path, on_folder.file)
    assert {path.name for path in evaluations.kept(run.path)} == {"validation-center.npz", "train-ten.npz"}
    for damaged in (b"eleven", target.read_bytes()[:200]):
        target.write_bytes(damaged)
        with pytest.raises(BadInput, match="is damaged"):
            evaluations.read(target)
    evaluations.write(run.path, replace(file, top=file.top + 7))
    with pytest.raises(BadInput, match="is damaged"):
        evaluations.read(target)
