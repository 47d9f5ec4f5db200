"""A whole training: what it yields, what it leaves, what it refuses."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import tiny

from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.runs import checkpoint
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.film import Film
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Epoch, Layers, Note, Started, Step
from alexnet_studio.training.events import Event, KernelsSeen, Saved
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.trainer import Request, resume, train

_Kind = TypeVar("_Kind")


def _trained(
    folder: ImageFolder, run: Path, recipe: Recipe, typed: frozenset[str] = frozenset()
) -> list[Event | None]:
    return list(train(Request(folder, run, tiny.spec(len(folder.classes)), recipe, typed)))


def _only(events: list[Event | None], kind: type[_Kind]) -> list[_Kind]:
    return [event for event in events if isinstance(event, kind)]


def test_eight_images_are_learned_by_heart(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data", each=4, val=1)
    recipe = tiny.recipe(epochs=40, lr=0.05, crop=False, mirror=False, colour_pca=0.0)
    events = _trained(folder, tmp_path / "run", recipe)
    last = _only(events, Epoch)[-1]
    assert last.train_loss < 0.02
    assert (last.train_top1, last.val_top1) == (1.0, 1.0)
    assert isinstance(events[-1], Ended)
    assert events[-1].reason == "finished"


def test_the_rows_of_a_run(tmp_path: Path) -> None:
    events = _trained(tiny.folder(tmp_path / "data", classes=3, each=7), tmp_path / "run", tiny.recipe())
    rows = [event for event in events if isinstance(event, Started | Step | Layers | Epoch | Note | Ended)]
    run = run_folder.open(tmp_path / "run")
    assert tuple(rows) == History(run.metrics).read()
    started = _only(events, Started)[0]
    # 21 images: one of seven in each class validates (a fifth, rounded), 18 train in steps of 4.
    assert (started.train_images, started.val_images, started.steps_per_epoch, started.k) == (18, 3, 5, 3)
    steps, epochs = _only(events, Step), _only(events, Epoch)
    assert [step.step for step in steps] == list(range(1, 16))
    assert [(epoch.epoch, epoch.step) for epoch in epochs] == [(1, 5), (2, 10), (3, 15)]
    assert all(step.top5 == 1.0 for step in steps)  # top-3 of three classes
    assert all(row.images_per_second > 0 for row in (*steps, *epochs))
    # An epoch's loss is the mean over images, and its last step has 2 of them, not 4.
    first = steps[:5]
    assert epochs[0].train_loss == pytest.approx(
        sum(s.loss * n for s, n in zip(first, (4, 4, 4, 4, 2), strict=True)) / 18
    )


def test_what_a_run_leaves(tmp_path: Path) -> None:
    events = _trained(tiny.folder(tmp_path / "data"), tmp_path / "run", tiny.recipe())
    run = run_folder.open(tmp_path / "run")
    record = run.record
    assert record.network["name"] == "tiny"
    assert (record.input["size"], record.input["resize_to"]) == (16, 18)
    assert sorted((*record.split.train, *record.split.val)) == sorted(
        f"class{label}/{number}.png" for label in range(2) for number in range(8)
    )
    assert record.data.root == str(tmp_path / "data")
    assert (record.device, record.precision, record.threads) == ("cpu", "float32", 1)
    kernels = _only(events, KernelsSeen)
    assert kernels[0].step == 0
    assert kernels[0].kernels.shape == (8, 3, 3, 3)
    assert not kernels[0].kernels.flags.writeable
    film = Film(run.kernels)
    assert [frame.step for frame in film.frames] == [seen.step for seen in kernels]
    np.testing.assert_allclose(film.read(-1), kernels[-1].kernels, rtol=1e-3, atol=1e-6)
    saved = [(event.step, event.epoch) for event in _only(events, Saved)]
    assert saved == sorted(set(saved))
    assert saved[-1] == (9, 3)
    best = checkpoint.load(run, "best")
    assert best.epoch == _only(events, Ended)[0].best_epoch


def test_the_best_is_chosen_by_validation(tmp_path: Path) -> None:
    events = _trained(tiny.folder(tmp_path / "data", val=4), tmp_path / "run", tiny.recipe(epochs=6))
    epochs = _only(events, Epoch)
    values = [(epoch.val_top1 or 0.0, -(epoch.val_loss or math.inf)) for epoch in epochs]
    assert _only(events, Ended)[0].best_epoch == values.index(max(values)) + 1


def test_without_validation_images_the_training_loss_chooses(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data", classes=4, each=1)
    events = _trained(
        folder, tmp_path / "run", tiny.recipe(batch_size=2, crop=False, mirror=False, colour_pca=0.0)
    )
    epochs = _only(events, Epoch)
    assert all(epoch.val_loss is None for epoch in epochs)
    losses = [epoch.train_loss for epoch in epochs]
    assert _only(events, Ended)[0].best_epoch == losses.index(min(losses)) + 1


def test_something_comes_after_every_batch(tmp_path: Path) -> None:
    """Long trainings log fewer steps, and can still be stopped after each."""
    folder = tiny.folder(tmp_path / "data", each=5)
    events = train(Request(folder, tmp_path / "run", tiny.spec(), tiny.recipe(epochs=3000, batch_size=2)))
    seen = [next(events) for _ in range(60)]
    events.close()
    steps = _only(seen, Step)
    assert steps[0].step == 6  # 12,000 steps in all, 2,000 rows
    assert seen.count(None) >= 5 * (len(steps) - 1)


def test_fault_45_a_default_batch_is_clipped_and_a_typed_one_refused(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data", val=1)
    recipe = tiny.recipe(batch_size=500, epochs=1)
    notes = _only(_trained(folder, tmp_path / "run", recipe), Note)
    assert [note.code for note in notes] == ["batch_clipped"]
    assert run_folder.open(tmp_path / "run").record.recipe["batch_size"] == 16
    with pytest.raises(BadInput) as caught:
        _trained(folder, tmp_path / "other", recipe, frozenset({"batch_size"}))
    assert caught.value.code == "batch_too_large"
    assert not (tmp_path / "other").exists()


def test_fault_46_a_last_batch_of_one(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data", each=9, val=1)
    events = _trained(folder, tmp_path / "run", tiny.recipe(batch_size=17, epochs=1))
    assert [step.step for step in _only(events, Step)] == [1, 2]


def test_fault_05_one_class_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        _trained(tiny.folder(tmp_path / "data", classes=1), tmp_path / "run", tiny.recipe())
    assert caught.value.code == "one_class"


def test_fault_57_an_existing_run_and_one_among_the_images_are_refused(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "letter.txt").write_text("dear")
    for place, code in ((tmp_path / "run", "run_exists"), (folder.root / "run", "run_inside_data")):
        with pytest.raises(BadInput) as caught:
            _trained(folder, place, tiny.recipe())
        assert caught.value.code == code


def test_fault_57_a_run_that_cannot_be_written_is_refused_before_an_image_is_read(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data")
    (tmp_path / "file").write_text("dear")
    with pytest.raises(Failed) as caught:
        next(train(Request(folder, tmp_path / "file" / "run", tiny.spec(), tiny.recipe())))
    assert caught.value.code == "not_writable" and str(tmp_path / "file" / "run") in caught.value.sentence


def test_a_network_for_other_classes_or_another_size_is_refused(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data")
    for spec, code in (
        (tiny.spec(5), "classes_do_not_match"),
        (replace(tiny.spec(), channels=4), "channels_unsupported"),
        (replace(tiny.spec(), image_size=2), "layer_vanishes"),
    ):
        with pytest.raises(BadInput) as caught:
            list(train(Request(folder, tmp_path / "run", spec, tiny.recipe())))
        assert caught.value.code == code


def test_an_image_that_cannot_be_decoded_is_left_out_with_a_note(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data")
    whole = (folder.root / "class0" / "0.png").read_bytes()
    (folder.root / "class0" / "0.png").write_bytes(whole[: len(whole) // 2])
    events = _trained(tiny.scanned(folder.root), tmp_path / "run", tiny.recipe(epochs=1))
    note = _only(events, Note)[0]
    assert note.code == "images_unreadable"
    assert "class0/0.png" in note.sentence
    assert run_folder.open(tmp_path / "run").record.split.left_out == ("class0/0.png",)


def test_decoding_and_validation_report_progress(tmp_path: Path) -> None:
    events = _trained(tiny.folder(tmp_path / "data"), tmp_path / "run", tiny.recipe(epochs=1))
    assert {"decode", "evaluate"} <= {event.what for event in _only(events, Progress)}


def test_fault_50_a_full_disk_while_saving_keeps_the_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = Request(tiny.folder(tmp_path / "data"), tmp_path / "run", tiny.spec(), tiny.recipe())
    events = train(request)
    for event in events:
        if isinstance(event, Saved):
            break

    def full(*_: object, **__: object) -> None:
        raise Failed("disk_full", "The disk is full.")

    monkeypatch.setattr(checkpoint, "save", full)
    with pytest.raises(Failed):
        list(events)
    monkeypatch.undo()
    run = run_folder.open(tmp_path / "run")
    # What was sent to the disk before it was full is there, and verifies.
    assert checkpoint.load(run, "last").epoch in {1, 2}
    ended = History(run.metrics).read()[-1]
    assert isinstance(ended, Ended)
    assert (ended.reason, ended.code) == ("failed", "disk_full")


@pytest.mark.parametrize("moment", [Started, Epoch])
def test_fault_49_a_history_that_cannot_be_written_is_a_note(moment: type, tmp_path: Path) -> None:
    events = train(
        Request(tiny.folder(tmp_path / "data"), tmp_path / "run", tiny.spec(), tiny.recipe(epochs=1))
    )
    seen: list[Event | None] = []
    for event in events:
        seen.append(event)
        if isinstance(event, moment):
            (tmp_path / "run" / "metrics.jsonl").unlink()
            (tmp_path / "run" / "metrics.jsonl").mkdir()
    assert [note.code for note in _only(seen, Note)] == ["history_not_written"]
    assert isinstance(seen[-1], Ended)


def test_a_disk_without_room_trains_by_decoding_and_says_how_much_slower(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tiny.folder(tmp_path / "data")
    recipe = tiny.recipe(epochs=2, seed=3)
    plain = _trained(folder, tmp_path / "plain", recipe)

    def short(*_: object) -> bool:
        return True

    monkeypatch.setattr("alexnet_studio.training.learned_images.is_short", short)
    monkeypatch.setenv(
        "ALEXNET_STUDIO_CACHE", str(tmp_path / "elsewhere")
    )  # the first run's store is not there
    events = _trained(folder, tmp_path / "short", recipe)
    (note,) = [note for note in _only(events, Note) if note.code == "no_room_for_store"]
    assert re.search(r"need 0\.0 GB and the disk has .* about \d+ times slower", note.sentence)
    # And learns the same.
    losses = [[row.val_loss for row in _only(run, Epoch)] for run in (plain, events)]
    assert losses[0] == losses[1]


def test_fault_10_an_image_in_both_train_and_val_is_a_note(tmp_path: Path) -> None:
    for split in ("train", "val"):
        tiny.folder(tmp_path / "data" / split, each=4)
    (tmp_path / "data" / "val" / "class0" / "copy.png").write_bytes(
        (tmp_path / "data" / "train" / "class0" / "0.png").read_bytes()
    )
    events = _trained(tiny.scanned(tmp_path / "data"), tmp_path / "run", tiny.recipe(epochs=1))
    (note,) = [note for note in _only(events, Note) if note.code == "same_in_train_and_val"]
    assert "val/class0/" in note.sentence


def test_fault_33_images_that_go_away_leave_a_run_to_resume(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data")
    whole = _trained(folder, tmp_path / "whole", tiny.recipe(epochs=4, store="none"))
    job = train(Request(folder, tmp_path / "run", tiny.spec(), tiny.recipe(epochs=4, store="none")))
    with pytest.raises(Failed) as caught:
        for event in job:
            if isinstance(event, Epoch) and event.epoch == 2:
                folder.root.rename(tmp_path / "away")
    assert caught.value.code == "folder_gone"
    (tmp_path / "away").rename(folder.root)
    again = list(resume(tmp_path / "run"))
    assert [row.val_loss for row in _only(again, Epoch)][-1] == [row.val_loss for row in _only(whole, Epoch)][
        -1
    ]
