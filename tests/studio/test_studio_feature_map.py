"""The Map panel: drawn while it is seen, linked by selection, filtered, outdated; its geometry and its raster alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexnet_studio.ground import places as known_places
from alexnet_studio.runs import evaluations, features
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing.feature_map import view_feature_map
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.point_map import PointMap
from alexnet_studio.studio.widgets.point_raster import SHAPES, raster, shape
from alexnet_studio.studio.widgets.point_view import fitted, nearest, without_overlap
from alexnet_studio.studio.window import Window

PATIENCE_MS = 60_000
CORNERS = np.array([[0, 0], [10, 0], [0, 5], [10, 5]], np.float32)


@pytest.fixture
def window(exploring: Window) -> Window:
    return exploring


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The finished run that comes with the program: 224 indexed images of 14 classes."""
    return Path(shutil.copytree(known_places.resources() / "example-run", tmp_path / "run"))


def opened(qtbot: QtBot, window: Window, run: Path) -> State:
    controller = window.controller
    controller.settle(lambda: controller.runs.open(run))
    idle(qtbot, window)
    window.commands["show_feature_map"].trigger()
    idle(qtbot, window)
    return controller.state


def idle(qtbot: QtBot, window: Window) -> None:
    state, jobs = window.controller.state, window.controller.jobs
    qtbot.waitUntil(
        lambda: state.run is not None and not state.progress and not jobs.running(JobKind.FEATURE_MAP),
        timeout=PATIENCE_MS,
    )


def test_a_run_is_drawn_when_the_panel_is_seen_and_kept(qtbot: QtBot, window: Window, run: Path) -> None:
    state = opened(qtbot, window, run)
    panel = window.panels.feature_map
    assert state.feature_map.seen is not None
    assert len(state.feature_map.seen.paths) == 224
    assert panel.stage.currentWidget() is not panel.stage.empty_state
    assert "fc7 · 224 images" in view_feature_map(state).title
    assert (run / "features" / "maps" / "fc7.pca.npy").exists()
    assert features.layers(run / "features") == ("fc7",)


def test_behind_the_tab_of_another_panel_nothing_is_drawn(qtbot: QtBot, window: Window, run: Path) -> None:
    controller = window.controller
    controller.settle(lambda: controller.runs.open(run))
    idle(qtbot, window)
    window.commands["workspace_train"].trigger()
    window.commands["workspace_explore"].trigger()
    idle(qtbot, window)
    assert controller.state.feature_map.seen is None
    assert not (run / "features" / "maps").exists()
    window.commands["show_feature_map"].trigger()
    idle(qtbot, window)
    assert controller.state.feature_map.seen is not None


def test_a_click_selects_the_image_everywhere(
    qtbot: QtBot, window: Window, run: Path, person: Person
) -> None:
    state = opened(qtbot, window, run)
    panel = window.panels.feature_map
    assert state.feature_map.seen is not None
    point = panel.map.point_at(panel.map.pixel_of(100))
    assert point is not None
    path = state.feature_map.seen.paths[point]
    person.clicks(panel.map, panel.map.pixel_of(100).toPoint())
    idle(qtbot, window)
    assert state.selection.image == path
    assert [answer.path for answer in state.neighbours.answers] == [path]


def test_neighbours_of_the_answer_are_marked_unless_another_image_is_selected(
    qtbot: QtBot, window: Window, run: Path
) -> None:
    state = opened(qtbot, window, run)
    found = state.neighbours.answers[state.neighbours.current].found
    assert found
    assert view_feature_map(state).near == tuple(one.path for one in found[: state.neighbours.k])
    state.selection = type(state.selection)(image="elsewhere.png")
    assert view_feature_map(state).near == ()


def test_hovering_tells_class_and_path(qtbot: QtBot, window: Window, run: Path) -> None:
    state = opened(qtbot, window, run)
    panel = window.panels.feature_map
    at = panel.map.pixel_of(0).toPoint()
    point = panel.map.point_at(QPointF(at))
    assert point is not None
    assert state.feature_map.seen is not None
    path = state.feature_map.seen.paths[point]
    button, none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    # The offscreen cursor does not reach into docks.
    move = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), panel.map.mapToGlobal(QPointF(at)), button, button, none
    )
    QApplication.sendEvent(panel.map, move)
    assert panel.readout.text() == f"{path.split('/')[0]} · {path}"
    QApplication.sendEvent(panel.map, QEvent(QEvent.Type.Leave))
    assert not panel.readout.text()


