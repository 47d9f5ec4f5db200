"""Trainings that end by themselves: in words, with the last good weights, with what to try."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny
import torch
from exactness import assert_same

from alexnet_studio.images.loader import Batch
from alexnet_studio.runs import checkpoint
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Note, Step
from alexnet_studio.training.events import Event, Saved
from alexnet_studio.training.failures import of_the_device
from alexnet_studio.training.learner import Learner
from alexnet_studio.training.trainer import Request, resume, train


def _ended(events: list[Event | None]) -> Ended:
    assert isinstance(events[-1], Ended)
    return events[-1]


def _finite(run: Path) -> bool:
    last = checkpoint.load(run_folder.open(run), "last")
    return all(bool(torch.isfinite(tensor).all()) for tensor in last.weights.values())


def test_fault_43_a_loss_that_is_no_number_keeps_the_last_good_weights(tmp_path: Path) -> None:
    recipe = tiny.recipe(epochs=30, lr=10.0, clip=0.0, momentum=0.99)
    request = Request(tiny.folder(tmp_path / "data"), tmp_path / "run", tiny.spec(), recipe)
    events = list(train(request))
    ended = _ended(events)
    assert (ended.reason, ended.code) == ("diverged", "diverged")
    assert "Try a tenth of the learning rate, 1, or clip the gradient at 5." in ended.sentence
    assert "the last good weights are kept" in ended.sentence
    assert _finite(tmp_path / "run")
    assert all(math.isfinite(event.loss) for event in events if isinstance(event, Step))
    assert History(tmp_path / "run" / "metrics.jsonl").read()[-1] == ended


def test_fault_43_weights_that_are_no_numbers_are_never_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a device, where nobody looks at each step: the weights are lost before it is seen."""
    really = Learner.learn

    def poisoned(self: Learner, batch: Batch, *, watched: bool = False) -> None:
        really(self, batch, watched=watched)
        if self.step == 6:
            for parameter in self.network.parameters():
                parameter.data.fill_(math.nan)

    monkeypatch.setattr(Learner, "learn", poisoned)
    recipe = tiny.recipe(batch_size=4)
    events = train(Request(tiny.folder(tmp_path / "data"), tmp_path / "run", tiny.spec(), recipe))
    for event in events:
        if isinstance(event, Step) and event.step == 6:
            break
    events.close()
    assert _finite(tmp_path / "run")
    assert checkpoint.load(run_folder.open(tmp_path / "run"), "last").epoch == 1


@pytest.mark.parametrize("validated", [True, False])
def test_fault_43_a_loss_that_is_nan_is_never_the_best(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, validated: bool
) -> None:
    really = Learner.learn

    def poisoned(self: Learner, batch: Batch, *, watched: bool = False) -> None:
        really(self, batch, watched=watched)
        if self.epoch == 1:
            dict(self.network.named_parameters())["fc4.bias"].data.fill_(math.nan)

    monkeypatch.setattr(Learner, "learn", poisoned)
    folder = (
        tiny.folder(tmp_path / "data", each=6, val=2)
        if validated
        else tiny.folder(tmp_path / "data", 8, each=1)
    )
    recipe = tiny.recipe(batch_size=100)
    ended = _ended(list(train(Request(folder, tmp_path / "run", tiny.spec(len(folder.classes)), recipe))))
    assert (ended.reason, ended.best_epoch) == ("diverged", 1)
    assert _finite(tmp_path / "run")


def test_fault_39_out_of_memory_offers_half_the_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = Learner.learn

    def hungry(self: Learner, batch: Batch, *, watched: bool = False) -> None:
        if self.step == 2:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.")
        really(self, batch, watched=watched)

    monkeypatch.setattr(Learner, "learn", hungry)
    request = Request(tiny.folder(tmp_path / "data"), tmp_path / "run", tiny.spec(), tiny.recipe())
    ended = _ended(list(train(request)))
    assert (ended.reason, ended.code) == ("failed", "out_of_memory")
    assert "Try a batch of 2." in ended.sentence
    assert checkpoint.load(run_folder.open(tmp_path / "run"), "last").step == 2


class _Backward:
    """torch's own, until `fails` at its fourth call: by then two steps, or all of an epoch, are saved."""

    def __init__(self, error: RuntimeError) -> None:
        self._really = torch.autograd.backward
        self._error = error
        self.calls = 0

    def __call__(self, loss: torch.Tensor) -> None:
        self.calls += 1
        if self.calls == 4:
            raise self._error
        self._really(loss)


