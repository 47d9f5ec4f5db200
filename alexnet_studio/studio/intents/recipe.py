"""Choosing what to train and how: the network, the form's fields, remedies; what it would cost is timed on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio import recipe_names, setup_building
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import training as training_jobs
from alexnet_studio.studio.jobs.folder import Proposed
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.jobs.training import Advised
from alexnet_studio.studio.remedies import remedies
from alexnet_studio.studio.setup_building import Values
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.showing import recipe as view_recipe
from alexnet_studio.studio.showing.recipe import OWN
from alexnet_studio.studio.state.setup import Edits, EstimateSeen, RecipeChoice
from alexnet_studio.studio.state.window import Notice

if TYPE_CHECKING:
    from alexnet_studio.networks.spec import Spec

_PAUSE_MS = 400  # after the last keystroke, before steps are timed for it


class RecipeIntents:
    def __init__(self, desk: Desk, start: Callable[[], None], parent: QObject) -> None:
        self._desk = desk
        self._start = start
        self._debounce = QTimer(parent)
        self._debounce.setSingleShot(True)
        self._debounce.setInterval(_PAUSE_MS)
        self._debounce.timeout.connect(desk.after(self._estimate))

    @property
    def actions(self) -> Actions:
        return {"half_batch": self._start_with_half_batch, "tenth_lr": self._start_with_tenth_lr}

    @property
    def listeners(self) -> Listeners:
        return {JobKind.ESTIMATE: Listener(self._on_told, self._on_finished)}

    def close(self) -> None:
        self._debounce.stop()

    def take_proposal(self, proposal: Proposed, start: bool) -> None:
        values = proposal.values
        if proposal.image_size is not None:
            values = _changed(values, (("image_size", proposal.image_size),))
        self._build(proposal.network, values)
        setup = self._desk.state.setup
        if setup is not None:
            choice = RecipeChoice(proposal.network, values)
            self._desk.state.setup = replace(setup, reason=proposal.reason, proposal=choice, own=None)
        if start:
            self._start()

    def edit(self, field: str, value: object) -> None:
        setup = self._desk.state.setup
        if setup is not None and field == "device":
            value, processes = view_recipe.chosen_device(str(value))
            setup = self._desk.state.setup = replace(setup, processes=processes)
        if setup is not None and dict(setup.values).get(field) != value:
            self._build(setup.network, _changed(setup.values, ((field, value),)), setup.plan)

    def rebuild(self, plan: Spec | None, values: Values) -> None:
        """The network as a person has changed it."""
        setup = self._desk.state.setup
        if setup is not None:
            self._build(setup.network, values, plan)

    def take(self, network: str, values: Values, plan: Spec) -> None:
        """A recipe and a network from elsewhere, for the folder on the screen."""
        self._desk.state.edits = Edits()
        self._build(network, values, plan)

    def refit(self) -> None:
        """The same choice for a folder whose classes may have changed."""
        setup = self._desk.state.setup
        if setup is not None:
            self._build(setup.network, setup.values, setup.plan)

    def pick_network(self, name: str) -> None:
        """Another network comes with its own image size."""
        setup = self._desk.state.setup
        if setup is not None and name != OWN and (setup.network != name or setup.plan is not None):
            self._desk.state.edits = Edits()
            self._build(name, _changed(setup.values, (("image_size", None),)))

    def pick_recipe(self, name: str) -> None:
        """One by name: network and form. What was made by hand before is kept under its name, too."""
        setup = self._desk.state.setup
        if setup is None or name == recipe_names.name_of(setup):
            return
        kept = {recipe_names.PROPOSED: setup.proposal, recipe_names.OWN: setup.own}.get(name)
        recipe = recipe_names.named(name)
        if kept is None and recipe is not None:
            kept = RecipeChoice(recipe.network, recipe_names.values_of(recipe, setup.values))
        if kept is not None:
            self._desk.state.edits = Edits()
            self._build(kept.network, kept.values, kept.plan)

    def compare(self, name: str) -> None:
        """Hold the network on the screen beside this one of the catalogue."""
        self._desk.state.compared, self._desk.state.compared_run = name, None

    def apply_remedy(self, code: str) -> None:
        setup = self._desk.state.setup
        advice = None if setup is None else next((row for row in setup.advice if row.code == code), None)
        if setup is None or advice is None:
            self._apply_note(code)
            return
        network = next((str(value) for name, value in advice.remedy if name == "network"), setup.network)
        fields = tuple((name, value) for name, value in advice.remedy if name != "network")
        if network != setup.network and "image_size" not in dict(fields):
            fields = (*fields, ("image_size", None))
        self._build(network, _changed(setup.values, fields), setup.plan if network == setup.network else None)

    def _apply_note(self, code: str) -> None:
        """What a training has complained of is mended in the form, for the next one."""
        state = self._desk.state
        setup, run = state.setup, state.run
        remedy = next((row for row in remedies(state) if row.code == code and row.fields), None)
        if setup is None or run is None or remedy is None:
            return
        self._build(setup.network, _changed(setup.values, remedy.fields), setup.plan)
        run.remedied |= {code}
        if view_actions.start(state).enabled:
            text = QCoreApplication.translate("Remedies", "It is in the recipe. Start trains anew with it.")
            button = QCoreApplication.translate("Remedies", "Start")
            state.notice = Notice(text, button=button, intent="start")
        else:
            text = QCoreApplication.translate(
                "Remedies",
                "It is in the recipe for the next training; what is on the screen goes on as it is.",
            )
            state.notice = Notice(text)

    def _start_with_half_batch(self) -> None:
        size = self._value("batch_size")
        self.edit("batch_size", max(1, int(size) // 2))
        self._start()

    def _start_with_tenth_lr(self) -> None:
        self.edit("lr", self._value("lr") / 10)
        self._start()

    def _value(self, field: str) -> float:
        setup = self._desk.state.setup
        value = None if setup is None else dict(setup.values).get(field)
        return float(value) if isinstance(value, int | float) else 0.0

    def _build(self, network: str, values: Values, plan: Spec | None = None) -> None:
        state = self._desk.state
        if not state.networks:
            state.networks = setup_building.network_choices()
        classes = 2 if state.dataset is None else max(1, len(state.dataset.classes))
        made = setup_building.build(network, values, classes, plan)
        before = state.setup
        if before is not None:
            kept = before.proposal, before.own, before.processes
            made = replace(made, reason=before.reason, proposal=kept[0], own=kept[1], processes=kept[2])
        if recipe_names.name_of(made) == recipe_names.OWN:
            made = replace(made, own=RecipeChoice(network, values, plan))
        state.setup = made
        self._desk.cancel(JobKind.ESTIMATE)
        self._debounce.start()

    def _estimate(self) -> None:
        state = self._desk.state
        setup, dataset = state.setup, state.dataset
        if setup is None or dataset is None or state.working(JobKind.TRAIN):
            return
        folder, spec = dataset.folder, setup.spec
        if folder is None or spec is None or setup.field_errors or not dataset.trainable:
            return
        if not setup_building.gives_classes(spec):
            return
        values = setup.values
        self._desk.start(JobKind.ESTIMATE, lambda: training_jobs.estimate(folder, spec, values))

    def _on_told(self, event: object) -> None:
        state = self._desk.state
        if state.setup is None:
            return
        if isinstance(event, EstimateSeen):
            state.setup = replace(state.setup, estimate=event)
        elif isinstance(event, Advised):
            state.setup = replace(state.setup, advice=event.advice)
        elif isinstance(event, Progress):
            state.progress[JobKind.ESTIMATE] = event

    def _on_finished(self, finished: Finished) -> None:
        # A choice that cannot be timed (no memory, no such device) will not train either: say it before Start.
        if finished.error is not None:
            self._desk.tell(finished.error)


def _changed(values: Values, changes: Values) -> Values:
    return tuple({**dict(values), **dict(changes)}.items())
