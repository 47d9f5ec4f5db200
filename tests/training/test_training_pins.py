"""What a training keeps of every epoch, against the network that the checkpoint of that epoch holds."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import tiny
from exactness import assert_same, kept_of_epochs
from PIL import Image

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.insight.epoch_answers import scored
from alexnet_studio.insight.evaluate_run import RunEvaluation, evaluate_runs
from alexnet_studio.insight.features import embed
from alexnet_studio.insight.loaded import load
from alexnet_studio.insight.neighbours import nearest
from alexnet_studio.insight.predict import predict, query
from alexnet_studio.runs import changes, diary, features, inbox, pins
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.answers import KeptAnswers
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.history import History
from alexnet_studio.runs.inbox import Order
from alexnet_studio.runs.pins import PinRecords
from alexnet_studio.runs.rows import Ended, Epoch, Note, Step
from alexnet_studio.training import listening, pinning
from alexnet_studio.training.events import Event
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.trainer import Request, resume, train


@pytest.fixture
def folder(tmp_path: Path) -> ImageFolder:
    return tiny.folder(tmp_path / "data", each=8, val=6)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """An image that is in no class folder."""
    path = tmp_path / "elsewhere" / "猫.jpg"
    path.parent.mkdir()
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (40, 30, 3), np.uint8)).save(path)
    return path


def _request(folder: ImageFolder, run: Path, images: Iterable[Path], recipe: Recipe | None = None) -> Request:
    spec = tiny.spec(dropout=0.5)
    return Request(folder, run, spec, recipe or tiny.recipe(), pins=tuple(images))


def _own(folder: ImageFolder, number: int) -> Path:
    return folder.root / folder.images[number].path


def test_each_epoch_has_its_answers(folder: ImageFolder, tmp_path: Path) -> None:
    list(train(_request(folder, tmp_path / "run", ())))
    run = run_folder.open(tmp_path / "run")
    kept = KeptAnswers(run)
    epochs = [row for row in History(run.metrics).read() if isinstance(row, Epoch)]
    assert kept.epochs == tuple(row.epoch for row in epochs) == (1, 2, 3)
    for row in epochs:
        found = scored(kept.of(row.epoch), 2)
        assert (found.top1, found.top5, found.images) == (row.val_top1, row.val_top5, 12)
    *_, last = evaluate_runs([run.path], checkpoint="last")
    assert isinstance(last, RunEvaluation)
    answers = kept.of(3)
    assert np.array_equal(answers.guesses, last.file.guesses)
    assert np.array_equal(answers.labels, last.file.labels)


def test_a_pinned_image_is_seen_as_the_checkpoint_sees_it(
    folder: ImageFolder, outside: Path, tmp_path: Path
) -> None:
    inside = _own(folder, 3)
    list(train(_request(folder, tmp_path / "run", (outside, inside))))
    run = run_folder.open(tmp_path / "run")
    assert [pin.image for pin in pins.pinned(run.path)] == [str(outside), folder.images[3].path]
    seen = PinRecords(run).read()
    assert [one.epoch for one in seen] == [1, 1, 2, 2, 3, 3]
    loaded = load(run, "last")
    list(embed(loaded, run))
    file = features.read(run.features, "fc3")
    for path, one in zip((outside, inside), seen[-2:], strict=True):
        (wanted,) = predict(loaded, [path])
        assert [(run.record.classes[label], share) for label, share in one.top] == [
            (name, pytest.approx(share)) for name, share in wanted.top
        ]
        others = [
            found for found in nearest(file, query(loaded, path)[1], 16) if folder.root / found.path != path
        ]
        near = others[: pins.NEAR]
        assert [row for row, _ in one.near] == [found.row for found in near]
        assert [distance for _, distance in one.near] == pytest.approx([found.distance for found in near])
        assert one.searched == len(run.record.split.train) == 16
    assert 3 not in {row for row, _ in seen[-1].near}  # itself
    pictures = PinRecords(run).thumbnails()
    assert {row for one in seen for row, _ in one.near} == {*pictures}
    assert all(np.array_equal(pixels, file.thumbnails[row]) for row, pixels in pictures.items())


def test_of_many_training_images_a_draw_is_searched(
    folder: ImageFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pinning, "SEARCHED", 7)
    list(train(_request(folder, tmp_path / "run", (_own(folder, 0),))))
    seen = PinRecords(run_folder.open(tmp_path / "run")).read()
    assert {one.searched for one in seen} == {7}
    rows = {row for one in seen for row, _ in one.near}
    assert len(rows) <= 7 and {row < 8 for row in rows} == {True, False}  # of both classes


@pytest.mark.parametrize("cut", [1, 4, 6])
def test_pins_are_exact_over_a_resume(folder: ImageFolder, outside: Path, tmp_path: Path, cut: int) -> None:
    """The file itself is not asked for again."""
    list(train(_request(folder, tmp_path / "whole", (outside,))))
    events = train(_request(folder, tmp_path / "cut", (outside,)))
    for event in events:
        if isinstance(event, Step) and event.step == cut:
            break
    events.close()
    outside.unlink()
    list(resume(tmp_path / "cut"))
    assert_same(tmp_path / "whole", tmp_path / "cut")


def _ordered(events: Iterable[Event | None], run: Path, at: dict[int, Order]) -> list[str]:
    """The orders of each step, heard before the next update; the notes' codes."""
    codes: list[str] = []
    for event in events:
        if isinstance(event, Step) and event.step in at:
            inbox.send(run, at.pop(event.step))
        if isinstance(event, Note):
            codes.append(event.code)
    return codes