@pytest.mark.parametrize("saved", [True, False])
def test_fault_40_a_device_that_is_lost_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, saved: bool
) -> None:
    """A dead context answers everything with the same error: also the question for the weights."""
    words = "CUDA error: unspecified launch failure\nCUDA kernel errors might be asynchronously reported."
    backward = _Backward(torch.AcceleratorError(words))
    folder, recipe = tiny.folder(tmp_path / "data"), tiny.recipe(batch_size=4 if saved else 2)

    def request(run: str) -> Request:
        return Request(folder, tmp_path / run, tiny.spec(dropout=0.5), recipe)

    def asked(really: Callable[[Learner], object]) -> Callable[[Learner], object]:
        def ask(learner: Learner) -> object:
            if backward.calls >= 4:
                raise torch.AcceleratorError(words)
            return really(learner)

        return ask

    with monkeypatch.context() as dying:
        dying.setattr(torch.autograd, "backward", backward)
        for name in ("is_finite", "checkpoint", "release"):
            dying.setattr(Learner, name, asked(getattr(Learner, name)))
        ended = _ended(list(train(request("run"))))
    assert (ended.reason, ended.code, backward.calls) == ("failed", "device_lost", 4)
    assert "does not answer any more (CUDA error: unspecified launch failure)" in ended.sentence
    assert "Start the program again" in ended.sentence and "\n" not in ended.sentence
    assert ("last checkpoint" in ended.sentence) == saved
    assert History(tmp_path / "run" / "metrics.jsonl").read()[-1] == ended
    list(resume(tmp_path / "run"))
    list(train(request("whole")))
    assert_same(tmp_path / "whole", tmp_path / "run")


def test_fault_41_an_operation_that_the_device_lacks_is_named_and_the_cpu_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = (
        "The operator 'aten::_upsample_bicubic2d_aa.out' is not currently implemented for the MPS device. If you "
        "want this op to be considered for addition please comment on https://github.com/pytorch/pytorch/issues/77764."
    )
    folder = tiny.folder(tmp_path / "data")

    def request(run: str) -> Request:
        return Request(folder, tmp_path / run, tiny.spec(dropout=0.5), tiny.recipe(batch_size=2))

    with monkeypatch.context() as lacking:
        lacking.setattr(torch.autograd, "backward", _Backward(NotImplementedError(words)))
        ended = _ended(list(train(request("run"))))
    assert (ended.reason, ended.code) == ("failed", "operation_missing")
    assert "cannot do aten::_upsample_bicubic2d_aa.out with this version of torch" in ended.sentence
    assert ended.sentence.endswith("Resume the run with cpu as its device.")
    # The step that could not be made has left no trace: gone on with, it ends as if it had never been tried.
    assert checkpoint.load(run_folder.open(tmp_path / "run"), "last").step == 3
    list(resume(tmp_path / "run", changes={"device": "cpu"}))
    list(train(request("whole")))
    assert_same(tmp_path / "whole", tmp_path / "run")


@pytest.mark.parametrize(
    "error", [RuntimeError("a bug"), NotImplementedError("not yet"), RuntimeError("CPU error")]
)
def test_other_errors_are_none_of_a_device(error: RuntimeError) -> None:
    assert of_the_device(error) is None


def test_another_error_is_not_hidden_and_is_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Learner, "learn", broken)
    with pytest.raises(RuntimeError, match="a bug"):
        list(train(Request(tiny.folder(tmp_path / "data"), tmp_path / "run", tiny.spec(), tiny.recipe())))
    ended = History(tmp_path / "run" / "metrics.jsonl").read()[-1]
    assert isinstance(ended, Ended)
    assert ended.reason == "failed"


def test_fault_44_a_loss_that_stays_at_guessing_is_a_note(tmp_path: Path) -> None:
    recipe = tiny.recipe(lr=1e-9, initialisation="paper", epochs=4)
    events = list(train(Request(tiny.folder(tmp_path / "data"), tmp_path / "run", tiny.spec(), recipe)))
    notes = [event for event in events if isinstance(event, Note)]
    assert [note.code for note in notes] == ["stuck"]
    assert "ln(2) = 0.693" in notes[0].sentence
    assert _ended(events).reason == "finished"


def test_fault_31_black_images_train(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data")
    black = (folder.root / "class0" / "0.png").with_name("black.png")
    tiny.write_image(black, 0, 2, 0)
    for image in folder.root.rglob("*.png"):
        tiny.write_black(image)
    events = list(
        train(Request(tiny.scanned(folder.root), tmp_path / "run", tiny.spec(), tiny.recipe(epochs=1)))
    )
    assert _ended(events).reason == "finished"
    assert any(isinstance(event, Saved) for event in events)