@pytest.mark.slow
def test_tsne_of_earlier_features_is_shown_as_outdated_until_it_is_drawn_again(
    qtbot: QtBot, window: Window, run: Path
) -> None:
    state = opened(qtbot, window, run)
    panel = window.panels.feature_map
    panel.method_picked.emit("tsne")
    idle(qtbot, window)
    assert not panel.outdated.isVisible()
    stored = np.load(run / "features" / "fc7.npy")
    np.save(run / "features" / "fc7.npy", stored * 2)
    panel.method_picked.emit("pca")
    idle(qtbot, window)
    assert not view_feature_map(state).outdated  # drawn anew, since it takes a moment
    panel.method_picked.emit("tsne")
    idle(qtbot, window)
    assert "the features have changed" in panel.outdated.text()
    panel.mend.click()
    idle(qtbot, window)
    assert not view_feature_map(state).outdated


def test_features_that_are_no_numbers_are_told_in_the_panel(qtbot: QtBot, window: Window, run: Path) -> None:
    stored = np.load(run / "features" / "fc7.npy")
    stored[3, 0] = np.inf
    np.save(run / "features" / "fc7.npy", stored)
    state = opened(qtbot, window, run)
    empty = view_feature_map(state).empty
    assert empty is not None
    assert empty.sentence.startswith("Row 3 of the features")
    assert empty.intent == "draw_feature_map"


def test_without_a_run_and_without_features_the_panel_says_what_to_do(
    qtbot: QtBot, window: Window, run: Path
) -> None:
    nothing = view_feature_map(State())
    assert nothing.empty is not None
    assert nothing.empty.intent == "open_example"
    shutil.rmtree(run / "features")
    empty = view_feature_map(opened(qtbot, window, run)).empty
    assert empty is not None
    assert empty.intent == "index"


def test_classes_without_a_tick_are_neither_drawn_nor_picked(
    qtbot: QtBot, window: Window, run: Path, person: Person
) -> None:
    opened(qtbot, window, run)
    panel = window.panels.feature_map
    first = panel.map.pixel_of(0)
    assert panel.map.point_at(first) is not None
    person.clicks(panel.none)
    assert panel.map.point_at(first) is None
    panel.legend.item(0).setCheckState(Qt.CheckState.Checked)
    assert panel.map.point_at(first) is not None
    person.clicks(panel.every)
    assert panel.legend.hidden() == frozenset()


def mistaken(run: Path) -> tuple[str, ...]:
    """Makes the run's evaluation one of 140 images on the map, of which it mistakes every tenth."""
    (kept,) = evaluations.kept(run)
    file = evaluations.read(kept)
    indexed = features.read(run / "features", "fc7")
    labels = np.array([file.classes.index(name) for name in indexed.classes[:140]])
    wrong = np.arange(140) % 10 == 0
    top = np.repeat(labels[:, None], file.top.shape[1], axis=1)
    top[wrong, 0] = (labels[wrong] + 1) % len(file.classes)
    evaluations.write(
        run, replace(file, paths=indexed.paths[:140], labels=labels, top=top, ranks=wrong.astype(np.int64))
    )
    return tuple(indexed.paths[row] for row in np.flatnonzero(wrong))


def test_mistakes_are_outlined_told_and_shown_alone(
    qtbot: QtBot, window: Window, run: Path, person: Person
) -> None:
    wrong = mistaken(run)
    state = opened(qtbot, window, run)
    panel = window.panels.feature_map
    seen, mistakes = state.feature_map.seen, state.feature_map.mistakes
    assert seen is not None
    assert mistakes is not None
    assert mistakes.judged == 140
    assert tuple(seen.paths[point] for point in mistakes.taken_for) == wrong
    assert "14 of the 140" in panel.mistakes.toolTip()
    point = seen.paths.index(wrong[3])
    panel.map.hovered.emit(point)
    names = seen.classes
    assert panel.readout.text().endswith(f"taken for {names[(seen.labels[point] + 1) % len(names)]}")
    right = seen.paths.index(seen.paths[next(i for i in range(224) if i not in mistakes.taken_for)])
    plain = panel.map.grab().toImage()
    person.clicks(panel.mistakes)
    assert panel.map.point_at(panel.map.pixel_of(point)) in mistakes.taken_for
    alone = panel.map.point_at(panel.map.pixel_of(right))
    assert alone is None or alone in mistakes.taken_for
    assert panel.map.grab().toImage() != plain
    person.clicks(panel.mistakes)
    assert panel.map.grab().toImage() == plain


