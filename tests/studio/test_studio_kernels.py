"""Kernels in the window: layers, orders, marks, the film with its moment, who fires, what one answers, other seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PIL import Image
from PySide6.QtCore import QPoint, QSettings
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot
from tiny_photos import photos, tiny_recipe

from alexnet_studio.images.folder import ImageFolder, scan
from alexnet_studio.insight.kernel_marks import marks
from alexnet_studio.insight.kernel_measures import measures
from alexnet_studio.networks import catalogue
from alexnet_studio.runs.film import Film
from alexnet_studio.studio import kernel_pictures
from alexnet_studio.studio.intents.run import example
from alexnet_studio.studio.jobs import training as training_jobs
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.showing.kernels import view_kernels
from alexnet_studio.studio.state.kernels import FiringSeen, KernelFrame, KernelState, SeedSeen
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.parts import Selection
from alexnet_studio.studio.widgets.film_curve import FilmCurve
from alexnet_studio.studio.window import Window
from alexnet_studio.training.events import KernelsSeen

PATIENCE_MS = 60_000


@pytest.fixture
def window(person: Person, theme: Theme, tmp_path: Path, qtbot: QtBot) -> Iterator[Window]:
    """On the example."""
    made = Window(theme, Memory(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)))
    person.sees(made, 1200, 800)
    made.commands["open_example"].trigger()
    waits(qtbot, made, lambda: made.controller.state.run is not None)
    yield made
    made.controller.close()


def waits(qtbot: QtBot, window: Window, done: Callable[[], bool]) -> None:
    qtbot.waitUntil(lambda: done() and not window.controller.state.progress, timeout=PATIENCE_MS)


def seen() -> State:
    """The example's film, without a window."""
    state = State()
    state.kernels = KernelState(layer="conv1", towers=2, layers=("conv1",))
    state.kernels.film = [
        kernel_pictures.marked(kernel_pictures.frame(one.step, one.epoch, kernels, 2))
        for one, kernels in Film(example() / "kernels").shots()
    ]
    kernel_pictures.show(state.kernels, len(state.kernels.film) - 1)
    return state


def test_marks_are_those_of_the_definitions_and_are_counted_in_the_legend() -> None:
    state = seen()
    shown = state.kernels.shown
    assert shown is not None
    noisy = set(np.flatnonzero(marks(shown.kernels).noisy) + 1)
    state.kernels.firing["conv1"] = FiringSeen("conv1", 50, (0, *[7] * 47))
    view = view_kernels(state)
    told = {
        number: mark
        for tower in view.towers
        for number, mark in zip(tower.numbers, tower.marks, strict=True)
        if mark
    }
    assert {number for number, mark in told.items() if mark == "~"} == noisy - {1}
    assert told[1] == "∅"
    assert f"~ still noise: {len(noisy - {1})}" in view.legend
    assert "firing counted on 50 images" in view.legend
    kernel_pictures.show(state.kernels, 0)  # all of it is noise: said, but not on each tile
    first = view_kernels(state)
    assert not any("~" in tower.marks for tower in first.towers)
    assert "~ still noise: 4" in first.legend


def test_orders_are_within_a_tower_and_keep_the_numbers() -> None:
    state = seen()
    state.kernels.order = "colour"
    kernel_pictures.draw(state.kernels)
    shown = state.kernels.shown
    assert shown is not None
    colour = measures(shown.kernels).colour
    for tower, first in zip(view_kernels(state).towers, (1, 25), strict=True):
        assert sorted(tower.numbers) == list(range(first, first + 24))
        assert (np.diff(colour[np.array(tower.numbers) - 1]) <= 0).all()
    state.selection = Selection(kernel=30)
    detail = view_kernels(state).detail
    assert detail is not None
    assert np.array_equal(detail.values, shown.kernels[29])


def test_other_seeds_stand_beside_the_films_own_frames() -> None:
    state = seen()
    steps = np.array([frame.step for frame in state.kernels.film])
    state.kernels.seeds = (SeedSeen("b", steps[::2], 1.0 + steps[::2]), SeedSeen("c", steps[:2], np.ones(2)))
    view = view_kernels(state).apart
    assert view is not None
    np.testing.assert_allclose(view.others[0][: len(steps) - 1], 1.0 + steps[:-1])
    assert np.isnan(view.others[1][-1])
    assert "2 other seeds end at 1.00 to" in view.seeds
    assert "pooled standard deviation" in view.definition
    own = state.kernels.film[-1].apart
    assert own is not None
    assert view.own[-1] == own.value


