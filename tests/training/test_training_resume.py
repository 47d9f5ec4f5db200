"""A run that was cut anywhere and resumed is the run that was never cut, to the bit."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
import tiny
import torch
from exactness import assert_same

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.networks.layers import Conv, Dense
from alexnet_studio.runs import checkpoint
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Note, Started, Step
from alexnet_studio.training.events import Event
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.trainer import Request, resume, train

EPOCHS, STEPS = 3, 4  # 16 images less a fifth for validation: 12 or 14, in steps of 4

RECIPES: dict[str, dict[str, object]] = {
    "sgd and cosine": {},
    "plateau": {"schedule": "plateau", "lr": 0.1},
    "adam": {"optimizer": "adam", "lr": 0.003, "schedule": "step"},
    "bfloat16": {"precision": "bfloat16"},
}


def _request(folder: ImageFolder, run: Path, recipe: Recipe) -> Request:
    return Request(folder, run, tiny.spec(dropout=0.5), recipe)


def _until_step(request: Request, steps: int) -> None:
    """Train and stop after so many steps, as a person would: by ceasing to iterate."""
    events = train(request)
    for event in events:
        if isinstance(event, Step) and event.step == steps:
            break
    events.close()


@pytest.mark.parametrize("kind", RECIPES)
@pytest.mark.parametrize("cut", [1, 3, 6])
def test_cut_and_resumed_equals_uninterrupted(tmp_path: Path, kind: str, cut: int) -> None:
    folder = tiny.folder(tmp_path / "data")
    recipe = tiny.recipe(**RECIPES[kind])
    list(train(_request(folder, tmp_path / "whole", recipe)))
    _until_step(_request(folder, tmp_path / "cut", recipe), cut)
    torch.default_generator.manual_seed(12345)  # whoever draws in between changes nothing
    events = list(resume(tmp_path / "cut"))
    assert isinstance(events[-1], Ended)
    assert_same(tmp_path / "whole", tmp_path / "cut")


@pytest.mark.parametrize("workers", [0, 2])
def test_stopped_at_every_single_event(tmp_path: Path, workers: int) -> None:
    """Stop, resume, stop at the next event, resume, ... with one event in each sitting."""
    folder = tiny.folder(tmp_path / "data", each=5)
    recipe = tiny.recipe(epochs=2, workers=workers)
    list(train(_request(folder, tmp_path / "whole", recipe)))
    run = tmp_path / "cut"
    events = train(_request(folder, run, recipe))
    stop_after, ended = 0, False
    while not ended:
        stop_after += 1
        ended = _sitting(events, stop_after)
        if not ended and run_folder.is_run(run):
            stopped = History(run / "metrics.jsonl").read()[-1]
            assert isinstance(stopped, Ended)
            assert stopped.reason == "stopped"
        if not ended:
            events = resume(run) if run_folder.is_run(run) else train(_request(folder, run, recipe))
    assert_same(tmp_path / "whole", run)


def _sitting(events: Generator[Event | None], count: int) -> bool:
    """Whether the training ended within its first `count` events."""
    for number, event in enumerate(events, start=1):
        if isinstance(event, Ended):
            return True
        if number == count:
            events.close()
            return False
    return True


def test_fault_48_stopped_before_the_first_step(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data")
    list(train(_request(folder, tmp_path / "whole", tiny.recipe())))
    events = train(_request(folder, tmp_path / "cut", tiny.recipe()))
    for event in events:
        if isinstance(event, Started):
            break
    events.close()
    ended = History(tmp_path / "cut" / "metrics.jsonl").read()[-1]
    assert isinstance(ended, Ended)
    assert (ended.reason, "nothing to save" in ended.sentence) == ("stopped", True)
    assert not checkpoint.has_any(run_folder.open(tmp_path / "cut"))
    list(resume(tmp_path / "cut"))
    assert_same(tmp_path / "whole", tmp_path / "cut")


def test_closed_before_it_began_leaves_nothing(tmp_path: Path) -> None:
    events = train(_request(tiny.folder(tmp_path / "data"), tmp_path / "run", tiny.recipe()))
    next(events)
    events.close()
    assert not (tmp_path / "run").exists()


def test_fault_51_killed_after_rows_that_no_checkpoint_knows(tmp_path: Path) -> None:
    """kill -9 in the second epoch: the rows are there, the checkpoint is that of the first."""
    folder = tiny.folder(tmp_path / "data")
    list(train(_request(folder, tmp_path / "whole", tiny.recipe())))
    events = train(_request(folder, tmp_path / "live", tiny.recipe()))
    for event in events:
        if isinstance(event, Step) and event.step >= 6:
            break
    while checkpoint.load(run_folder.open(tmp_path / "live"), "last").epoch < 1 or list(
        tmp_path.glob("live/checkpoints/.*.tmp")
    ):
        time.sleep(0.005)  # it is on its way to the disk, beside the training
    shutil.copytree(tmp_path / "live", tmp_path / "killed")
    with (tmp_path / "killed" / "metrics.jsonl").open("a") as torn:
        torn.write('{"event": "step", "st')
    events.close()
    list(resume(tmp_path / "killed"))
    assert_same(tmp_path / "whole", tmp_path / "killed")


def test_a_damaged_last_checkpoint_falls_back_with_a_note(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data")
    list(train(_request(folder, tmp_path / "whole", tiny.recipe())))
    _until_step(_request(folder, tmp_path / "cut", tiny.recipe()), 6)
    (tmp_path / "cut" / "checkpoints" / "last.pt").write_bytes(b"")
    notes = [event for event in resume(tmp_path / "cut") if isinstance(event, Note)]
    assert [note.code for note in notes] == ["checkpoint_fallback"]
    assert_same(tmp_path / "whole", tmp_path / "cut")


def _stopped(tmp_path: Path) -> RunFolder:
    _until_step(_request(tiny.folder(tmp_path / "data"), tmp_path / "run", tiny.recipe()), 2)
    return run_folder.open(tmp_path / "run")


def _code(run: RunFolder, changes: dict[str, object] | None = None) -> BadInput:
    with pytest.raises(BadInput) as caught:
        list(resume(run.path, changes=changes))
    return caught.value


def test_only_epochs_device_and_workers_may_change(tmp_path: Path) -> None:
    run = _stopped(tmp_path)
    refused = _code(run, changes={"epochs": 5, "lr": 0.5})
    assert refused.code == "recipe_differs"
    assert "lr 0.02, not 0.5" in refused.sentence
    assert _code(run, changes={"epochs": 0}).code == "recipe_field"
    events = list(resume(run.path, changes={"epochs": 5, "workers": 1, "lr": 0.02, "device": "cpu"}))
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert ended.epoch == 5
    assert run_folder.open(run.path).record.recipe["epochs"] == 5


def test_a_finished_run_has_nothing_left_to_do(tmp_path: Path) -> None:
    list(train(_request(tiny.folder(tmp_path / "data"), tmp_path / "run", tiny.recipe())))
    before = checkpoint.load(run_folder.open(tmp_path / "run"), "last").identity
    events = [event for event in resume(tmp_path / "run") if isinstance(event, Ended)]
    assert [event.reason for event in events] == ["finished"]
    assert checkpoint.load(run_folder.open(tmp_path / "run"), "last").identity == before


def test_fault_35_a_changed_folder_is_refused_with_what_differs(tmp_path: Path) -> None:
    run = _stopped(tmp_path)
    image = tmp_path / "data" / "class0" / "3.png"
    original, stat = image.read_bytes(), image.stat()

    image.unlink()
    refused = _code(run)
    assert refused.code == "folder_changed"
    assert "1 image is missing, such as class0/3.png" in refused.sentence

    image.write_bytes(original)
    assert "another size or date" in _code(run).sentence

    os.utime(image, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    tiny.write_image(tmp_path / "data" / "class1" / "new.png", 1, 2, 99)
    assert "1 image is new, such as class1/new.png" in _code(run).sentence

    tiny.write_image(tmp_path / "data" / "class2" / "0.png", 1, 2, 99)
    assert "1 class is new, such as class2" in _code(run).sentence


def test_a_moved_folder_is_named(tmp_path: Path) -> None:
    run = _stopped(tmp_path)
    list(train(_request(tiny.scanned(tmp_path / "data"), tmp_path / "whole", tiny.recipe())))
    shutil.copytree(tmp_path / "data", tmp_path / "elsewhere", copy_function=shutil.copyfile)
    shutil.rmtree(tmp_path / "data")
    assert str(tmp_path / "data") in _code(run).sentence
    list(resume(run.path, folder=tmp_path / "elsewhere"))
    assert_same(tmp_path / "whole", run.path)
    assert run_folder.open(run.path).record.data.root == str(tmp_path / "elsewhere")


def test_new_test_images_change_nothing(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data", val=2)
    _until_step(_request(folder, tmp_path / "run", tiny.recipe()), 2)
    tiny.write_image(tmp_path / "data" / "test" / "class0" / "9.png", 0, 2, 9)
    tiny.write_image(tmp_path / "data" / "test" / "class1" / "9.png", 1, 2, 9)
    assert isinstance(list(resume(tmp_path / "run"))[-1], Ended)


@pytest.mark.parametrize("part", ["recipe", "input", "colour"])
def test_a_record_that_was_tampered_with(tmp_path: Path, part: str) -> None:
    run = _stopped(tmp_path)
    run_folder.write_record(run.path, run.record.model_copy(update={part: {"size": "big", "lr": "fast"}}))
    assert _code(run).code in {"not_a_run", "recipe_field"}


def test_no_run_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        list(resume(tmp_path / "nowhere"))
    assert caught.value.code == "not_a_run"


def test_fault_54_a_checkpoint_of_another_network(tmp_path: Path) -> None:
    run = _stopped(tmp_path)
    wider = {**run.record.network, "layers": [dict(layer) for layer in run.record.network["layers"]]}
    wider["layers"][4]["neurons"] = 17
    run_folder.write_record(run.path, run.record.model_copy(update={"network": wider}))
    refused = _code(run)
    assert refused.code == "checkpoint_does_not_fit"
    assert (
        "fc3.weight is 16 x 128 there and 17 x 128 here" in refused.sentence and "--from" in refused.sentence
    )


def _towers_request(folder: ImageFolder, run: Path, recipe: Recipe) -> Request:
    plain = tiny.spec(dropout=0.5)
    cut = {"conv2": 2, "fc3": 2}
    layers = tuple(
        replace(layer, groups=cut[layer.name])
        if isinstance(layer, Conv | Dense) and layer.name in cut
        else layer
        for layer in plain.layers
    )
    return Request(folder, run, replace(plain, layers=layers, towers=2), recipe)


@pytest.mark.parametrize("kind", ["sgd and cosine", "adam"])
def test_cut_and_resumed_on_two_devices(tmp_path: Path, kind: str) -> None:
    folder = tiny.folder(tmp_path / "data")
    recipe = tiny.recipe(**RECIPES[kind], device="cpu,cpu")
    list(train(_towers_request(folder, tmp_path / "whole", recipe)))
    _until_step(_towers_request(folder, tmp_path / "cut", recipe), 5)
    events = list(resume(tmp_path / "cut"))
    assert run_folder.open(tmp_path / "cut").record.device == "cpu,cpu"
    assert not [event for event in events if isinstance(event, Note)]
    assert_same(tmp_path / "whole", tmp_path / "cut")


@pytest.mark.parametrize("kind", ["sgd and cosine", "adam"])
@pytest.mark.parametrize(("first", "then"), [("cpu", "cpu,cpu"), ("cpu,cpu", "cpu")])
def test_a_run_goes_on_with_another_number_of_devices(
    tmp_path: Path, kind: str, first: str, then: str
) -> None:
    """Its momentum comes along: what the optimiser has gathered is kept as the whole network's."""
    folder = tiny.folder(tmp_path / "data")
    values = {**RECIPES[kind], "dropout": 0.0}
    list(train(_towers_request(folder, tmp_path / "whole", tiny.recipe(**values, device=first))))
    _until_step(_towers_request(folder, tmp_path / "cut", tiny.recipe(**values, device=first)), 5)
    list(resume(tmp_path / "cut", changes={"device": then}))
    whole, cut = (checkpoint.load(run_folder.open(tmp_path / name), "last") for name in ("whole", "cut"))
    for name, tensor in whole.weights.items():
        torch.testing.assert_close(cut.weights[name], tensor, rtol=1e-3, atol=1e-5)
