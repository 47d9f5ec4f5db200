"""The window of the predictions: a folder of new images answered, listed, saved as by the command line, and sorted."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PIL import Image
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from alexnet_studio.cli.predict_command import predict as predict_command
from alexnet_studio.insight.predict import Prediction
from alexnet_studio.insight.sorting_photos import Piles
from alexnet_studio.runs import evaluations
from alexnet_studio.studio.intents.run import example
from alexnet_studio.studio.jobs import predictions as jobs
from alexnet_studio.studio.panels.predictions import PredictionsDialog
from alexnet_studio.studio.showing.predictions_listing import listed
from alexnet_studio.studio.state.predictions import Order, Pile, PredictionState
from alexnet_studio.studio.window import Window

PATIENCE_MS = 60_000


@pytest.fixture
def window(window: Window) -> Iterator[Window]:
    yield window
    if window.predictions is not None:
        window.predictions.close()


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Nine images in two folders, one of which is none."""
    folder, noise = tmp_path / "new photos", np.random.default_rng(3)
    (folder / "deeper").mkdir(parents=True)
    for number in range(8):
        pixels = noise.integers(0, 40 + 25 * number, (80, 90, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / ("deeper" if number % 2 else "") / f"{number % 3}={number}.png")
    (folder / "broken.jpg").write_bytes(b"not an image")
    return folder


def idle(qtbot: QtBot, window: Window) -> str:
    qtbot.waitUntil(lambda: not window.controller.state.progress, timeout=PATIENCE_MS)
    notice = window.controller.state.notice
    return "" if notice is None else notice.sentence


def opened(qtbot: QtBot, window: Window, run: Path | None = None) -> None:
    window.controller.settle(lambda: window.controller.runs.open(run or example()))
    qtbot.waitUntil(lambda: window.controller.state.run is not None, timeout=PATIENCE_MS)
    idle(qtbot, window)


def answer(
    monkeypatch: pytest.MonkeyPatch, window: Window, question: str, chosen: object
) -> Callable[[], list[tuple[object, ...]]]:
    """A person's answer to a question of the dialogs; what was asked is returned."""
    asked: list[tuple[object, ...]] = []

    def ask(*arguments: object) -> None:
        *before, picked = arguments
        asked.append(tuple(before))
        assert callable(picked)
        picked(chosen)

    monkeypatch.setattr(window.dialogs, question, ask)
    return lambda: asked


def predicted(
    qtbot: QtBot, window: Window, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> PredictionsDialog:
    answer(monkeypatch, window, "choose_new_images", folder)
    window.panels.evaluation.predict.click()
    idle(qtbot, window)
    dialog = window.predictions
    assert dialog is not None
    assert dialog.isVisible()
    return dialog


def pick(person: Person, dialog: PredictionsDialog, place: int) -> Prediction:
    x, y, width, height = dialog.grid.geometry_now().cell(place)
    person.clicks(dialog.grid.viewport(), QPoint(int(x + width / 2), int(y + height / 3)))
    window = dialog.parent()
    assert isinstance(window, Window)
    state = window.controller.state
    return state.predictions.answers[state.predictions.row_of[state.selection.image or ""]]


def test_a_folder_is_answered_and_its_table_is_the_command_lines(
    qtbot: QtBot,
    person: Person,
    window: Window,
    photos: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened(qtbot, window)
    dialog = predicted(qtbot, window, photos, monkeypatch)
    shown = window.controller.state.predictions
    assert dialog.title.text().startswith(f"9 images of {photos}")
    assert len(shown.listed.images) == 9
    shares = [shown.answers[shown.row_of[path]].top[0][1] for path in shown.listed.images[:8]]
    assert shares == sorted(shares, reverse=True)
    assert shown.listed.images[8].endswith("broken.jpg")
    first = pick(person, dialog, 0)
    assert [bar.name for bar in dialog.picked.bars.bars()] == [name for name, _ in first.top]
    assert [bar.share for bar in dialog.picked.bars.bars()] == [share for _, share in first.top]
    qtbot.waitUntil(lambda: not dialog.picked.picture.missing(), timeout=PATIENCE_MS)
    idle(qtbot, window)
    pick(person, dialog, 8)
    assert "broken.jpg" in dialog.picked.error.text()
    assert dialog.picked.bars.isHidden()
    middle = (shares[3] + shares[4]) / 2
    window.controller.settle(lambda: window.controller.predictions.set_threshold(middle))
    assert dialog.sure.text().startswith("4 of 8 are at least")
    answer(monkeypatch, window, "choose_target", tmp_path / "made.csv")
    person.clicks(dialog.foot.save)
    assert "made.csv" in idle(qtbot, window)
    capsys.readouterr()
    assert predict_command(example(), [photos], csv_=True, threshold=middle) == 1
    assert (tmp_path / "made.csv").read_text(encoding="utf-8-sig") == capsys.readouterr().out


def test_ten_views_stand_beside_their_mean(
    qtbot: QtBot,
    person: Person,
    window: Window,
    photos: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened(qtbot, window)
    (photos / "broken.jpg").unlink()
    dialog = predicted(qtbot, window, photos, monkeypatch)
    dialog.views.chosen.emit("ten")
    idle(qtbot, window)
    dialog.threshold.setValue(0)
    one = pick(person, dialog, 2)
    assert [row[1] for row in dialog.picked.alone.texts()] == [view.top[0][0] for view in one.views]
    assert dialog.picked.alone.texts()[5][0] == "top left, mirrored"
    assert "evaluate the validation images (ten views)" in dialog.expected.text()
    assert dialog.chart.isHidden()
    answer(monkeypatch, window, "choose_target", tmp_path / "made.csv")
    person.clicks(dialog.foot.save)
    idle(qtbot, window)
    capsys.readouterr()
    assert predict_command(example(), [photos], csv_=True, each_view=True) == 0
    assert (tmp_path / "made.csv").read_text(encoding="utf-8-sig") == capsys.readouterr().out


def test_what_is_expected_is_what_validation_images_say(
    qtbot: QtBot, window: Window, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(qtbot, window)
    dialog = predicted(qtbot, window, photos, monkeypatch)
    (kept,) = evaluations.kept(example())
    file = evaluations.read(kept)
    dialog.threshold.setValue(100)
    sure = file.sureness >= 1
    said = f"of the {sure.sum()} validation images" if sure.any() else "no validation image is that sure"
    assert dialog.expected.text().startswith(said)
    dialog.threshold.setValue(90)
    assert dialog.expected.text().startswith(f"of the {(file.sureness >= 0.9).sum()} validation images")
    assert dialog.chart.isVisible()
    dialog.piles.chosen.emit("unsure")
    shown = window.controller.state.predictions
    unsure = {str(one.image) for one in shown.answers if one.top and one.top[0][1] < 0.9}
    assert set(shown.listed.images) == unsure
    dialog.piles.chosen.emit("all")
    name = shown.answers[-1].top[0][0]
    dialog.classes.chosen.emit(name)
    assert set(shown.listed.images) == {
        str(one.image) for one in shown.answers if one.top and one.top[0][0] == name
    }


def test_images_without_labels_that_are_dropped_are_predicted(
    qtbot: QtBot, window: Window, photos: Path
) -> None:
    window.open(photos / "deeper")
    assert "has no class folders" in idle(qtbot, window)
    assert window.predictions is None
    opened(qtbot, window)
    window.open(photos / "deeper")
    qtbot.waitUntil(lambda: window.predictions is not None, timeout=PATIENCE_MS)
    idle(qtbot, window)
    assert len(window.controller.state.predictions.answers) == 4
    assert window.controller.state.run is not None
    files = (str(photos / "deeper"), str(photos / "0=0.png"))
    window.panels.neighbours.images_picked.emit(files)  # as dropped there
    idle(qtbot, window)
    assert len(window.controller.state.predictions.answers) == 5
    window.panels.neighbours.images_picked.emit(files[1:])
    idle(qtbot, window)
    assert len(window.controller.state.predictions.answers) == 5
    assert window.predictions is not None
    window.predictions.images_dropped.emit((photos,))
    idle(qtbot, window)
    assert len(window.controller.state.predictions.answers) == 9
    assert [one.path for one in window.controller.state.neighbours.answers] == [files[1]]


def test_photos_are_sorted_into_folders_once_it_is_known_what_that_takes(
    qtbot: QtBot,
    person: Person,
    window: Window,
    photos: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(qtbot, window)
    shutil.copy(photos / "0=0.png", photos / "deeper" / "0=0.png")  # the same photo under the same name
    dialog = predicted(qtbot, window, photos, monkeypatch)
    dialog.threshold.setValue(60)
    target = tmp_path / "sorted"
    answer(monkeypatch, window, "choose_empty_folder", target)
    person.clicks(dialog.foot.sort)
    idle(qtbot, window)
    assert dialog.foot.plan.text().startswith(f"Copy 9 images into class folders in {target}?")
    assert not target.exists()
    person.clicks(dialog.foot.give_up)
    assert dialog.foot.plan.isHidden()
    person.clicks(dialog.foot.sort)
    idle(qtbot, window)
    person.clicks(dialog.foot.copy)
    said = idle(qtbot, window)
    assert said.startswith(f"9 images are copied into {target}")
    assert "1 that cannot be read" in said
    wanted = {
        f"{'unsure' if one.top[0][1] < 0.6 else one.top[0][0]}/{one.image.name}"
        for one in window.controller.state.predictions.answers
        if one.top
    }
    copied = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert copied == wanted
    assert len(list(photos.rglob("*.png"))) == 9
    person.clicks(dialog.foot.sort)
    assert "is not empty" in idle(qtbot, window)
    answer(monkeypatch, window, "choose_empty_folder", photos / "sorted")
    person.clicks(dialog.foot.sort)
    assert "lies inside" in idle(qtbot, window)


def test_copies_that_are_there_when_copying_is_stopped_are_whole(
    qtbot: QtBot,
    person: Person,
    window: Window,
    photos: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(qtbot, window)
    dialog = predicted(qtbot, window, photos, monkeypatch)
    put = Piles.put

    def slowly(piles: Piles, one: Prediction) -> Path:
        time.sleep(0.3)
        return put(piles, one)

    monkeypatch.setattr(Piles, "put", slowly)
    target = tmp_path / "sorted"
    answer(monkeypatch, window, "choose_empty_folder", target)
    person.clicks(dialog.foot.sort)
    idle(qtbot, window)
    person.clicks(dialog.foot.copy)
    qtbot.waitUntil(lambda: dialog.foot.busy.text().startswith("copying 2 of"), timeout=PATIENCE_MS)
    person.clicks(dialog.foot.cancel)
    assert idle(qtbot, window).startswith("Copying was stopped")
    copied = [path for path in target.rglob("*") if path.is_file()]
    assert 2 <= len(copied) < 8
    whole = {path.name: path.read_bytes() for path in photos.rglob("*.png")}
    assert all(path.read_bytes() == whole[path.name] for path in copied)


def test_a_submission_is_refused_where_it_could_not_be_one(
    qtbot: QtBot, person: Person, window: Window, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(qtbot, window)
    dialog = predicted(qtbot, window, photos, monkeypatch)
    asked = answer(monkeypatch, window, "ask_choice", "")
    person.clicks(dialog.foot.submit)
    assert "1,000 classes, and this run 14" in idle(qtbot, window)
    assert "1,000 classes" in dialog.foot.told.text()
    assert not asked()


@pytest.mark.parametrize("by_file", [False, True])
def test_a_submission_that_is_one_is_written(
    qtbot: QtBot, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_file: bool
) -> None:
    opened(qtbot, window)
    classes = tuple(f"n{number:04}" for number in range(1000))
    (tmp_path / "synsets.txt").write_text("\n".join(reversed(classes)), encoding="utf-8")
    rows = [
        Prediction(Path(f"ILSVRC2012_test_{number:08}.JPEG"), ((classes[number], 0.6), (classes[0], 0.4)))
        for number in (1, 2, 3)
    ]
    shown = window.controller.state.predictions
    shown.sources = (tmp_path,)
    for row in rows:
        shown.take(row, "")
    shown.asked = jobs.Asked(example(), classes, 3, "center", "", 1)
    offered: list[tuple[str, ...]] = []

    def choose(_title: str, _label: str, choices: tuple[str, ...], picked: Callable[[str], None]) -> None:
        offered.append(choices)
        picked(choices[0 if by_file else 1])

    monkeypatch.setattr(window.dialogs, "ask_choice", choose)
    answer(monkeypatch, window, "choose_named_file", tmp_path / "synsets.txt")
    answer(monkeypatch, window, "choose_target", tmp_path / "s.txt")
    window.controller.act("submit_predictions")
    assert "s.txt" in idle(qtbot, window)
    assert len(offered) == 1
    lines = (tmp_path / "s.txt").read_text(encoding="utf-8").splitlines()
    assert lines == (["999 1000", "998 1000", "997 1000"] if by_file else ["2 1", "3 1", "4 1"])


def test_what_was_answered_before_cancel_stays(
    qtbot: QtBot, person: Person, window: Window, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(qtbot, window)
    many = [photos / "0=0.png"]
    for number in range(400):
        many.append(photos / f"copy {number}.png")
        shutil.copy(many[0], many[-1])
    answer(monkeypatch, window, "choose_new_images", photos)
    window.commands["predict_folder"].trigger()
    shown = window.controller.state.predictions
    qtbot.waitUntil(lambda: len(shown.answers) > 0, timeout=PATIENCE_MS)
    dialog = window.predictions
    assert dialog is not None
    assert not dialog.foot.save.isEnabled()
    assert dialog.foot.cancel.isVisible()
    began = time.monotonic()
    person.clicks(dialog.foot.cancel)
    idle(qtbot, window)
    assert time.monotonic() - began < 5
    assert 0 < len(shown.answers) < 409
    assert dialog.title.text().startswith(f"{len(shown.answers)} of 409 images")
    assert dialog.foot.save.isEnabled()
    assert not dialog.foot.cancel.isVisible()


def test_another_run_has_not_said_it(
    qtbot: QtBot, window: Window, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(qtbot, window)
    dialog = predicted(qtbot, window, photos, monkeypatch)
    other = Path(shutil.copytree(example(), tmp_path / "other"))
    window.controller.settle(lambda: window.controller.runs.open(other))
    idle(qtbot, window)
    assert window.controller.state.predictions.answers == []
    assert dialog.stage.currentWidget() is dialog.stage.empty_state
    (tmp_path / "nothing").mkdir()
    answer(monkeypatch, window, "choose_new_images", tmp_path / "nothing")
    person_asks = dialog.stage.empty_state.button
    person_asks.click()
    assert "There are no images in" in idle(qtbot, window)
    assert dialog.stage.currentWidget() is dialog.stage.empty_state


def test_nothing_loaded_offers_the_example(window: Window) -> None:
    assert not window.commands["predict_folder"].isEnabled()
    window.controller.act("predict_folder")
    assert window.predictions is not None
    assert window.predictions.stage.empty_state.button.text() == "Open the example"


def made(*answers: tuple[str, str, float]) -> PredictionState:
    state = PredictionState(threshold=0.5)
    for path, name, share in answers:
        state.take(
            Prediction(Path(path), ((name, share),)) if name else Prediction(Path(path), (), "no image"), ""
        )
    return state


@pytest.mark.parametrize(
    ("pile", "name", "order", "wanted"),
    [
        ("all", "", "surest", "cbadx"),
        ("all", "", "doubtful", "dabcx"),
        ("all", "", "path", "axbcd"),
        ("sure", "", "surest", "cba"),
        ("unsure", "", "surest", "d"),
        ("unread", "", "surest", "x"),
        ("all", "cat", "doubtful", "ac"),
        ("unsure", "cat", "surest", ""),
    ],
)
def test_images_are_listed_by_pile_class_and_order(pile: Pile, name: str, order: Order, wanted: str) -> None:
    state = made(("a", "cat", 0.5), ("x", "", 0), ("b", "dog", 0.7), ("c", "cat", 0.9), ("d", "dog", 0.4))
    state.pile, state.class_name, state.order = pile, name, order
    found = listed(state, arranged=True)
    assert "".join(found.images) == wanted
    assert (found.sure, found.unsure, found.unread) == (3, 1, 1)
    assert found.classes == (("cat", 2), ("dog", 2))
    as_they_came = listed(state, arranged=False).images
    assert list(as_they_came) == sorted(as_they_came, key="axbcd".index)