def test_the_film_moves_the_moment_and_follows_it(window: Window, qtbot: QtBot) -> None:
    state, films = window.controller.state, window.controller.films
    film = state.kernels.film
    window.panels.kernels.frame_picked.emit(5)
    assert state.shown_step == film[5].step
    middle = film[20].step + (film[21].step - film[20].step) // 2
    window.controller.settle(lambda: films.show_step(middle))
    assert (state.kernels.frame, state.shown_step) == (20, middle)
    assert window.panels.kernels.film.slider.value() == 20
    window.controller.settle(lambda: films.show_step(None))
    assert (state.kernels.frame, state.kernels.follow, state.shown_step) == (len(film) - 1, True, None)
    window.controller.act("play_film")
    assert (state.kernels.playing, state.kernels.frame) == (True, 0)
    qtbot.waitUntil(lambda: state.kernels.frame > 2, timeout=PATIENCE_MS)
    window.controller.act("play_film")
    assert not state.kernels.playing
    assert state.shown_step == film[state.kernels.frame].step


def test_a_film_that_is_thinned_out_stays_where_somebody_looks(window: Window) -> None:
    state, films = window.controller.state, window.controller.films
    first = state.kernels.film[-1]
    for step in range(first.step + 1, first.step + 401 - len(state.kernels.film)):
        kernel_pictures.add(state.kernels, replace(first, step=step))
    window.controller.refresh()
    looked = state.kernels.film[300].step
    window.controller.settle(lambda: films.show_frame(300))
    for step in (10**6, 10**6 + 1):
        kernel_pictures.add(state.kernels, replace(first, step=step))
    window.controller.refresh()
    assert len(state.kernels.film) < 300
    shown = state.kernels.shown
    assert shown is not None and looked - 1 <= shown.step <= looked and state.shown_step == looked
    assert not state.kernels.follow and window.panels.kernels.film.slider.value() == state.kernels.frame


def test_a_film_ends_where_it_ends(window: Window, qtbot: QtBot) -> None:
    state = window.controller.state
    window.controller.settle(lambda: window.controller.films.show_frame(len(state.kernels.film) - 3))
    window.controller.act("play_film")
    qtbot.waitUntil(lambda: not state.kernels.playing, timeout=PATIENCE_MS)
    assert state.kernels.frame == len(state.kernels.film) - 1


def test_a_frame_that_stands_still_is_marked_by_a_job_and_a_playing_film_is_not(
    window: Window, qtbot: QtBot
) -> None:
    state, controller = window.controller.state, window.controller
    controller.settle(lambda: controller.films.show_frame(7))
    assert state.kernels.marks is None
    qtbot.waitUntil(lambda: state.kernels.marks is not None, timeout=PATIENCE_MS)
    shown, found = state.kernels.film[7], state.kernels.marks
    assert found is not None
    assert np.array_equal(found.noisy, marks(shown.kernels).noisy)
    assert [tower.marks for tower in view_kernels(state).towers] == [
        block.marks() for block in window.panels.kernels.blocks
    ]
    controller.act("play_film")
    assert state.kernels.marks is None
    controller.act("play_film")
    controller.settle(lambda: controller.films.show_frame(7))
    assert state.kernels.marks is found  # kept with its frame


def test_a_training_hands_its_kernels_over_as_frames_and_those_that_are_shown_are_marked(
    tmp_path: Path, window: Window
) -> None:
    folder = next(event for event in scan(photos(tmp_path / "photos")) if isinstance(event, ImageFolder))
    values, run = tiny_recipe().values, tmp_path / "run"
    spec = catalogue.get("mini", classes=2, image_size=32, width=0.25)
    events = list(training_jobs.train(folder, run, spec, values, None, None, ()))
    frames = [event for event in events if isinstance(event, KernelFrame)]
    assert frames
    assert not any(isinstance(event, KernelsSeen) for event in events)
    assert all(frame.apart is not None for frame in frames)  # of the network's two towers

    state = window.controller.state
    state.kernels = state.kernels.anew()
    kernel_pictures.begin(state.kernels, spec)
    for frame in frames:
        kernel_pictures.add(state.kernels, frame)
    window.controller.refresh()
    found = state.kernels.marks
    assert found is not None and np.array_equal(found.noisy, marks(frames[-1].kernels).noisy)
    assert [frame.marks is not None for frame in state.kernels.film] == [False] * (len(frames) - 1) + [True]


