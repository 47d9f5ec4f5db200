"""Evaluation: counts against a loop, modes restored, probabilities averaged."""

from __future__ import annotations

import math
import shutil
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import torch
from insight_runs import make_run
from torch import Tensor, nn

from alexnet_studio.ground.device import Device
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import decode, prepare
from alexnet_studio.images.loader import Batch, image_tensor, normalised
from alexnet_studio.insight.evaluate import evaluate
from alexnet_studio.insight.evaluate_run import RunEvaluation, evaluate_runs
from alexnet_studio.insight.loaded import load
from alexnet_studio.insight.scoring import Evaluation, Scores, rank
from alexnet_studio.insight.views import ten
from alexnet_studio.runs.folder import RunFolder

CPU = Device("cpu", "float32", "CPU", 1, ("cpu",))
Event = TypeVar("Event")


class Table(nn.Module):
    """A network whose logits are its input, so that every answer is known."""

    def __init__(self) -> None:
        super().__init__()
        self.frozen = nn.Dropout(0.5)
        self.dropout = nn.Dropout(0.9)

    def forward(self, x: Tensor) -> Tensor:
        return self.dropout(x.flatten(1))


def _last(events: Iterable[object], kind: type[Event]) -> Event:
    last = list(events)[-1]
    assert isinstance(last, kind)
    return last


def _batches(logits: Tensor, labels: Tensor, size: int) -> Generator[Batch]:
    for start in range(0, len(logits), size):
        part = slice(start, start + size)
        yield Batch(logits[part, :, None, None], labels[part], tuple(range(start, start + size)))


@pytest.mark.parametrize("size", [1, 7, 64])
def test_counts_and_loss_are_those_of_a_loop(size: int) -> None:
    generator = torch.Generator().manual_seed(4)
    logits = torch.randn(50, 9, generator=generator)
    labels = torch.randint(0, 9, (50,), generator=generator)
    found = _last(evaluate(Table(), _batches(logits, labels, size), 5, CPU), Evaluation)
    top1 = topk = 0
    loss = 0.0
    for row, label in zip(logits.double().numpy(), labels.numpy(), strict=True):
        order = np.argsort(-row)
        top1 += int(order[0] == label)
        topk += int(label in order[:5])
        loss += float(np.log(np.exp(row).sum()) - row[label])
    assert (found.images, found.top1_right, found.topk_right, found.k) == (50, top1, topk, 5)
    assert found.loss == pytest.approx(loss / 50, rel=1e-6)
    assert found.top1 == top1 / 50


def test_every_module_gets_its_own_mode_back_also_when_closed_early() -> None:
    network = Table().train()
    network.frozen.eval()
    events = evaluate(network, _batches(torch.zeros(9, 3), torch.zeros(9, dtype=torch.int64), 2), 3, CPU)
    next(events)
    assert not network.training
    assert not torch.is_inference_mode_enabled()  # a suspended job leaves the thread's modes alone
    events.close()
    assert network.training
    assert network.dropout.training
    assert not network.frozen.training


def test_constant_and_broken_outputs_are_not_right_everywhere() -> None:
    labels = torch.tensor([0, 1, 2])
    assert torch.equal(rank(torch.zeros(3, 3), labels), labels)
    broken = torch.full((3, 3), torch.nan)
    assert rank(broken, labels).min() >= 3
    assert int(rank(torch.tensor([[1.0, torch.nan, 0.0]]), torch.tensor([0]))) == 1


def test_no_images_are_no_accuracy() -> None:
    found = _last(evaluate(Table(), [], 5, CPU), Evaluation)
    assert found.images == 0
    assert math.isnan(found.top1)
    assert math.isnan(found.loss)


def test_a_run_is_evaluated_on_its_validation_images(run: RunFolder, photos: Path) -> None:
    found = _last(evaluate_runs([run.path]), RunEvaluation)
    probabilities = _probabilities(run, [photos / path for path in run.record.split.val])
    _assert_document(found, probabilities, [0, 0, 1, 1, 2, 2], views="center", runs=[run])


def test_several_runs_and_ten_views_average_probabilities(
    run: RunFolder, photos: Path, tmp_path: Path
) -> None:
    other = make_run(tmp_path / "other", photos, seed=5)
    paths = [photos / path for path in run.record.split.val]
    found = _last(evaluate_runs([run.path, other.path], views="ten"), RunEvaluation)
    mean = np.mean([_ten_probabilities(one, paths) for one in (run, other)], axis=0)
    _assert_document(found, mean, [0, 0, 1, 1, 2, 2], views="ten", runs=[run, other])


def test_classes_of_a_folder_are_matched_by_name(run: RunFolder, photos: Path, tmp_path: Path) -> None:
    test = tmp_path / "test"
    shutil.copytree(photos / "red", test / "red")
    shutil.copytree(photos / "green", test / "green")
    found = _last(evaluate_runs([run.path], folder=test), RunEvaluation)
    paths = sorted((test / "green").iterdir()) + sorted((test / "red").iterdir())
    _assert_document(found, _probabilities(run, paths), [1] * 6 + [2] * 6, views="center", runs=[run])


