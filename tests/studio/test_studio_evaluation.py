"""The Evaluation panel: what a run has kept, evaluating anew, and the images behind each number."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PIL import Image
from PySide6.QtCore import QPoint, QSettings, Qt
from pytestqt.qtbot import QtBot

from alexnet_studio.runs import evaluations
from alexnet_studio.studio import tables
from alexnet_studio.studio.intents.run import example
from alexnet_studio.studio.jobs.export import figure_of, save_figure
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.panels.class_scores import ClassScores
from alexnet_studio.studio.showing.window import view_state
from alexnet_studio.studio.state.evaluation import Listing
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.evaluation import ScoreRow
from alexnet_studio.studio.views.parts import Selection
from alexnet_studio.studio.widgets.matrix_map import MatrixMap
from alexnet_studio.studio.window import Window

PATIENCE_MS = 60_000


@pytest.fixture
def window(person: Person, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setenv("ALEXNET_STUDIO_CACHE", str(tmp_path / "cache"))
    made = Window(theme, Memory(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)))
    person.sees(made, 1440, 900)
    made.commands["workspace_explore"].trigger()
    made.commands["show_evaluation"].trigger()
    yield made
    made.controller.close()


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The example with eight of its validation images there, of which those of the last class are noise."""
    copy = Path(shutil.copytree(example(), tmp_path / "run"))
    shutil.rmtree(copy / "evaluations")
    record = json.loads((copy / "run.json").read_text(encoding="utf-8"))
    record["data"]["root"] = str(tmp_path / "drawings")
    (copy / "run.json").write_text(json.dumps(record), encoding="utf-8")
    noise = np.random.default_rng(0)
    for path in record["split"]["val"][:4] + record["split"]["val"][-4:]:
        target = tmp_path / "drawings" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(noise.integers(0, 255, (74, 74, 3), dtype=np.uint8)).save(target)
    return copy


