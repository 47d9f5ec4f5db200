"""One image in all layers, in the window: followed, picked, gathered, explained; grids, bars and rectangles alone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from alexnet_studio.ground.device import resolve
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.networks import catalogue, spec_file
from alexnet_studio.networks.build import build
from alexnet_studio.networks.receptive import receptive_field
from alexnet_studio.runs import checkpoint
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.checkpoint_document import Checkpoint
from alexnet_studio.runs.record import DataSource, RecordedSplit, RunRecord
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing.window import view_state
from alexnet_studio.studio.state.layers import LayersState
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.parts import Selection
from alexnet_studio.studio.widgets.field_picture import FieldPicture
from alexnet_studio.studio.widgets.map_grid import MapGrid
from alexnet_studio.studio.widgets.unit_bars import UnitBars
from alexnet_studio.studio.window import Window

PATIENCE_MS = 60_000
SPEC = catalogue.get("mini", classes=2, image_size=32, width=0.25)


@pytest.fixture(autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALEXNET_STUDIO_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def window(exploring: Window) -> Window:
    return exploring


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Twelve images of two classes, and weights drawn by seed."""
    dice = np.random.default_rng(0)
    paths = [f"{name}/{number}.png" for name in ("<b>cat</b>", "dog") for number in range(6)]
    for path in paths:
        (tmp_path / "photos" / path).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(dice.integers(0, 255, (40, 48, 3), dtype=np.uint8)).save(tmp_path / "photos" / path)
    input_ = InputRecord(resize_to=36, size=32, mean=(0.5,) * 3, std=(0.25,) * 3)
    made = runs.create(
        tmp_path / "run",
        RunRecord(
            app_version="0",
            created="2012-12-03T00:00:00+00:00",
            network=spec_file.to_json(SPEC),
            input=input_.model_dump(mode="json"),
            recipe={},
            classes=("<b>cat</b>", "dog"),
            data=DataSource(root=str(tmp_path / "photos"), fingerprint="", layout="classes"),
            split=RecordedSplit(train=tuple(paths[:5] + paths[6:11]), val=(paths[5], paths[11])),
            colour={},
            seed=0,
            device=resolve("cpu", "float32").kind,
            precision="float32",
            threads=1,
            versions={},
        ),
    )
    save_weights(tmp_path / "run", seed=1)
    return made.path


def save_weights(run: Path, *, seed: int) -> None:
    weights = build(SPEC, seed=seed).state_dict()
    kept = Checkpoint(
        step=7, epoch=3, batch=0, weights=dict(weights), optimizer={}, schedule={}, meters={}, best=None
    )
    checkpoint.save(runs.open(run), kept, best=True)


def opened(qtbot: QtBot, window: Window, run: Path, image: str | None = "dog/5.png") -> State:
    controller = window.controller
    controller.settle(lambda: controller.runs.open(run))
    qtbot.waitUntil(
        lambda: controller.state.run is not None and not controller.state.progress, timeout=PATIENCE_MS
    )
    if image is not None:
        controller.settle(lambda: controller.select(Selection(image=image)))
        settled(qtbot, window)
    return controller.state


def settled(qtbot: QtBot, window: Window) -> None:
    jobs = window.controller.jobs
    kinds = (JobKind.LAYERS, JobKind.UNIT, JobKind.PATCHES, JobKind.EXPLAIN)
    qtbot.waitUntil(lambda: not any(map(jobs.running, kinds)), timeout=PATIENCE_MS)


def select(qtbot: QtBot, window: Window, **fields: object) -> None:
    controller = window.controller
    controller.settle(lambda: controller.select(replace(controller.state.selection, **fields)))  # pyright: ignore
    settled(qtbot, window)


def test_the_selected_image_goes_through_all_layers(qtbot: QtBot, window: Window, run: Path) -> None:
    state = opened(qtbot, window, run)
    view = view_state(state).layers
    assert "5.png · weights of epoch 3 ·" in view.title
    assert [name for name, _ in view.layers] == [
        layer.name for layer in SPEC.layers if layer.kind != "dropout"
    ]
    assert view.layer == "conv1"
    panel = window.panels.layers
    assert panel.maps.count() == 12
    select(qtbot, window, layer="fc7", kernel=None)
    assert view_state(state).layers.bars is not None
    assert panel.bars.isVisible()
    assert not panel.look.isEnabled()


