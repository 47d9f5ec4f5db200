"""What is changed while a run trains: done between two steps, answered, written down, and done again on resume."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import tiny
import torch

from alexnet_studio.runs import changes, checkpoint, diary, inbox
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.history import History
from alexnet_studio.runs.inbox import Order
from alexnet_studio.runs.rows import Ended, Note, Step
from alexnet_studio.training import listening
from alexnet_studio.training.events import Event
from alexnet_studio.training.trainer import Request, resume, train


@pytest.fixture(autouse=True)
def at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """The inbox is looked into after each step, not five times a second: which step hears an order is known."""
    monkeypatch.setattr(listening, "_INTERVAL_S", 0.0)


def _training(tmp_path: Path, **values: object) -> Iterator[Event | None]:
    folder = tiny.folder(tmp_path / "data", each=10)
    values = {"epochs": 4, "lr": 0.05, "schedule": "constant", **values}
    return train(Request(folder, tmp_path / "run", tiny.spec(), tiny.recipe(**values)))


def _ordered(events: Iterator[Event | None], run: Path, at: dict[int, Order]) -> list[Event | None]:
    """All events; the order of a step is sent when its row comes, and heard before the next update."""
    seen: list[Event | None] = []
    for event in events:
        seen.append(event)
        if isinstance(event, Step) and event.step in at:
            at_step = at.pop(event.step)
            inbox.send(run, at_step)
    return seen


def _rates(seen: list[Event | None]) -> dict[int, float]:
    return {event.step: event.lr for event in seen if isinstance(event, Step)}


def _weights(run: Path) -> dict[str, torch.Tensor]:
    return checkpoint.load(run_folder.open(run), "last").weights


def test_the_rate_is_set_and_divided(tmp_path: Path) -> None:
    run = tmp_path / "run"
    seen = _ordered(_training(tmp_path), run, {3: Order("rate", value=0.02), 8: Order("divide", value=10)})
    rates = _rates(seen)
    assert [rates[step] for step in (3, 4, 8, 9)] == pytest.approx([0.05, 0.02, 0.02, 0.002])
    notes = [event for event in seen if isinstance(event, Note) and event.code == "rate_changed"]
    assert [note.step for note in notes] == [3, 8] and "0.002" in notes[1].sentence
    assert diary.read(run).count("learning rate") == 2


def test_frozen_layers_keep_their_weights_and_thawed_ones_learn(tmp_path: Path) -> None:
    run = tmp_path / "run"
    at = {4: Order("freeze", layer="conv2"), 5: Order("save"), 9: Order("save")}
    saved: dict[int, dict[str, torch.Tensor]] = {}
    for event in _training(tmp_path, weight_decay=0.1):
        if isinstance(event, Step) and event.step in at:
            inbox.send(run, at[event.step])
        if isinstance(event, Note) and event.code == "saved_on_request":
            saved[event.step] = _weights(run)
    for name in ("conv1.weight", "conv1.bias", "conv2.weight"):
        assert torch.equal(saved[5][name], saved[9][name])
    assert not torch.equal(saved[5]["fc3.weight"], saved[9]["fc3.weight"])


def test_a_stop_through_the_inbox_saves_and_ends(tmp_path: Path) -> None:
    run = tmp_path / "run"
    seen = _ordered(_training(tmp_path), run, {6: Order("stop")})
    assert isinstance(seen[-1], Ended) and seen[-1].reason == "stopped" and seen[-1].step == 6
    assert checkpoint.load(run_folder.open(run), "last").step == 6


@pytest.mark.parametrize("checkpoints", [True, False])
def test_changes_are_done_again_after_a_crash(tmp_path: Path, checkpoints: bool) -> None:
    """From the last checkpoint, which lies between the changes, or from the start where there is none."""
    orders = {3: Order("rate", value=0.02), 10: Order("freeze", layer="conv1"), 14: Order("thaw")}
    run, left = tmp_path / "run", tmp_path / "left"
    for event in _training(tmp_path):
        if isinstance(event, Step) and event.step in orders:
            inbox.send(run, orders.pop(event.step))
        if isinstance(event, Step) and event.step == 15:
            while checkpoint.load(run_folder.open(run), "last").step < 12:
                time.sleep(0.01)  # the one of the third epoch is on its way to the disk
            shutil.copytree(run, left)  # what `kill -9` would leave
    if checkpoints:
        assert 10 <= checkpoint.load(run_folder.open(left), "last").step < 14
    else:
        shutil.rmtree(left / "checkpoints")
    assert len(changes.read(left)) == 3
    again = list(resume(left))
    assert isinstance(again[-1], Ended) and again[-1].reason == "finished"
    wanted, got = _weights(run), _weights(left)
    assert all(torch.equal(wanted[name], got[name]) for name in wanted)
    ours, theirs = (_told(path) for path in (run, left))
    assert ours == theirs


def _told(run: Path) -> list[tuple[int, float | str]]:
    """Every step's rate and every change, in their order."""
    return [
        (row.step, row.lr if isinstance(row, Step) else row.sentence)
        for row in History(run / "metrics.jsonl").read()
        if isinstance(row, Step | Note)
    ]


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (Order("rate", value=-1), "larger than 0"),
        (Order("rate", value=1e9), "at most 10"),
        (Order("divide", value=0), "divided by 1"),
        (Order("freeze", layer="conv9"), "no layer conv9"),
        (Order("freeze", layer="fc4"), "all layers would be frozen"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(tmp_path: Path, order: Order, words: str) -> None:
    run, name = tmp_path / "run", ""
    for event in _training(tmp_path, epochs=2):
        if isinstance(event, Step) and event.step == 2:
            name = inbox.send(run, order)
    answered = inbox.answer(run, name)
    assert answered is not None and not answered.done and words in answered.sentence
    assert changes.read(run) == () and inbox.answer(run, name) is None


def test_an_order_to_a_training_that_had_ended_is_dropped(tmp_path: Path) -> None:
    run = tmp_path / "run"
    list(_training(tmp_path, epochs=1))
    inbox.send(run, Order("stop"))
    (run / "inbox" / "junk.json").write_text("[1, 2", encoding="utf-8")
    seen = list(resume(run, changes={"epochs": 2}))
    assert isinstance(seen[-1], Ended) and seen[-1].reason == "finished"
    assert not list((run / "inbox").glob("*.json"))


def test_a_new_change_ends_the_future_that_did_not_come(tmp_path: Path) -> None:
    for step in (3, 7, 9):
        changes.add(tmp_path, changes.Change(step, "rate", factor=0.5))
    changes.add(tmp_path, changes.Change(5, "freeze", layer="conv1"))
    assert [one.step for one in changes.read(tmp_path)] == [3, 5]
