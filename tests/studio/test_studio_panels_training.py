"""The Training panel: the form made from the recipe, its errors and remedies, the buttons and the curves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from layout_requests import LayoutRequests
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from alexnet_studio.runs.curves import Curves
from alexnet_studio.runs.rows import Started, Step
from alexnet_studio.studio.panels.recipe_fields import recipe_fields
from alexnet_studio.studio.panels.recipe_form import RecipeForm
from alexnet_studio.studio.panels.recipe_texts import explanation_of, label_of, tip_of
from alexnet_studio.studio.panels.training import TrainingPanel
from alexnet_studio.studio.showing import curves as view_curves
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.curves import CurveLook, CurvesView
from alexnet_studio.studio.views.parts import ActionView
from alexnet_studio.studio.views.recipe import NetworkChoice, RecipeView, WarningView
from alexnet_studio.studio.views.training import TrainingView
from alexnet_studio.training.recipe import Recipe

RECIPE = RecipeView(
    values=tuple(Recipe().model_dump().items()),
    networks=(
        NetworkChoice("mini", "mini · two towers"),
        NetworkChoice("paper", "as in the paper"),
    ),
    network="mini",
    devices=(("auto", "automatic (CPU)"), ("cpu", "CPU")),
    reason="mini, because a CPU learns it in a minute.",
    warnings=(WarningView("paper_initialisation", "It stalls at ln(classes).", "Use He"),),
    estimate="1,600 images · about 2 min",
    summary="SGD 0.02, momentum 0.9",
)


def one_run(steps: int, *, k: int, version: int = 1, **look: object) -> CurvesView:
    curves = Curves([Started(0, 0, 3, 10, 13, 3, 2, "tiny", "cpu", "float32", k)])
    for step in range(steps):
        curves.add(Step(step, 1 + step // 10, 2.0 - step / 50, 0.5, 0.75, k, 0.02, 100.0, step * 0.5))
    made = view_curves.one_run(curves, replace(CurveLook(), **look))
    return replace(made, version=version, axes=(("step", "steps"), ("epoch", "epochs"), ("time", "time")))


VIEW = TrainingView(
    recipe=RECIPE,
    start=ActionView(True, "Start"),
    pause=ActionView(False, "Pause", "No training is running."),
    stop=ActionView(False, "Stop"),
    resume=ActionView(False, "Resume"),
    curves=one_run(50, k=5),
)


@pytest.fixture
def panel(person: Person, theme: Theme) -> TrainingPanel:
    made = TrainingPanel(theme)
    person.sees(made, 700, 800)
    made.show_view(VIEW)
    return made


@pytest.fixture
def form(person: Person, theme: Theme) -> RecipeForm:
    made = RecipeForm(theme)
    person.keeps(made)
    made.resize(700, 500)
    made.show()
    made.show_view(RECIPE)
    return made


def test_every_field_of_the_recipe_has_a_label_and_its_explanation() -> None:
    for field in recipe_fields():
        assert label_of(field.name) != field.name or "_" not in field.name
        assert explanation_of(field.name, "missing") == field.explanation
    lr = next(field for field in recipe_fields() if field.name == "lr")
    assert tip_of(lr).endswith("range: > 0, ≤ 10; default: 0.02")


def test_the_form_has_an_editor_of_the_right_kind_for_every_field(form: RecipeForm) -> None:
    assert set(form.cells) == set(Recipe.model_fields) - {"device"}
    editors = {name: type(cell.editor) for name, cell in form.cells.items()}
    assert editors["lr"] is QLineEdit
    assert editors["schedule"] is QComboBox
    assert editors["mirror"] is QCheckBox
    weight_decay = form.cells["weight_decay"].editor
    assert isinstance(weight_decay, QLineEdit)
    assert weight_decay.text() == "0.0005"


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("lr", "1e-3", 0.001),
        ("epochs", "12", 12),
        ("dropout", "0.5", 0.5),
        ("epochs", "many", "many"),
        ("lr", "-1", -1.0),
    ],
)
def test_what_is_typed_is_announced_when_the_field_is_left(
    person: Person, form: RecipeForm, field: str, typed: str, value: object
) -> None:
    editor = form.cells[field].editor
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    with person.hears(form.edited) as edited:
        person.writes(editor, typed)
        person.presses(editor, Qt.Key.Key_Return)
    assert edited == [field, value]


def test_a_field_that_is_only_left_announces_nothing(person: Person, form: RecipeForm) -> None:
    editor = form.cells["lr"].editor
    with person.hears_nothing(form.edited):
        person.presses(editor, Qt.Key.Key_Return)


def test_an_emptied_optional_field_is_none(person: Person, form: RecipeForm) -> None:
    form.cells["dropout"].set_value(0.5)
    editor = form.cells["dropout"].editor
    assert isinstance(editor, QLineEdit)
    editor.clear()
    with person.hears(form.edited) as edited:
        person.presses(editor, Qt.Key.Key_Return)
    assert edited == ["dropout", None]


def test_a_wrong_value_has_its_sentence_at_its_field(form: RecipeForm) -> None:
    form.show_view(replace(RECIPE, errors=(("lr", "The learning rate must be above 0."),)))
    assert form.cells["lr"].error.text() == "The learning rate must be above 0."
    assert form.cells["lr"].error.isVisible()
    assert not form.cells["momentum"].error.isVisible()
    form.show_view(RECIPE)
    assert not form.cells["lr"].error.isVisible()


def test_a_folded_form_opens_itself_on_an_error(panel: TrainingPanel) -> None:
    assert panel.page is None
    assert panel.recipe.summary.text() == "SGD 0.02, momentum 0.9"
    panel.show_view(replace(VIEW, recipe=replace(RECIPE, errors=(("lr", "wrong"),))))
    assert panel.page is not None
    assert panel.page.form.cells["lr"].error.text() == "wrong"


def test_a_warning_has_its_remedy_at_one_click(person: Person, panel: TrainingPanel) -> None:
    (warning,) = panel.advice.warnings
    assert warning.sentence.text() == "It stalls at ln(classes)."
    with person.hears(panel.remedy_requested) as remedy:
        person.clicks(warning.remedy)
    assert remedy == ["paper_initialisation"]
    panel.show_view(replace(VIEW, recipe=replace(RECIPE, warnings=())))
    assert panel.advice.warnings == []


def test_buttons_follow_the_view_and_say_why_they_are_off(person: Person, panel: TrainingPanel) -> None:
    assert {name: button.isEnabled() for name, button in panel.buttons.items()} == {
        "start": True,
        "pause": False,
        "stop": False,
        "resume": False,
    }
    assert "No training is running." in panel.buttons["pause"].toolTip()
    with person.hears(panel.intent) as intent:
        person.clicks(panel.buttons["start"])
    assert intent == ["start"]


def test_network_and_device_are_chosen_by_the_person_only(person: Person, panel: TrainingPanel) -> None:
    assert panel.network.currentText() == "mini · two towers"
    with person.hears(panel.network_picked) as picked:
        person.presses(panel.network, Qt.Key.Key_Down)
    assert picked == ["paper"]
    with person.hears(panel.recipe_edited) as edited:
        person.presses(panel.device, Qt.Key.Key_Down)
    assert edited == ["device", "cpu"]
    with person.hears_nothing(panel.network_picked):
        panel.show_view(replace(VIEW, recipe=replace(RECIPE, network="mini")))


def test_curves_come_after_the_first_paint_and_grow(panel: TrainingPanel) -> None:
    assert panel.curves is None
    panel.build_curves()
    assert panel.curves is not None
    assert panel.curves.loss.values_at(0)[0] == "2.000"
    panel.show_view(replace(VIEW, curves=one_run(96, k=5, version=2, smoothing=0)))
    assert panel.curves.loss.values_at(95)[0] == "0.100"
    assert panel.curves.loss.plot.x_range()[1] == pytest.approx(100 * 1.004)  # a hair beyond a round number


def test_the_next_steps_of_a_curve_lay_nothing_out(panel: TrainingPanel) -> None:
    panel.build_curves()
    assert panel.curves is not None
    requests = LayoutRequests(panel, panel.curves)
    panel.show_view(replace(VIEW, curves=one_run(92, k=5, version=2, smoothing=0)))
    requests.come_to_rest()
    panel.show_view(replace(VIEW, curves=one_run(96, k=5, version=3, smoothing=0)))
    assert requests.come_to_rest() == 0
    assert panel.curves.loss.values_at(95)[0] == "0.100"
    panel.show_view(replace(VIEW, curves=one_run(96, k=5, version=4, smoothing=0, below="update")))
    assert requests.come_to_rest() > 0  # the sizes of layers need more room


def test_top_k_is_named_by_its_k(panel: TrainingPanel) -> None:
    panel.build_curves()
    assert panel.curves is not None
    panel.show_view(replace(VIEW, curves=one_run(50, k=3, version=5)))
    assert panel.curves.error.legend.texts()[3] == "top-3 training"


def test_curves_are_exported_by_name_and_format(person: Person, panel: TrainingPanel) -> None:
    panel.build_curves()
    assert panel.curves is not None
    with person.hears(panel.export_requested) as export:
        panel.curves.actions_of.menu().actions()[2].trigger()
    assert export == ["curves", "svg"]


def test_how_curves_are_drawn_is_announced_by_the_person_only(person: Person, panel: TrainingPanel) -> None:
    panel.build_curves()
    assert panel.curves is not None
    tools = panel.curves.tools
    assert (tools.slider.value(), tools.log.isChecked(), tools.mean.isVisible()) == (90, False, False)
    with person.hears(panel.look_picked) as picked:
        person.presses(tools.slider, Qt.Key.Key_Left)
    assert picked == ["smoothing", 89]
    with person.hears(panel.look_picked) as picked:
        tools.log.click()
    assert picked == ["log", True]
    with person.hears(panel.look_picked) as picked:
        person.presses(tools.axis, Qt.Key.Key_Down)
    assert picked == ["axis", "epoch"]
    with person.hears_nothing(panel.look_picked):
        panel.show_view(
            replace(VIEW, curves=one_run(50, k=5, version=3, smoothing=10, log=True, axis="time"))
        )
    assert (tools.slider.value(), tools.log.isChecked()) == (10, True)
    assert panel.curves.loss.plot.x_range()[1] == pytest.approx(25 * 1.004)  # seconds


def test_runs_to_compare_with_are_ticked_in_a_list(person: Person, panel: TrainingPanel) -> None:
    panel.build_curves()
    assert panel.curves is not None
    tools = panel.curves.tools
    with person.hears(panel.intent) as intent:
        person.clicks(tools.compare)
    assert intent == ["choose_runs"]
    choices = (("/r/a", "a", "tiny · 50 %", False), ("/r/b", "b" * 80, "tiny", True))
    curves = replace(one_run(50, k=5, version=4), choices=choices, choosing=1)
    panel.show_view(replace(VIEW, curves=curves))
    assert tools.list.isVisible()
    assert tools.list.list.count() == 2
    with person.hears(panel.overlay_requested) as runs:
        tools.list.list.item(0).setCheckState(Qt.CheckState.Checked)
    assert runs == [("/r/a", "/r/b")]
    tools.list.close()