def test_a_place_that_is_clicked_shows_what_it_sees(
    qtbot: QtBot, window: Window, run: Path, person: Person
) -> None:
    state = opened(qtbot, window, run)
    panel = window.panels.layers
    x, y, width, _ = panel.maps.geometry_now().cell(3)
    person.clicks(panel.maps.viewport(), QPoint(int(x + width - 2), int(y + 2)))
    settled(qtbot, window)
    view = view_state(state).layers
    assert (state.selection.layer, state.selection.kernel) == ("conv1", 4)
    assert view.unit is not None
    _, row, column = view.unit.cell
    assert (row, column) == (0, view.tiles.shape[2] - 1 if view.tiles is not None else -1)
    field = receptive_field(SPEC, "conv1", row, column)
    assert view.sees == (field.top, field.left, field.bottom, field.right)
    assert view.unit.kernel is not None
    assert "not gathered" in view.unit.remark
    # Another panel's selection, without a place: the strongest one.
    select(qtbot, window, layer="conv2", kernel=2)
    unit = view_state(state).layers.unit
    seen = state.layers.seen
    assert unit is not None
    assert seen is not None
    maps = seen.found.of("conv2")
    assert maps is not None
    assert maps.values[unit.cell] == maps.values[1].max()


def test_patches_are_gathered_shown_and_outdated(qtbot: QtBot, window: Window, run: Path) -> None:
    state = opened(qtbot, window, run)
    select(qtbot, window, layer="conv2", kernel=1)
    window.controller.act("gather_patches")
    assert not view_state(state).layers.gather.enabled
    settled(qtbot, window)
    qtbot.waitUntil(lambda: state.layers.unit is not None and state.layers.unit.gathered, timeout=PATIENCE_MS)
    unit = view_state(state).layers.unit
    assert unit is not None
    assert "of 10 training images" in unit.remark
    assert unit.patches is not None
    assert unit.patches.shape == (9, 96, 96, 3)
    assert window.panels.layers.unit.patches.count() == 9
    save_weights(run, seed=2)
    select(qtbot, window, image="dog/4.png")
    qtbot.waitUntil(lambda: state.layers.unit is not None and state.layers.unit.outdated, timeout=PATIENCE_MS)
    again = view_state(state).layers.unit
    assert again is not None
    assert "outdated" in again.remark


@pytest.mark.parametrize("method", ["occlusion", "gradient", "guided"])
def test_what_speaks_for_a_class(qtbot: QtBot, window: Window, run: Path, method: str) -> None:
    state = opened(qtbot, window, run)
    layers = window.controller.layers
    window.panels.layers.method_picked.emit(method)
    settled(qtbot, window)
    view = view_state(state).layers
    assert state.layers.explained is not None
    assert view.image is state.layers.explained.picture
    window.controller.settle(lambda: layers.set_class("<b>cat</b>"))
    settled(qtbot, window)
    assert state.layers.explained.label == 0
    assert "<b>cat</b>" in view_state(state).layers.verdict
    window.controller.settle(lambda: layers.set_method(""))
    assert view_state(state).layers.image is not view.image


def test_pooling_with_and_without_overlap(qtbot: QtBot, window: Window, run: Path) -> None:
    state = opened(qtbot, window, run)
    select(qtbot, window, layer="pool1", kernel=1)
    pooled = view_state(state).layers.pooled
    assert pooled is not None
    assert len(pooled.pictures) == 3
    assert pooled.captions[1].startswith("z = 3, s = 2")
    select(qtbot, window, layer="conv1", kernel=1)
    assert view_state(state).layers.pooled is None


def test_a_unit_that_never_answers(qtbot: QtBot, window: Window, run: Path) -> None:
    state = opened(qtbot, window, run)
    select(qtbot, window, layer="conv1", kernel=1)
    unit = state.layers.unit
    assert unit is not None
    state.layers.unit = replace(unit, gathered=True, images=10, values=(0.0,) * 9)
    shown = view_state(state).layers.unit
    assert shown is not None
    assert shown.remark == "It answers above zero on none of 10 training images."


def test_images_that_cannot_be_looked_at(qtbot: QtBot, window: Window, run: Path, tmp_path: Path) -> None:
    state = opened(qtbot, window, run, None)
    empty = view_state(state).layers.empty
    assert empty is not None
    assert empty.intent == "choose_layers_image"
    (tmp_path / "a.jpg").write_text("no image", encoding="utf-8")
    select(qtbot, window, image=str(tmp_path / "a.jpg"))
    empty = view_state(state).layers.empty
    assert empty is not None
    assert "a.jpg" in empty.sentence
    Image.fromarray(np.zeros((3, 5), np.uint8)).save(tmp_path / "small.png")
    select(qtbot, window, image=str(tmp_path / "small.png"))
    assert view_state(state).layers.empty is None


