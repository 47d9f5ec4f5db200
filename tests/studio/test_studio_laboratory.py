"""The augmentation laboratory: the very crops, colours and batches that a training makes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from person import Person
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from alexnet_studio.images import prepare
from alexnet_studio.images.decode import read
from alexnet_studio.images.folder import ImageFolder, scan
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.loader import batches
from alexnet_studio.images.split import split
from alexnet_studio.images.statistics import measure, normalised_by
from alexnet_studio.images.store import Store, fill
from alexnet_studio.insight import colours
from alexnet_studio.insight.views import ten
from alexnet_studio.networks import catalogue
from alexnet_studio.studio.jobs import export as export_jobs
from alexnet_studio.studio.jobs import laboratory as laboratory_jobs
from alexnet_studio.studio.jobs.laboratory import BatchSeen, ColoursMeasured, ImageFitted
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.panels.laboratory import LaboratoryDialog
from alexnet_studio.studio.showing.laboratory import view_laboratory
from alexnet_studio.studio.showing.window import view_state
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.parts import Selection
from alexnet_studio.studio.window import Window
from alexnet_studio.training.feeding import augmentation
from alexnet_studio.training.plan import split_rule, unmeasured
from alexnet_studio.training.preview import preview, shown
from alexnet_studio.training.recipe import Recipe

PATIENCE_MS = 20_000


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


def state_of(window: Window) -> State:
    return window.controller.state


def opened(qtbot: QtBot, window: Window, photos: Path, path: str) -> LaboratoryDialog:
    window.open(photos)
    qtbot.waitUntil(lambda: state_of(window).setup is not None, timeout=PATIENCE_MS)
    choose(window, path)
    window.commands["laboratory"].trigger()
    settled(qtbot, window)
    assert window.laboratory is not None
    return window.laboratory


def choose(window: Window, path: str) -> None:
    """As a click in the Data panel does."""
    window.pages.panels.data.selection_changed.emit(Selection(image=path))


def settled(qtbot: QtBot, window: Window) -> None:
    """Everything that the laboratory follows has been looked at."""
    intents = window.controller.laboratory
    qtbot.waitUntil(lambda: intents.is_settled() and not state_of(window).progress, timeout=PATIENCE_MS)


def seen_of(window: Window) -> tuple[ImageFitted, ColoursMeasured, BatchSeen]:
    seen = state_of(window).laboratory
    assert seen.image is not None
    assert seen.colours is not None
    assert seen.batch is not None
    return seen.image, seen.colours, seen.batch


def record_of(window: Window) -> InputRecord:
    setup = state_of(window).setup
    assert setup is not None
    assert setup.spec is not None
    return unmeasured(setup.spec, Recipe.model_validate(dict(setup.values)))


def shown_crop(dialog: LaboratoryDialog) -> NDArray[np.uint8]:
    """The very pixels of the picture on the screen."""
    return pixels_of(dialog.chooser.crop.pictures()[0])


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.array(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3)


def test_the_crop_that_is_shown_is_the_slice_at_its_place(
    qtbot: QtBot, person: Person, window: Window, photos: Path
) -> None:
    dialog = opened(qtbot, window, photos, "red/3.png")
    chooser, record = dialog.chooser, record_of(window)
    fitted = prepare.fit(read(photos / "red" / "3.png").pixels, record)
    size, last = record.size, record.resize_to - record.size
    np.testing.assert_array_equal(seen_of(window)[0].pixels, fitted)
    assert chooser.stage.at == (last // 2, last // 2)
    np.testing.assert_array_equal(shown_crop(dialog), prepare.centre(fitted, size))

    def comes(top: int, left: int, *, mirrored: bool = False) -> None:
        wanted = fitted[top : top + size, left : left + size]
        wanted = wanted[:, ::-1] if mirrored else wanted
        qtbot.waitUntil(lambda: np.array_equal(shown_crop(dialog), wanted), timeout=PATIENCE_MS)
        assert (chooser.down.value(), chooser.across.value()) == (top, left)
        assert chooser.stage.squares()[-1] == (top, left)
        places = last + 1
        number = 2 * (top * places + left) + 1 + mirrored
        assert chooser.number.text().startswith(f"crop {number:,} of {2 * places**2:,}\n")

    person.presses(chooser.stage, Qt.Key.Key_Right)
    person.presses(chooser.stage, Qt.Key.Key_Down)
    comes(last // 2 + 1, last // 2 + 1)
    person.clicks(chooser.stage, QPoint(1, 1))
    comes(0, 0)
    chooser.across.setValue(last)
    comes(0, last)
    assert chooser.number.text().endswith(f"beyond the paper’s {2 * last**2:,}")
    person.presses(chooser.across, Qt.Key.Key_Left)
    person.presses(chooser.down, Qt.Key.Key_Right)
    comes(1, last - 1)
    assert chooser.number.text().endswith(f"{2 * (last + last - 1) + 1:,} of {2 * last**2:,}")
    chooser.mirrored.click()
    comes(1, last - 1, mirrored=True)
    # The ten views' squares are those of the test, and the noise is of this very crop.
    chooser.ten.click()
    cut = [fitted[top : top + size, left : left + size] for top, left in chooser.stage.squares()[:5]]
    np.testing.assert_array_equal(np.stack(cut), ten(fitted, size)[:5])
    for strip in dialog.colours.strips:
        np.testing.assert_array_equal(pixels_of(strip.pictures()[3]), shown_crop(dialog))
    measured = seen_of(window)[1].statistics
    crop = shown_crop(dialog) / 255.0
    for axis, strip in enumerate(dialog.colours.strips):
        step = 0.1 * measured.eigenvalues[axis] ** 0.5 * np.array(measured.eigenvectors[axis])
        for alpha, picture in zip(range(-3, 4), strip.pictures(), strict=True):
            wanted = 255 * np.clip(crop + alpha * step, 0, 1)
            assert np.abs(pixels_of(picture) - wanted).max() <= 0.5 + 1e-9


def test_swatches_are_the_mean_colour_moved_by_deviations(qtbot: QtBot, window: Window, photos: Path) -> None:
    dialog = opened(qtbot, window, photos, "red/3.png")
    measured = seen_of(window)[1].statistics
    rows = dialog.colours.axes.rows()
    assert len(rows) == 3
    assert sum(row.share for row in rows) == pytest.approx(1)
    for axis, row in enumerate(rows):
        moves = np.arange(-3, 4)[:, None] * np.sqrt(measured.eigenvalues[axis])
        wanted = 255 * (np.array(measured.mean) + moves * np.array(measured.eigenvectors[axis]))
        assert np.abs(row.colours - np.clip(wanted, 0, 255)).max() <= 0.5 + 1e-9
    # And they are painted so, once there is room for all of them.
    axes = dialog.colours.axes
    qtbot.waitUntil(lambda: axes.rect().contains(axes.cells(len(rows) - 1)[-1]))
    picture = axes.grab().toImage()
    for axis, row in enumerate(rows):
        middle = axes.cells(axis)[3].center()
        colour = picture.pixelColor(middle)
        assert [colour.red(), colour.green(), colour.blue()] == row.colours[3].tolist()


def test_it_follows_the_selection_the_recipe_and_the_folder(
    qtbot: QtBot, window: Window, photos: Path, tmp_path: Path
) -> None:
    dialog = opened(qtbot, window, photos, "red/3.png")
    _, colours_before, batch_before = seen_of(window)
    dialog.chooser.across.setValue(0)
    # Another image: only it is read, and it is looked at in the same place.
    choose(window, "blue/1.png")
    settled(qtbot, window)
    image, colours_now, batch_now = seen_of(window)
    fitted = prepare.fit(read(photos / "blue" / "1.png").pixels, record_of(window))
    np.testing.assert_array_equal(image.pixels, fitted)
    assert colours_now is colours_before
    assert batch_now is batch_before
    assert dialog.crops.text().startswith("blue/1.png: ")
    size, (top, left) = image.size, dialog.chooser.stage.at
    assert left == 0
    np.testing.assert_array_equal(shown_crop(dialog), fitted[top : top + size, :size])
    # Training faster changes no image, mirroring does; several changes at once end in the last.
    recipes = window.controller.recipes
    window.controller.after(recipes.edit)("lr", 0.5)
    settled(qtbot, window)
    assert seen_of(window)[2] is batch_before
    for colour_pca in (0.3, 0.4, 0.0):
        window.controller.after(recipes.edit)("colour_pca", colour_pca)
    window.controller.after(recipes.edit)("mirror", False)
    settled(qtbot, window)
    batch = seen_of(window)[2]
    assert not np.array_equal(batch.pixels, batch_before.pixels)
    assert "mirrors nothing" in dialog.crops.text()
    assert "adds no such noise" in dialog.colours.strip_text.text()
    places = image.last + 1
    assert f" of {places**2:,}\n" in dialog.chooser.number.text()
    # Another network has another size, and not the paper's numbers.
    window.controller.after(recipes.pick_network)("cifar-4layer")
    settled(qtbot, window)
    image = seen_of(window)[0]
    assert image.size == 32
    assert f"squares of 32 pixels from {32 + image.last}" in dialog.crops.text()
    assert dialog.chooser.across.maximum() == image.last
    # Another folder.
    shutil.copytree(photos, tmp_path / "others")
    window.open(tmp_path / "others")
    qtbot.waitUntil(lambda: folder_of(window) == tmp_path / "others", timeout=PATIENCE_MS)
    assert not dialog.content.isVisible()
    qtbot.waitUntil(lambda: state_of(window).setup is not None, timeout=PATIENCE_MS)
    settled(qtbot, window)
    assert seen_of(window)[0].path == "blue/0.png"
    # Closed, it follows nothing.
    dialog.close()
    choose(window, "red/2.png")
    settled(qtbot, window)
    assert seen_of(window)[0].path == "blue/0.png"
    window.commands["laboratory"].trigger()
    settled(qtbot, window)
    assert seen_of(window)[0].path == "red/2.png"


def folder_of(window: Window) -> Path | None:
    dataset = state_of(window).dataset
    return None if dataset is None else Path(dataset.root)


def test_what_a_job_still_has_to_say_of_the_last_choice_is_dropped(
    qtbot: QtBot, window: Window, photos: Path
) -> None:
    opened(qtbot, window, photos, "red/3.png")
    image, colours_seen, batch = seen_of(window)
    listeners = window.controller.laboratory.listeners
    choose(window, "blue/2.png")
    stale = replace(image, path="stale")
    listeners[JobKind.CROP].told(stale)
    assert seen_of(window)[0] is image
    window.controller.after(window.controller.recipes.edit)("seed", 7)
    listeners[JobKind.LABORATORY].told(replace(colours_seen, images=1))
    listeners[JobKind.LABORATORY].told(replace(batch, first=99))
    assert seen_of(window)[1:] == (colours_seen, batch)
    settled(qtbot, window)
    assert seen_of(window)[0].path == "blue/2.png"


def test_an_image_that_cannot_be_read_leaves_the_rest(
    qtbot: QtBot, window: Window, photos: Path, tmp_path: Path
) -> None:
    shutil.copytree(photos, tmp_path / "hurt")
    dialog = opened(qtbot, window, tmp_path / "hurt", "red/3.png")
    torn = tmp_path / "hurt" / "red" / "4.png"
    torn.write_bytes(torn.read_bytes()[:900])
    for path, reason in (("red/4.png", "ends early"), ("red/no.png", "does not exist")):
        choose(window, path)
        settled(qtbot, window)
        assert reason in dialog.chooser.unreadable.text()
        assert path in dialog.chooser.unreadable.text()
        assert not dialog.chooser.stage.isVisible()
        assert dialog.colours.axes.isVisible()
        assert dialog.batch.count() == 16
        assert state_of(window).notice is None
    choose(window, "red/5.png")
    settled(qtbot, window)
    assert not dialog.chooser.unreadable.isVisible()
    assert dialog.chooser.stage.isVisible()


def test_a_folder_that_is_gone_is_said_where_its_colours_were(
    qtbot: QtBot, window: Window, photos: Path, tmp_path: Path
) -> None:
    shutil.copytree(photos, tmp_path / "gone")
    dialog = opened(qtbot, window, tmp_path / "gone", "red/3.png")
    shutil.rmtree(tmp_path / "gone")
    window.controller.after(window.controller.recipes.edit)("seed", 3)
    settled(qtbot, window)
    assert "no image to learn from" in dialog.colours.why.text()
    assert not dialog.colours.axes.isVisible()
    assert not dialog.batch.isVisible()


def test_the_next_batch_keeps_the_colours_and_comes_round(
    qtbot: QtBot, person: Person, window: Window, photos: Path
) -> None:
    dialog = opened(qtbot, window, photos, "red/3.png")
    _, colours_before, first = seen_of(window)
    assert (first.first, dialog.batch.count()) == (0, 16)
    for begin, count in ((16, 4), (0, 16)):  # 24 images, of which a fifth validates
        person.clicks(dialog.following)
        settled(qtbot, window)
        batch = seen_of(window)[2]
        assert (batch.first, len(batch.paths)) == (begin, count)
    np.testing.assert_array_equal(seen_of(window)[2].pixels, first.pixels)
    assert seen_of(window)[1] is colours_before


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
@pytest.mark.parametrize("what", ["laboratory", "batch"])
def test_figures_are_saved(tmp_path: Path, what: str, suffix: str) -> None:
    for number in range(4):
        place = tmp_path / "photos" / "ab"[number % 2] / f"{number}{'很长的名字' * 12}.png"
        place.parent.mkdir(exist_ok=True, parents=True)
        Image.new("RGB", (40, 40), (9 * number, 50, 200)).save(place)
    view = view_state(looked_at(tmp_path / "photos"))
    draw = export_jobs.figure_of(what, view)
    assert draw is not None
    target = tmp_path / f"figure{suffix}"
    list(export_jobs.save_figure(draw, target))
    assert target.read_bytes()[:4] in {b"\x89PNG", b"<?xm", b"%PDF"}


def looked_at(photos: Path) -> State:
    """A folder's colours, its first image and batch, without a window."""
    folder = next(event for event in scan(photos) if isinstance(event, ImageFolder))
    spec, values = catalogue.get("mini", classes=2), tuple(Recipe().model_dump().items())
    state = State()
    for event in (
        *laboratory_jobs.fit(folder, folder.images[0].path, spec, values),
        *laboratory_jobs.measure(folder, spec, values),
    ):
        if isinstance(event, ImageFitted):
            state.laboratory = replace(state.laboratory, image=event)
        elif isinstance(event, ColoursMeasured):
            state.laboratory = replace(state.laboratory, colours=event)
        elif isinstance(event, BatchSeen):
            state.laboratory = replace(state.laboratory, batch=event)
    return state


def test_a_grey_folder_has_one_axis_and_says_that_others_are_nothing(tmp_path: Path) -> None:
    for number in range(4):
        place = tmp_path / "ab"[number % 2] / f"{number}.png"
        place.parent.mkdir(exist_ok=True)
        Image.new("L", (40, 40), 60 * number).save(place)
    view = view_laboratory(looked_at(tmp_path))
    assert [axis.text for axis in view.axes][1:] == ["0.00000 · 0.0 %"] * 2
    assert "An eigenvalue of 0" in view.why
    assert view.axes[1].swatches is not None
    assert len(np.unique(view.axes[1].swatches, axis=0)) == 1


def test_without_a_folder_it_says_what_to_do(window: Window) -> None:
    window.commands["laboratory"].trigger()
    assert window.laboratory is not None
    assert window.laboratory.problem.text() == "Open a folder of images first."
    assert not window.laboratory.content.isVisible()
    assert not window.laboratory.save.isEnabled()


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
