"""The augmentation laboratory: the very crops, colours and batches that a training makes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PIL import Image
from PySide6.QtCore import QPoint, QSettings, Qt
from pytestqt.qtbot import QtBot

from alexnet_studio.images import prepare
from alexnet_studio.images.decode import read
from alexnet_studio.images.folder import ImageFolder, scan
from alexnet_studio.images.loader import batches
from alexnet_studio.images.split import split
from alexnet_studio.images.statistics import measure, normalised_by
from alexnet_studio.images.store import Store, fill
from alexnet_studio.insight import colours
from alexnet_studio.insight.views import ten
from alexnet_studio.networks import catalogue
from alexnet_studio.studio import laboratory_jobs
from alexnet_studio.studio.jobs import JobKind
from alexnet_studio.studio.laboratory_jobs import BatchSeen
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.panels.laboratory import LaboratoryDialog
from alexnet_studio.studio.state import LaboratoryState, State
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.window import Window
from alexnet_studio.training.feeding import augmentation
from alexnet_studio.training.plan import split_rule, unmeasured
from alexnet_studio.training.preview import preview, shown
from alexnet_studio.training.recipe import Recipe

PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("laboratory") / "photos"
    noise = np.random.default_rng(1)
    for name, colour in (("red", (200, 40, 40)), ("blue", (40, 60, 200))):
        (root / name).mkdir(parents=True)
        for number in range(12):
            pixels = np.clip(noise.normal(colour, 40, (90, 120, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(root / name / f"{number}.png")
    return root


@pytest.fixture
def window(person: Person, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setenv("ALEXNET_STUDIO_DATA", str(tmp_path / "data"))
    made = Window(theme, Memory(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)))
    person.sees(made, 1200, 800)
    yield made
    made.controller.close()


def state_of(window: Window) -> State:
    return window.controller.state


def opened(qtbot: QtBot, window: Window, photos: Path, path: str) -> LaboratoryDialog:
    window.open(photos)
    qtbot.waitUntil(
        lambda: state_of(window).setup is not None and not state_of(window).progress, timeout=PATIENCE_MS
    )
    state = state_of(window)
    window.controller.settle(lambda: window.controller.select(replace(state.selection, image=path)))
    window.commands["laboratory"].trigger()
    qtbot.waitUntil(lambda: state.laboratory.batch is not None and not state.progress, timeout=PATIENCE_MS)
    assert window.laboratory is not None
    return window.laboratory


def test_it_shows_what_a_training_would_see(
    qtbot: QtBot, person: Person, window: Window, photos: Path
) -> None:
    dialog = opened(qtbot, window, photos, "red/3.png")
    state = state_of(window)
    seen, setup = state.laboratory, state.setup
    assert setup is not None
    assert setup.spec is not None
    assert seen.image is not None
    assert seen.colours is not None
    recipe = Recipe.model_validate(dict(setup.values))
    record = unmeasured(setup.spec, recipe)
    fitted = prepare.fit(read(photos / "red" / "3.png").pixels, record)
    np.testing.assert_array_equal(seen.image.pixels, fitted)
    # The crop follows the keys and the pointer, and is a slice of the image.
    size, slack = record.size, record.resize_to - record.size
    person.presses(dialog.stage, Qt.Key.Key_Right)
    person.presses(dialog.stage, Qt.Key.Key_Down)
    top, left = dialog.stage.at
    assert (top, left) == (slack // 2 + 1, slack // 2 + 1)
    np.testing.assert_array_equal(dialog.stage.crop(), fitted[top : top + size, left : left + size])
    dialog.mirrored.click()
    np.testing.assert_array_equal(dialog.stage.crop(), fitted[top : top + size, left : left + size][:, ::-1])
    person.clicks(dialog.stage, QPoint(1, 1))
    assert dialog.stage.at == (0, 0)
    assert dialog.place.text() == f"place 1 down, 1 across, of {slack + 1}"
    assert f"{2 * (slack + 1) ** 2:,} crops" in dialog.crops.text()
    # The ten views' squares are those of the test.
    dialog.ten.click()
    cut = [fitted[top : top + size, left : left + size] for top, left in dialog.stage.squares()]
    np.testing.assert_array_equal(np.stack(cut), ten(fitted, size)[:5])
    # Colours: shares add up, and the middle of the strip is the crop itself.
    assert sum(bar.share for bar in dialog.axes.bars()) == pytest.approx(1)
    np.testing.assert_array_equal(seen.colours.strips[0, 3], prepare.centre(fitted, size))
    assert dialog.strip.count() == 7
    assert dialog.batch.count() == 16
    first = seen.batch
    dialog.following.click()
    qtbot.waitUntil(lambda: state.laboratory.batch is not first and not state.progress, timeout=PATIENCE_MS)
    assert state.laboratory.batch is not None
    assert state.laboratory.batch.first == 16
    assert len(state.laboratory.batch.paths) == 4  # 24 images, of which a fifth validates


def test_another_folder_leaves_nothing_of_the_last_one(
    qtbot: QtBot, window: Window, photos: Path, tmp_path: Path
) -> None:
    dialog = opened(qtbot, window, photos, "red/3.png")
    state, controller = state_of(window), window.controller
    shutil.copytree(photos, tmp_path / "others")
    told = LaboratoryState(state.laboratory.image, state.laboratory.colours, state.laboratory.batch)
    window.open(tmp_path / "others")
    qtbot.waitUntil(
        lambda: state.dataset is not None and state.dataset.root != str(photos) and not state.progress,
        timeout=PATIENCE_MS,
    )
    assert not dialog.content.isVisible()
    # What a job of the last folder still had to say comes too late.
    listener = controller.laboratory.listeners[JobKind.LABORATORY]
    for event in (told.image, told.colours, told.batch):
        listener.told(event)
    assert state.laboratory == LaboratoryState()


def test_after_the_last_batch_comes_the_first(tmp_path: Path) -> None:
    """20 images of which 4 validate: a training has 16, one batch."""
    for number in range(20):
        place = tmp_path / "ab"[number % 2] / f"{number}.png"
        place.parent.mkdir(exist_ok=True)
        Image.new("RGB", (40, 40), (9 * number, 50, 200)).save(place)
    folder = next(event for event in scan(tmp_path) if isinstance(event, ImageFolder))
    spec, recipe = catalogue.get("mini", classes=2), Recipe()
    values = tuple(recipe.model_dump().items())
    told = laboratory_jobs.look(folder, folder.images[0].path, spec, values, 16)
    batch = next(event for event in told if isinstance(event, BatchSeen))
    assert (batch.first, len(batch.paths)) == (0, 16)


def test_without_a_folder_it_says_what_to_do(window: Window) -> None:
    window.commands["laboratory"].trigger()
    assert window.laboratory is not None
    window.controller.refresh()
    assert window.laboratory.problem.text() == "Open a folder of images first."
    assert not window.laboratory.look.isEnabled()


def test_a_preview_is_the_loader_s_first_batch(photos: Path, tmp_path: Path) -> None:
    folder = next(event for event in scan(photos) if isinstance(event, ImageFolder))
    recipe = Recipe(flip=True, turn=True, brightness=0.3, as_2012=True)
    record = unmeasured(catalogue.get("mini", classes=2), recipe)
    parts = split(folder, split_rule(recipe))
    used = sorted((*parts.train, *parts.val))
    store = next(event for event in fill(folder, used, record, tmp_path) if isinstance(event, Store))
    train = [store.kept.index(position) for position in parts.train]
    measured = measure(store, train, seed=1)
    record = normalised_by(record, measured)
    labels = [folder.images[i].label for i in store.kept]
    wanted = next(
        batches(
            store,
            labels,
            train,
            record,
            batch_size=16,
            seed=recipe.seed,
            epoch=0,
            augmentation=augmentation(recipe, measured),
            shuffle=True,
        )
    )
    found = preview(folder, parts, record, recipe, measured)
    np.testing.assert_array_equal(found.pixels, shown(wanted.images.numpy(), record))
    assert found.paths == tuple(folder.images[store.kept[i]].path for i in wanted.indices)


def test_the_covariance_is_numpy_s_and_noise_moves_along_its_axes(photos: Path, tmp_path: Path) -> None:
    folder = next(event for event in scan(photos) if isinstance(event, ImageFolder))
    record = unmeasured(catalogue.get("mini", classes=2), Recipe(resize_to=64, fit="squash"))
    store = next(event for event in fill(folder, range(24), record, tmp_path) if isinstance(event, Store))
    measured = measure(store, range(24), seed=1)
    pixels = np.concatenate([store.pixels(i).reshape(-1, 3) for i in range(24)]) / 255.0
    np.testing.assert_allclose(colours.covariance(measured), np.cov(pixels.T, bias=True), atol=1e-12)
    grey = np.full((2, 2, 3), 128, np.uint8)
    moved = colours.along_axis(grey, measured, 0, 0.1).astype(float) - 128
    axis = np.array(measured.eigenvectors[0])
    np.testing.assert_allclose(moved[6, 0, 0], 255 * 0.3 * measured.eigenvalues[0] ** 0.5 * axis, atol=0.5)
    mean = np.mean([prepare.fit(store.pixels(i), record) for i in range(24)], axis=0)
    assert np.abs(colours.mean_picture(store, range(24)) - mean).max() <= 0.5
    seen = colours.cloud(store, range(24), measured, seed=1)
    away = seen.colours / 255.0 - np.array(measured.mean)
    np.testing.assert_allclose(seen.plane, away @ np.array(measured.eigenvectors)[:2].T)