def test_a_folder_that_was_moved_is_told(qtbot: QtBot, window: Window, run: Path, tmp_path: Path) -> None:
    shutil.copy(tmp_path / "photos" / "dog" / "5.png", tmp_path / "one.png")
    state = opened(qtbot, window, run, str(tmp_path / "one.png"))
    shutil.move(tmp_path / "photos", tmp_path / "elsewhere")
    window.controller.act("gather_patches")
    settled(qtbot, window)
    assert state.notice is not None
    assert "photos" in state.notice.sentence


def test_nothing_is_computed_while_the_panel_is_not_seen(qtbot: QtBot, window: Window, run: Path) -> None:
    window.commands["workspace_train"].trigger()
    state = opened(qtbot, window, run)
    assert state.layers == LayersState(version=state.layers.version)
    window.commands["show_layers"].trigger()
    settled(qtbot, window)
    qtbot.waitUntil(lambda: state.layers.seen is not None, timeout=PATIENCE_MS)


def test_without_a_run_it_says_what_will_be_there() -> None:
    empty = view_state(State()).layers.empty
    assert empty is not None
    assert empty.intent == "open_example"


def test_the_grid_tells_map_row_and_column(person: Person, theme: Theme) -> None:
    grid = MapGrid(theme)
    person.sees(grid, 400, 300)
    maps = np.zeros((7, 4, 5), np.uint8)
    maps[6, 3, 4] = 255
    grid.set_maps(maps)
    x, y, width, height = grid.geometry_now().cell(6)
    assert grid.cell_at(x + width - 1, y + height - 1) == (6, 3, 4)
    assert grid.cell_at(x + 1, y + 1) == (6, 0, 0)
    assert grid.cell_at(399, 299) is None
    picture = grid.grab().toImage()
    ratio = grid.devicePixelRatioF()
    at = QPoint(int((x + width * 0.9) * ratio), int((y + height * 0.87) * ratio))
    assert QColor(picture.pixel(at)).lightness() > 200
    with person.hears(grid.picked) as heard:
        person.presses(grid, Qt.Key.Key_Right)
    assert heard == [0, -1, -1]
    grid.set_cell((5, 0, 0))
    with person.hears(grid.picked) as heard:
        person.presses(grid, Qt.Key.Key_Right)
    assert heard == [6, -1, -1]


@pytest.mark.parametrize("count", [1, 3, 96, 256, 1000])
def test_maps_are_as_large_as_lets_all_be_seen(person: Person, theme: Theme, count: int) -> None:
    grid = MapGrid(theme)
    person.sees(grid, 560, 420)
    grid.set_maps(np.zeros((count, 13, 13), np.uint8))
    now = grid.geometry_now()
    assert now.width <= grid.viewport().width() + 0.01
    assert now.cell_width >= 30
    assert now.height <= 420 or now.cell_width < 45
    assert (grid.verticalScrollBar().maximum() > 0) == (now.height > grid.viewport().height())


@pytest.mark.parametrize("count", [1, 14, 256, 4096])
def test_bars_are_picked(person: Person, theme: Theme, count: int) -> None:
    bars = UnitBars(theme)
    person.sees(bars, 500, 200)
    values = np.random.default_rng(0).normal(size=count).astype(np.float32)
    bars.set_values(values)
    with person.hears(bars.picked) as heard:
        person.clicks(bars, QPoint(3, 100))
    first = heard[0]
    assert 0 <= first < max(1, count * 5 // 500 + 1)
    bars.set_current(first)
    with person.hears(bars.picked) as heard:
        person.presses(bars, Qt.Key.Key_Right)
    assert heard == [min(first + 1, count - 1)]
    bars.grab()


def test_the_rectangle_lies_where_the_pixels_are(person: Person, theme: Theme) -> None:
    picture = FieldPicture(theme, 120)
    person.sees(picture, 120, 120)
    picture.show_picture(np.zeros((12, 24, 3), np.uint8), (3, 6, 12, 24))
    field = picture.field_now()
    assert field is not None
    assert (field.x(), field.y(), field.right(), field.bottom()) == (30, 15, 120, 60)
    picture.show_picture(None)
    assert picture.field_now() is None


def test_views_of_a_run_without_weights_say_so(qtbot: QtBot, window: Window, run: Path) -> None:
    for file in (run / "checkpoints").iterdir():
        file.unlink()
    state = opened(qtbot, window, run, None)
    assert not view_state(state).layers.gather.enabled
    empty = view_state(state).layers.empty
    assert empty is not None
    assert "weights" in empty.sentence