def test_the_test_images_of_a_folder_with_splits_are_taken(
    run: RunFolder, photos: Path, tmp_path: Path
) -> None:
    shutil.copytree(photos, tmp_path / "all" / "train")
    shutil.copytree(photos / "red", tmp_path / "all" / "test" / "red")
    assert _last(evaluate_runs([run.path], folder=tmp_path / "all"), RunEvaluation).images == 6


def test_an_unknown_class_is_refused_with_the_difference(
    run: RunFolder, photos: Path, tmp_path: Path
) -> None:
    shutil.copytree(photos, tmp_path / "test")
    (tmp_path / "test" / "red").rename(tmp_path / "test" / "rouge")
    with pytest.raises(BadInput) as raised:
        list(evaluate_runs([run.path], folder=tmp_path / "test"))
    assert raised.value.code == "classes_unknown_to_run"
    assert "rouge" in raised.value.sentence
    assert "red" in raised.value.sentence


def test_an_ensemble_never_sees_what_one_of_it_was_trained_on(
    run: RunFolder, photos: Path, tmp_path: Path
) -> None:
    other = make_run(tmp_path / "other", photos)
    split = other.record.split.model_copy(update={"val": ("red/0.png", "red/4.png")})
    _rewrite(other, split=split)
    assert _last(evaluate_runs([run.path, other.path]), RunEvaluation).images == 1
    _rewrite(other, split=split.model_copy(update={"val": ("red/0.png",)}))
    with pytest.raises(BadInput, match="--folder"):
        list(evaluate_runs([run.path, other.path]))


def test_runs_of_other_classes_are_not_averaged(run: RunFolder, photos: Path, tmp_path: Path) -> None:
    other = make_run(tmp_path / "other", photos, classes=("blue", "green", "yellow"))
    with pytest.raises(BadInput, match="other classes"):
        list(evaluate_runs([run.path, other.path]))


def test_ten_views_are_the_corners_the_centre_and_their_mirrors() -> None:
    pixels = np.arange(6 * 6, dtype=np.uint8).reshape(6, 6, 1)
    views = ten(pixels, 4)
    assert views.shape == (10, 4, 4, 1)
    assert [int(view[0, 0, 0]) for view in views[:5]] == [0, 2, 7, 12, 14]
    assert np.array_equal(views[5:], views[:5, :, ::-1])


def _rewrite(run: RunFolder, **changes: object) -> None:
    from alexnet_studio.runs import folder as runs

    runs.write_record(run.path, run.record.model_copy(update=changes))


def _probabilities(run: RunFolder, paths: list[Path]) -> np.ndarray:
    loaded = load(run)
    rows = [image_tensor(decode.read(path).pixels, loaded.record) for path in paths]
    with torch.inference_mode():
        return torch.softmax(loaded.network(torch.stack(rows)), 1).numpy()


def _ten_probabilities(run: RunFolder, paths: list[Path]) -> np.ndarray:
    loaded = load(run)
    rows: list[np.ndarray] = []
    for path in paths:
        fitted = prepare.fit(decode.read(path).pixels, loaded.record)
        with torch.inference_mode():
            logits = loaded.network(normalised(ten(fitted, loaded.record.size), loaded.record))
        rows.append(torch.softmax(logits, 1).mean(dim=0).numpy())
    return np.stack(rows)


def _assert_document(
    found: RunEvaluation, probabilities: np.ndarray, labels: list[int], *, views: str, runs: list[RunFolder]
) -> None:
    own = probabilities[np.arange(len(labels)), labels]
    document = found.as_json()
    assert list(document) == ["images", "loss", "top1_error", "top5_error", "k", "views", "runs"]
    assert document["loss"] == pytest.approx(float(-np.log(own).mean()))
    assert document["top1_error"] == pytest.approx(float((probabilities.argmax(axis=1) != labels).mean()))
    # Three classes: k is 3, and the class is always among them.
    assert (document["images"], document["top5_error"], document["k"]) == (len(labels), 0, 3)
    assert (document["views"], document["runs"]) == (views, [str(run.path) for run in runs])


def test_fault_8_a_class_without_images_has_no_accuracy_and_does_not_count_in_the_balanced_one() -> None:
    rng = np.random.default_rng(0)
    labels = rng.choice([0, 1, 3], 60, p=[0.8, 0.1, 0.1])
    answers = torch.log_softmax(torch.tensor(rng.normal(size=(60, 4))), dim=1)
    scores = Scores(2)
    for part in np.array_split(np.arange(60), 7):
        scores.add(answers[part], torch.tensor(labels[part]))
    found = scores.result()
    right = answers.argmax(dim=1).numpy() == labels
    shares = [float(right[labels == label].mean()) for label in (0, 1, 3)]
    assert found.class_top1 == pytest.approx((shares[0], shares[1], None, shares[2]))
    assert found.balanced == pytest.approx(np.mean(shares))
    assert sum(found.class_right) == found.top1_right


def test_nothing_is_known_of_no_images() -> None:
    assert Scores(2).result().balanced is None
