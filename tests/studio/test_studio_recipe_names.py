"""Recipes by name in the window, and the form's groups and idle fields."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from person import Person
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot
from tiny_folder import folder

from alexnet_studio.studio import recipe_names
from alexnet_studio.studio.dataset import of_folder
from alexnet_studio.studio.idle_fields import idle_fields
from alexnet_studio.studio.jobs.folder import Proposed
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.panels import recipe_groups
from alexnet_studio.studio.panels.recipe_page import RecipePage
from alexnet_studio.studio.recipe_names import OWN, PROPOSED
from alexnet_studio.studio.state.setup import Setup
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.window import Window
from alexnet_studio.training import recipe_catalogue
from alexnet_studio.training.recipe import Recipe


@pytest.fixture
def window(person: Person, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """With a folder that is not there, and what was proposed for it. Of one class: there is nothing to be timed."""
    monkeypatch.setenv("ALEXNET_STUDIO_DATA", str(tmp_path / "data"))
    made = Window(theme, Memory(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)))
    person.sees(made, 1200, 800)
    controller = made.controller
    controller.state.dataset = of_folder(folder(classes=1))
    values = tuple(Recipe(lr=0.05, seed=7, device="cpu").model_dump().items())
    controller.settle(
        lambda: controller.recipes.take_proposal(Proposed("mini", None, values, "It is small."), False)
    )
    yield made
    controller.close()


def page_of(window: Window) -> RecipePage:
    window.panels.training.recipe.set_open(True)
    page = window.panels.training.page
    assert page is not None
    return page


def setup_of(window: Window) -> Setup:
    setup = window.controller.state.setup
    assert setup is not None
    return setup


def pick(page: RecipePage, title: str) -> None:
    page.chooser.setCurrentIndex(page.chooser.findText(title))
    page.chooser.activated.emit(page.chooser.currentIndex())


def write(person: Person, page: RecipePage, field: str, text: str) -> None:
    editor = page.form.cells[field].editor
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    person.writes(editor, text)
    person.presses(editor, Qt.Key.Key_Return)


def test_a_recipe_by_name_fills_network_and_form_and_names_its_slips(window: Window) -> None:
    page = page_of(window)
    assert page.chooser.currentText() == "Proposed for this folder"
    for recipe in recipe_catalogue.everyone():
        pick(page, recipe.title)
        setup = setup_of(window)
        values = dict(setup.values)
        assert setup.network == recipe.network
        assert {name: values[name] for name in recipe.values} == dict(recipe.values)
        assert (values["seed"], values["device"]) == (7, "cpu"), "of the folder and this computer"
        assert page.chooser.currentText() == recipe.title
        assert recipe.notes in page.form.notes.text()
        assert Recipe.model_validate(values), "it can be trained by"
    assert "batches of 2" in recipe_catalogue.get("photos").source


def test_it_is_ones_own_once_a_field_was_edited_and_can_be_had_back(person: Person, window: Window) -> None:
    page = page_of(window)
    assert page.chooser.findText("Your own") == -1
    pick(page, "The paper's recipe")
    write(person, page, "lr", "0.03")
    assert page.chooser.currentText() == "Your own"
    assert page.form.notes.text() == ""
    pick(page, "Proposed for this folder")
    assert (setup_of(window).network, dict(setup_of(window).values)["lr"]) == ("mini", 0.05)
    pick(page, "Your own")
    assert (setup_of(window).network, dict(setup_of(window).values)["lr"]) == ("paper", 0.03)
    write(person, page, "lr", "0.01")
    assert page.chooser.currentText() == "The paper's recipe", "it is again what it was"
    write(person, page, "seed", "8")
    assert recipe_names.name_of(setup_of(window)) == "paper", "chance is not a part of it"


def test_a_network_of_ones_own_is_no_recipe_of_the_catalogue(window: Window) -> None:
    setup = setup_of(window)
    assert recipe_names.name_of(setup) == PROPOSED
    window.controller.settle(lambda: window.controller.recipes.rebuild(setup.spec, setup.values))
    assert recipe_names.name_of(setup_of(window)) == OWN
    window.controller.settle(lambda: window.controller.recipes.pick_recipe(PROPOSED))
    assert setup_of(window).plan is None


def test_every_field_stands_under_one_heading() -> None:
    fields = tuple(name for name in Recipe.model_fields if name != "device")
    found = [name for names in recipe_groups.groups(fields).values() for name in names]
    assert sorted(found) == sorted(fields)
    assert "brand_new" in recipe_groups.groups((*fields, "brand_new"))[recipe_groups.OPEN_FIRST]


@pytest.mark.parametrize(
    ("change", "idle"),
    [
        ({}, {"dexp_fall", "dexp_steps", "fold"}),
        ({"optimizer": "adam"}, {"dexp_fall", "dexp_steps", "fold", "momentum"}),
        ({"schedule": "dexp", "folds": 5}, {"val_fraction"}),
        ({"resized_crop": True}, {"dexp_fall", "dexp_steps", "fold", "crop"}),
        (
            {"crop": False, "mirror": False, "colour_pca": 0.0},
            {"dexp_fall", "dexp_steps", "fold", "as_2012"},
        ),
    ],
)
def test_fields_that_do_nothing_are_named(change: dict[str, object], idle: set[str]) -> None:
    found = idle_fields({**Recipe().model_dump(), **change})
    assert found.keys() == idle
    assert all(reason.endswith(".") for reason in found.values())


def test_a_closed_group_names_what_is_not_as_usual_and_opens_on_an_error(window: Window) -> None:
    page = page_of(window)
    form = page.form
    assert form.cells["lr"].editor.isVisible() and not form.cells["schedule"].editor.isVisible()
    pick(page, "The same without hands")
    summaries = [group.summary.text() for group in form.groups]
    assert "schedule dexp" in summaries[1]
    assert any("as in 2012" in text for text in summaries)
    pick(page, "FashionMNIST at 224 pixels")
    assert any("no random crops" in group.summary.text() for group in form.groups)
    momentum = form.cells["momentum"].editor
    assert not momentum.isEnabled() and "Adam" in momentum.toolTip()
    optimizer = form.cells["optimizer"].editor
    assert isinstance(optimizer, QComboBox)
    optimizer.textActivated.emit("sgd")
    assert momentum.isEnabled()
    window.panels.training.recipe_edited.emit("warmup_epochs", -1.0)
    assert form.cells["warmup_epochs"].error.isVisible()


def test_a_low_panel_gives_its_room_to_the_recipe(qtbot: QtBot, window: Window) -> None:
    page = page_of(window)
    window.resize(800, 600)
    qtbot.waitUntil(lambda: not window.panels.training.stage.isVisible())
    assert page.form.height() > 200
    window.panels.training.recipe.set_open(False)
    assert window.panels.training.stage.isVisible()