def idle(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(lambda: not window.controller.state.progress, timeout=PATIENCE_MS)


def opened(qtbot: QtBot, window: Window, run: Path) -> None:
    window.controller.settle(lambda: window.controller.runs.open(run))
    qtbot.waitUntil(lambda: window.controller.state.run is not None, timeout=PATIENCE_MS)
    idle(qtbot, window)


def test_the_example_shows_what_it_has_kept(qtbot: QtBot, window: Window) -> None:
    opened(qtbot, window, example())
    panel, state = window.panels.evaluation, window.controller.state.evaluation
    assert "140 validation images" in panel.title.text()
    assert "top-1\u00a0100.0" in panel.numbers.text()
    assert not state.outdated
    assert state.listing == Listing("doubtful")  # nothing is wrong: the least sure ones
    shown = state.images[:12]
    assert all(window.controller.state.picture(path) is not None for path in shown)


def test_nothing_loaded_offers_the_example(window: Window) -> None:
    view = view_state(window.controller.state).evaluation
    assert view is not None
    assert view.empty is not None
    assert view.empty.intent == "open_example"
    assert not view.evaluate.enabled


def test_a_run_is_evaluated_and_a_mistake_leads_to_its_neighbours(
    qtbot: QtBot, window: Window, run: Path, person: Person
) -> None:
    opened(qtbot, window, run)
    panel, state = window.panels.evaluation, window.controller.state
    assert panel.results.isHidden()
    person.clicks(panel.evaluate)
    qtbot.waitUntil(lambda: state.evaluation.seen is not None, timeout=PATIENCE_MS)
    idle(qtbot, window)
    seen = state.evaluation.seen
    assert seen is not None
    assert len(seen.file.paths) == 8
    assert [path.name for path in evaluations.kept(run)] == ["validation-center.npz"]
    wrong = [seen.keys[i] for i in range(8) if seen.file.guesses[i] != seen.file.labels[i]]
    assert sorted(state.evaluation.images) == sorted(wrong)
    assert wrong
    first = state.evaluation.images[0]
    x, y, width, height = panel.images.grid.geometry_now().cell(0)
    person.clicks(panel.images.grid.viewport(), QPoint(int(x + width / 2), int(y + height / 3)))
    qtbot.waitUntil(lambda: bool(state.neighbours.answers), timeout=PATIENCE_MS)
    idle(qtbot, window)
    assert state.selection.image == first
    assert state.neighbours.answers[0].path == first
    row = seen.row_of[first]
    top = [seen.file.classes[int(label)] for label in seen.file.top[row][:5]]
    assert [bar.name for bar in panel.images.bars.bars()] == top
    assert panel.images.labels.label.isEnabled()
    panel.tabs.setCurrentWidget(panel.ten)
    person.clicks(panel.ten.look)
    qtbot.waitUntil(lambda: state.evaluation.ten is not None, timeout=PATIENCE_MS)
    idle(qtbot, window)
    assert [len(row.pictures()) for row in panel.ten.rows] == [5, 5]
    shares = dict(state.evaluation.ten.mean) if state.evaluation.ten else {}
    assert [bar.name for bar in panel.ten.bars.bars()] == list(shares)[:5]


def test_cells_classes_and_the_threshold_list_their_images(
    qtbot: QtBot, window: Window, run: Path, tmp_path: Path
) -> None:
    opened(qtbot, window, run)
    evaluation, intents = window.controller.state.evaluation, window.controller.evaluations
    window.controller.settle(intents.evaluate)
    qtbot.waitUntil(lambda: evaluation.seen is not None, timeout=PATIENCE_MS)
    idle(qtbot, window)
    seen = evaluation.seen
    assert seen is not None
    truth, guess = map(int, np.argwhere(seen.cells)[0])
    panel = window.panels.evaluation
    panel.matrix.picked.emit(truth, guess)
    assert len(evaluation.images) == seen.cells[truth, guess]
    assert panel.images.filter.currentText() == f"{seen.file.classes[truth]} → {seen.file.classes[guess]}"
    panel.scores.class_picked.emit(truth)
    assert len(evaluation.images) == seen.cells[truth].sum()
    panel.images.kind_picked.emit("unsure")
    panel.threshold.setValue(100)
    assert len(evaluation.images) == (seen.file.sureness < 1).sum()
    panel.threshold.setValue(0)
    assert evaluation.images == ()
    view = view_state(window.controller.state)
    rows = tables.rows("scores", view)
    assert rows is not None
    assert len(rows) == 15
    counts = tables.rows("confusion", view)
    assert counts is not None
    assert sum(int(cell) for row in counts[1:] for cell in row[1:]) == 8
    draw = figure_of("confusion", view)
    assert draw is not None
    list(partial(save_figure, draw)(tmp_path / "confusion.svg"))
    assert b"<svg" in (tmp_path / "confusion.svg").read_bytes()


def test_an_evaluation_by_other_weights_is_marked(qtbot: QtBot, window: Window, run: Path) -> None:
    (kept,) = evaluations.kept(example())
    file = evaluations.read(kept)
    evaluations.write(run, replace(file, checkpoint="0000000000"))
    (run / "evaluations" / "broken-center.npz").write_bytes(b"eleven")  # newer, and left aside
    opened(qtbot, window, run)
    assert window.controller.state.evaluation.outdated
    assert window.panels.evaluation.outdated.text() == "outdated: the weights have moved on"


def test_test_images_that_are_not_there_are_told(qtbot: QtBot, window: Window, run: Path) -> None:
    opened(qtbot, window, run)
    window.panels.evaluation.source.chosen.emit("test")
    window.controller.settle(window.controller.evaluations.evaluate)
    idle(qtbot, window)
    notice = window.controller.state.notice
    assert notice is not None
    assert "has no test/" in notice.sentence


def test_ten_views_need_an_image(qtbot: QtBot, window: Window) -> None:
    opened(qtbot, window, example())
    window.controller.settle(lambda: window.controller.select(Selection()))
    window.controller.act("ten_views")
    notice = window.controller.state.notice
    assert notice is not None
    assert "No image is selected" in notice.sentence


def test_a_matrix_of_a_thousand_classes_is_one_picture(person: Person, theme: Theme) -> None:
    matrix = MatrixMap(theme)
    person.sees(matrix, 500, 420)
    cells = np.eye(1000, dtype=np.int64) * 50
    cells[3, 999] = 7
    matrix.set_matrix(cells, tuple(f"class {i}" for i in range(1000)))
    area = matrix.area()
    assert area.height() <= 420
    corner = QPoint(int(area.right()) - 1, int(area.top()) + 1)
    with person.hears(matrix.picked) as heard:
        person.clicks(matrix, corner)
    assert heard[0] <= 5
    assert heard[1] >= 995
    person.presses(matrix, Qt.Key.Key_Down)
    assert "taken for" in matrix.accessibleDescription()
    with person.hears_nothing(matrix.picked):
        person.clicks(matrix, QPoint(int(area.right()), 418))


def test_classes_are_sorted_hardest_first_and_unknown_ones_last(person: Person, theme: Theme) -> None:
    scores = ClassScores(theme)
    person.sees(scores, 500, 300)
    known = (("b", 0.5), ("a", 0.9), ("none", 2.0), ("c", 0.1))
    scores.show_rows(
        tuple(
            ScoreRow(
                label, (name, "", "4", str(share), "", "", "", ""), (name, 0.0, 4, share, 0, 0, 0, ""), share
            )
            for label, (name, share) in enumerate(known)
        )
    )
    with person.hears(scores.class_picked) as heard:
        scores.table.picked.emit(0)
    assert heard == [3]
    scores.table.sorting_picked.emit(0)
    with person.hears(scores.class_picked) as heard:
        scores.table.picked.emit(0)
    assert heard == [1]