@pytest.fixture
def at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "_INTERVAL_S", 0.0)


@pytest.mark.usefixtures("at_every_step")
def test_pinned_and_unpinned_while_it_trains(folder: ImageFolder, outside: Path, tmp_path: Path) -> None:
    """Four steps an epoch: from the second epoch on, until the third. A run that is resumed does it again."""
    run = tmp_path / "run"
    orders = {5: Order("pin", image=str(outside)), 9: Order("unpin", image=str(outside))}
    assert _ordered(train(_request(folder, run, ())), run, orders) == ["image_pinned", "image_unpinned"]
    opened = run_folder.open(run)
    assert [one.epoch for one in PinRecords(opened).read()] == [2]
    assert (pins.pinned(run), len(pins.ever_pinned(run))) == ((), 1)
    assert diary.read(run).count("猫.jpg") == 2
    whole = kept_of_epochs(run)
    for later in (run / "checkpoints", run / "metrics.jsonl"):
        shutil.rmtree(later) if later.is_dir() else later.unlink()
    events = list(resume(run))  # from the first step
    assert [event.code for event in events if isinstance(event, Note)] == ["image_pinned", "image_unpinned"]
    assert kept_of_epochs(run) == whole


@pytest.mark.usefixtures("at_every_step")
@pytest.mark.parametrize("kind", ["no image", "missing", "twice", "seventh", "not pinned"])
def test_what_cannot_be_pinned_is_refused_and_nothing_stops(
    folder: ImageFolder, tmp_path: Path, kind: str
) -> None:
    run, text = tmp_path / "run", tmp_path / "text.jpg"
    text.write_text("no image")
    order, words, held = {
        "no image": (Order("pin", image=str(text)), "is not an image", 0),
        "missing": (Order("pin", image=str(tmp_path / "gone.png")), "gone.png", 0),
        "twice": (Order("pin", image=str(_own(folder, 0))), "pinned already", 1),
        "seventh": (Order("pin", image=str(_own(folder, 9))), "At most 6", 6),
        "not pinned": (Order("unpin", image="nobody.png"), "nobody.png is not pinned", 1),
    }[kind]
    name = ""
    for event in train(_request(folder, run, [_own(folder, number) for number in range(held)])):
        if isinstance(event, Step) and event.step == 2:
            name = inbox.send(run, order)
    answer = inbox.answer(run, name)
    assert answer is not None and not answer.done and words in answer.sentence
    assert len(changes.read(run)) == held
    last = History(run / "metrics.jsonl").read()[-1]
    assert isinstance(last, Ended) and last.reason == "finished"


@pytest.mark.parametrize("kind", ["no image", "seven"])
def test_a_training_does_not_begin_with_what_cannot_be_pinned(
    folder: ImageFolder, tmp_path: Path, kind: str
) -> None:
    text = tmp_path / "text.jpg"
    text.write_text("no image")
    images = [text] if kind == "no image" else [_own(folder, number) for number in range(7)]
    with pytest.raises(BadInput, match="text.jpg" if kind == "no image" else "At most 6"):
        list(train(_request(folder, tmp_path / "run", images)))
    assert not (tmp_path / "run").exists()


def test_a_damaged_pin_is_a_note_and_the_others_are_seen(folder: ImageFolder, tmp_path: Path) -> None:
    run = tmp_path / "run"
    events = train(_request(folder, run, (_own(folder, 0), _own(folder, 1))))
    for event in events:
        if isinstance(event, Step) and event.step == 6:
            break
    events.close()
    first, second = pins.pinned(run)
    (run / "pins" / f"{first.key}.npy").write_bytes(b"junk")
    notes = [event for event in resume(run) if isinstance(event, Note)]
    assert [note.code for note in notes] == ["pin_damaged"] and first.image in notes[0].sentence
    seen = PinRecords(run_folder.open(run)).read()
    assert [(one.epoch, one.key) for one in seen if one.epoch > 1] == [(2, second.key), (3, second.key)]


def test_a_damaged_history_of_answers_stops_no_resume(folder: ImageFolder, tmp_path: Path) -> None:
    run = tmp_path / "run"
    list(train(_request(folder, run, (_own(folder, 0),), tiny.recipe(epochs=2))))
    for name in ("answers/labels.npy", "answers/validation.epochs", "pins/answers.epochs"):
        (run / name).write_bytes(b"junk")
    events = list(resume(run, changes={"epochs": 4}))
    assert isinstance(events[-1], Ended) and events[-1].reason == "finished"
    opened: RunFolder = run_folder.open(run)
    assert KeptAnswers(opened).epochs == (3, 4)
    assert [one.epoch for one in PinRecords(opened).read()] == [3, 4]