def test_without_an_evaluation_of_its_images_there_are_no_mistakes(
    qtbot: QtBot, window: Window, run: Path
) -> None:
    state = opened(qtbot, window, run)
    assert state.evaluation.seen is not None  # of the validation images, which are not indexed
    assert state.feature_map.mistakes is None
    assert not window.panels.feature_map.mistakes.isEnabled()
    assert "None of these images" in window.panels.feature_map.mistakes.toolTip()


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_what_is_drawn_of_the_map_is_saved(
    qtbot: QtBot, window: Window, run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    mistaken(run)
    state = opened(qtbot, window, run)
    panel = window.panels.feature_map
    panel.none.click()
    panel.legend.item(0).setCheckState(Qt.CheckState.Checked)
    target = tmp_path / f"map.{kind}"
    asked: list[str] = []

    def choose_target(suggestion: str, picked: Callable[[Path], None]) -> None:
        asked.append(suggestion)
        picked(target)

    monkeypatch.setattr(window.dialogs, "choose_target", choose_target)
    panel.export_requested.emit("feature_map", kind)
    qtbot.waitUntil(lambda: not state.progress and state.notice is not None, timeout=PATIENCE_MS)
    assert asked == [f"run_feature_map.{kind}"]
    content = target.read_bytes()
    assert content.startswith({"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[kind])
    if kind == "svg":
        first, second = panel.legend.item(0).text(), panel.legend.item(1).text()
        assert f"<!-- {first} -->".encode() in content
        assert f"<!-- {second} -->".encode() not in content


def test_all_points_fit_with_y_upwards() -> None:
    pixels = fitted(CORNERS, 200, 100).pixels(CORNERS)
    assert ((pixels >= 0) & (pixels <= (200, 100))).all()
    assert pixels[0, 1] > pixels[2, 1]
    assert fitted(CORNERS[:1], 200, 100).pixels(CORNERS[:1]).tolist() == [[100, 50]]
    assert fitted(CORNERS[:0], 200, 100).scale == 1
    bordered = fitted(CORNERS, 400, 400, 35).pixels(CORNERS)
    assert (bordered[:, 0].min(), bordered[:, 0].max()) == (35, 365)
    crowded = fitted(CORNERS, 100, 100, 35).pixels(CORNERS)
    assert (crowded[:, 0].min(), crowded[:, 0].max()) == (12, 88)


def test_zooming_keeps_what_is_under_the_mouse_and_has_ends() -> None:
    view = fitted(CORNERS, 200, 100)
    x, y = view.pixels(CORNERS)[3].tolist()
    closer = view.zoomed(3, x, y, 0, 1e9)
    assert closer.scale == pytest.approx(3 * view.scale)
    np.testing.assert_allclose(closer.pixels(CORNERS)[3], (x, y))
    assert view.zoomed(100, x, y, 0, 2 * view.scale).scale == 2 * view.scale
    np.testing.assert_allclose(view.panned(7, -4).pixels(CORNERS), view.pixels(CORNERS) + np.array([7, -4]))


def test_the_nearest_point_is_brute_forces_and_the_upper_one_of_two() -> None:
    pixels = np.random.default_rng(0).uniform(0, 100, (200, 2))
    for x, y in np.random.default_rng(1).uniform(0, 100, (20, 2)).tolist():
        apart = ((pixels - (x, y)) ** 2).sum(axis=1) ** 0.5
        found = nearest(pixels, x, y, 5)
        assert found == (int(apart.argmin()) if apart.min() <= 5 else None)
    assert nearest(np.zeros((3, 2)), 0, 0, 1) == 2


def test_pictures_do_not_overlap_and_each_one_left_out_would() -> None:
    pixels = np.random.default_rng(0).uniform(-50, 300, (300, 2))
    kept = without_overlap(pixels, 30)
    for row in range(len(pixels)):
        others = [one for one in kept if one != row]
        touches = (np.abs(pixels[others] - pixels[row]) < 30).all(axis=1).any()
        assert touches == (row not in kept)


def test_the_raster_has_each_point_in_its_colour_and_shape(theme: Theme) -> None:
    masks = [shape(label, 9) for label in range(SHAPES)]
    assert len({mask.tobytes() for mask in masks}) == SHAPES
    for label in range(SHAPES + 3):
        image = raster(theme, np.array([[20.0, 10.0]]), np.array([label]), (40, 30), 9)
        assert image.pixelColor(20, 10) == theme.run_colour(label)
        assert opaque(image) == int(shape(label, 9).sum())
    outside = np.array([[-100.0, 3], [500, 3], [1, 1]])
    assert opaque(raster(theme, outside, np.zeros(3, np.int64), (40, 30), 9)) == 0


def test_outlined_points_lie_above_the_others_in_a_frame_of_their_shape(theme: Theme) -> None:
    pixels = np.array([[20.0, 15.0], [23.0, 15.0]])
    outlined = np.array([True, False])
    image = raster(theme, pixels, np.array([2, 2]), (40, 30), 5, outlined)
    assert image.pixelColor(20, 15) == theme.run_colour(2)
    assert image.pixelColor(23, 15) == theme.colour("text")  # the second point is below the first one's frame
    larger = shape(2, 9)
    dark = [(x, y) for y in range(30) for x in range(40) if image.pixelColor(x, y) == theme.colour("text")]
    assert len(dark) == int(larger.sum() - shape(2, 5).sum())


def opaque(image: QImage) -> int:
    return int((np.asarray(image.constBits()).reshape(-1, 4)[:, 3] > 0).sum())


def test_dragging_moves_the_map_and_picks_nothing(theme: Theme, person: Person) -> None:
    points = PointMap(theme)
    person.sees(points, 300, 200)
    points.set_points(CORNERS, np.arange(4))
    before = points.pixel_of(0)
    start = before.toPoint()
    with person.hears_nothing(points.picked):
        left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QTest.mousePress(points, left, plain, start)
        QTest.mouseMove(points, start + QPoint(40, -30))
        QTest.mouseRelease(points, left, plain, start + QPoint(40, -30))
    assert points.pixel_of(0) - before == QPointF(40, -30)
    person.presses(points, Qt.Key.Key_Home)
    assert points.pixel_of(0) == before
    person.presses(points, Qt.Key.Key_Plus)
    assert points.pixel_of(3).x() - points.pixel_of(0).x() > 1.2 * fitted(CORNERS, 300, 200, 35).scale * 10
    person.presses(points, Qt.Key.Key_0)
    with person.hears(points.picked) as heard:
        person.clicks(points, points.pixel_of(3).toPoint())
    assert heard == [3]


def test_a_drag_shows_the_same_as_drawing_anew(theme: Theme, person: Person) -> None:
    points = PointMap(theme)
    person.sees(points, 240, 200)
    places = np.random.default_rng(0).normal(size=(400, 2)).astype(np.float32)
    points.set_points(places, np.arange(400) % 7)
    points.grab()
    points.pan(50, 20)
    copied = points.grab().toImage()
    for _ in range(8):
        points.pan(-50, 0)
        points.grab()
    for _ in range(8):
        points.pan(50, 0)
    assert opaque_difference(points.grab().toImage(), copied) < 0.02


def opaque_difference(one: QImage, other: QImage) -> float:
    left, right = (np.asarray(image.constBits()).reshape(-1, 4) for image in (one, other))
    return float((left != right).any(axis=1).mean())


def test_pictures_come_where_there_is_room(theme: Theme, person: Person) -> None:
    points = PointMap(theme)
    person.sees(points, 300, 200)
    places = np.random.default_rng(0).normal(size=(600, 2)).astype(np.float32)
    red = np.zeros((600, 8, 8, 3), np.uint8)
    red[..., 0] = 255
    points.set_points(places, np.zeros(600, np.int64), red)
    assert not points.has_pictures()
    while not points.has_pictures():
        points.zoom(1.5, points.pixel_of(0))
    colour = points.grab().toImage().pixelColor(points.pixel_of(0).toPoint())
    assert (colour.red(), colour.green(), colour.blue()) == (255, 0, 0)
