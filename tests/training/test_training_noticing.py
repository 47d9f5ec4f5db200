"""What is told of a training that goes wrong: once, with a remedy, and not of one that goes well."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import tiny

from alexnet_studio.runs.rows import Ended, Epoch, Layers, Note
from alexnet_studio.training.noticing import Noticer
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.trainer import Request, resume, train

GUESSING = math.log(10)


def _row(epoch: int, train_loss: float, val_loss: float | None = None, top1: float = 0.1) -> Epoch:
    val_top1 = None if val_loss is None else top1 - 0.05
    return Epoch(epoch, epoch * 10, train_loss, top1, top1, val_loss, val_top1, val_top1, 5, 100.0, 50.0)


def _told(rows: list[Epoch], recipe: Recipe | None = None, waited: float = 0.0) -> list[tuple[int, str, str]]:
    noticer = Noticer(tiny.spec(classes=10), recipe or Recipe())
    return [(row.epoch, code, sentence) for row in rows for code, sentence in noticer.after(row, waited)]


def test_a_loss_at_guessing_for_two_epochs_is_stuck_once() -> None:
    told = _told([_row(epoch, GUESSING) for epoch in range(1, 6)])
    assert [one[:2] for one in told] == [(2, "stuck")] and "ln(10) = 2.303" in told[0][2]


def test_seed_001_collapses() -> None:
    """Adam at 0.01 on FashionMNIST: it had learned in the first epoch (0.63 of the test images), then 2.304 = ln 10."""
    rows = [_row(1, 1.2, top1=0.5), _row(2, 2.304, top1=0.1), _row(3, 2.304, top1=0.1)]
    told = _told(rows, Recipe(optimizer="adam", lr=0.01))
    assert (told[0][0], told[0][1]) == (2, "collapsed") and "try 0.001" in told[0][2]


def test_overfitting_is_told_when_validation_has_risen_for_long() -> None:
    falling = [
        _row(epoch, 2 / epoch, 1.0 if epoch <= 3 else 1.0 + 0.05 * epoch, 0.9) for epoch in range(1, 12)
    ]
    told = _told(falling)
    assert [one[1] for one in told] == ["overfits"] and told[0][0] == 6 and "since epoch 1" in told[0][2]


@pytest.mark.parametrize("worse", [0.99, 1.05])
def test_a_validation_that_hardly_rises_is_no_overfitting(worse: float) -> None:
    assert not _told([_row(epoch, 2 / epoch, 1.0 if epoch == 1 else worse, 0.9) for epoch in range(1, 12)])


def test_waiting_for_images_is_told_after_the_first_epoch() -> None:
    told = _told([_row(epoch, 1.0) for epoch in (1, 2, 3)], Recipe(workers=1), waited=0.5)
    assert [(one[0], one[1]) for one in told] == [(2, "starved")] and "more workers than 1" in told[0][2]
    assert not _told([_row(epoch, 1.0) for epoch in (1, 2, 3)], waited=0.2)


def test_a_resumed_training_does_not_tell_again(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data", each=6)
    recipe = tiny.recipe(epochs=3, lr=1e-30, initialisation="paper")
    rows = list(train(Request(folder, tmp_path / "run", tiny.spec(), recipe)))
    assert any(isinstance(row, Note) and row.code == "stuck" for row in rows)
    again = list(resume(tmp_path / "run", changes={"epochs": 6}))
    assert not [row for row in again if isinstance(row, Note) and row.code == "stuck"]


def test_early_stopping_ends_and_resuming_ends_at_once(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data", each=6, val=3)
    recipe = tiny.recipe(epochs=30, lr=1e-30, early_stopping=3)  # no epoch is better than the first
    rows = list(train(Request(folder, tmp_path / "run", tiny.spec(), recipe)))
    ended = rows[-1]
    assert isinstance(ended, Ended) and ended.reason == "finished" and ended.code == "stopped_early"
    assert ended.best_epoch is not None and ended.epoch == ended.best_epoch + 3
    again = list(resume(tmp_path / "run"))
    assert isinstance(again[-1], Ended) and again[-1].epoch == ended.epoch


def test_the_sizes_of_layers_are_rows(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data", each=6)
    rows = list(train(Request(folder, tmp_path / "run", tiny.spec(), tiny.recipe())))
    watched = [row for row in rows if isinstance(row, Layers)]
    assert watched and set(watched[0].layers) == {"conv1", "conv2", "fc3", "fc4"}
    assert all(set(one) == {"weight", "update", "gradient"} for one in watched[0].layers.values())