def test_another_layer_comes_from_the_weights_and_goes_back(window: Window, qtbot: QtBot) -> None:
    state, panel = window.controller.state, window.panels.kernels
    panel.layer_picked.emit("conv3")
    waits(qtbot, window, lambda: state.kernels.other is not None)
    assert state.kernels.shown_layer == "conv3"
    assert [len(block.numbers) for block in state.kernels.blocks] == [96, 96]
    assert state.kernels.blocks[0].tiles.shape[1:] == (3, 3, 3)
    assert panel.film.isHidden()
    panel.look_picked.emit("channels")
    assert state.kernels.blocks[0].tiles.shape[1:] == (43, 47, 3)  # 128 channels, 11 rows of 12
    window.controller.settle(lambda: window.controller.select(Selection(kernel=100)))
    assert panel.detail.values.as_text().count("\n") == 2
    panel.layer_picked.emit("conv1")
    assert state.kernels.other is None
    assert not panel.film.isHidden()


def test_a_kernel_answers_to_an_image(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    state, panel = window.controller.state, window.panels.kernels
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (70, 90, 3), np.uint8)).save(tmp_path / "a.png")
    window.controller.settle(lambda: window.controller.select(Selection(kernel=3)))
    window.controller.settle(lambda: window.controller.kernels.apply(str(tmp_path / "a.png")))
    waits(qtbot, window, lambda: state.kernels.response is not None)
    assert panel.detail.answer.count() == 2
    window.controller.settle(lambda: window.controller.select(Selection(kernel=40)))
    waits(qtbot, window, lambda: state.kernels.response is not None and state.kernels.response.number == 40)
    window.controller.settle(lambda: window.controller.kernels.apply(str(tmp_path / "gone.png")))
    waits(qtbot, window, lambda: state.notice is not None)
    assert state.notice is not None
    assert "gone.png" in state.notice.sentence


def test_the_film_is_saved_with_progress(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    films = window.controller.films
    window.controller.settle(lambda: films.save_film(tmp_path / "film.gif"))
    assert JobKind.EXPORT in window.controller.state.progress
    waits(qtbot, window, lambda: (tmp_path / "film.gif").exists())
    with Image.open(tmp_path / "film.gif") as film:
        assert getattr(film, "n_frames", 0) == len(window.controller.state.kernels.film)


def test_a_click_on_the_curve_goes_to_the_frame_above_it(person: Person, theme: Theme) -> None:
    curve = FilmCurve(theme)
    person.sees(curve, 316, 40)
    values = np.linspace(0, 2, 31)
    values[4:6] = np.nan
    curve.set_values(values, (values / 2,), 0.4, 7)
    with person.hears(curve.frame_picked) as picked:
        person.clicks(curve, QPoint(round(curve.x_of(12)), 20))
    assert picked == [12]


def test_the_curve_is_drawn_anew_when_its_values_change_and_its_moment_moves_alone(
    person: Person, theme: Theme
) -> None:
    curve = FilmCurve(theme)
    person.sees(curve, 316, 40)

    def drawn(values: list[float], frame: int) -> QImage:
        curve.set_values(np.array(values), (), 0.4, frame)
        return curve.grab().toImage()

    rising = [1.0, 2.0, 0.0]
    first, moved, changed = (drawn(*one) for one in ((rising, 0), (rising, 2), ([2.0, 1.0, 0.0], 0)))
    columns = {
        x for x in range(first.width()) for y in range(0, 40, 3) if first.pixel(x, y) != moved.pixel(x, y)
    }
    ends = [curve.x_of(0), curve.x_of(2)]
    assert columns
    assert all(min(abs(x - end) for end in ends) <= 1 for x in columns)
    assert changed != first
    assert drawn(rising, 0) == first
