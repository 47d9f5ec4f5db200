"""What the recipe's form shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import recipe_names, wording
from alexnet_studio.studio.idle_fields import idle_fields
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.remedies import remedies
from alexnet_studio.studio.state.setup import Setup
from alexnet_studio.studio.state.window import DeviceSeen, State
from alexnet_studio.studio.views.recipe import NetworkChoice, RecipeView, WarningView

if TYPE_CHECKING:
    from alexnet_studio.training.recipe_catalogue import NamedRecipe

OWN = "(changed)"  # no network can be called so


def view_recipe(state: State) -> RecipeView:
    setup = state.setup
    if setup is None:
        return RecipeView(enabled=False)
    name = recipe_names.name_of(setup)
    named = recipe_names.named(name)
    return RecipeView(
        values=setup.values,
        recipes=_recipes(setup, name),
        recipe=name,
        notes=_notes(named),
        idle=tuple(idle_fields(dict(setup.values)).items()),
        errors=setup.field_errors,
        networks=_networks(setup, state.networks),
        network=OWN if setup.plan is not None else setup.network,
        devices=_devices(state.devices),
        device=device_key(str(dict(setup.values).get("device", "auto")), setup.processes),
        reason=_reason(state, "" if named is not None else setup.reason),
        warnings=(
            *(WarningView(row.code, row.sentence, row.text) for row in remedies(state)),
            *(WarningView(row.code, row.sentence, row.remedy_text) for row in setup.advice),
        ),
        estimate=_estimate(setup, measuring=state.working(JobKind.ESTIMATE)),
        summary=_summary(dict(setup.values)),
        enabled=True,
    )


def _reason(state: State, reason: str) -> str:
    """While something is trained the form is that of the next training: for Start, or for the queue."""
    if state.run is not None and state.run.live:
        return QCoreApplication.translate(
            "Recipe", "The form is for the next training; what is being trained goes on as it is."
        )
    return reason


def _recipes(setup: Setup, name: str) -> tuple[tuple[str, str], ...]:
    proposed = (recipe_names.PROPOSED, QCoreApplication.translate("Recipe", "Proposed for this folder"))
    own = (recipe_names.OWN, QCoreApplication.translate("Recipe", "Your own"))
    return (
        *((proposed,) if setup.proposal is not None else ()),
        *recipe_names.choices(),
        *((own,) if setup.own is not None or name == recipe_names.OWN else ()),
    )


def _notes(recipe: NamedRecipe | None) -> str:
    if recipe is None:
        return ""
    text = QCoreApplication.translate("Recipe", "From {source}. {notes}")
    return text.format(source=recipe.source, notes=recipe.notes)


def _networks(setup: Setup, catalogue: tuple[tuple[str, str], ...]) -> tuple[NetworkChoice, ...]:
    """The catalogue, and the network itself where it is somebody's own."""
    known = tuple(NetworkChoice(name, title) for name, title in catalogue)
    if setup.plan is not None:
        return (*known, NetworkChoice(OWN, setup.plan.title))
    if setup.spec is None or setup.network in dict(catalogue):
        return known
    return (*known, NetworkChoice(setup.network, setup.spec.title))


def _devices(seen: tuple[DeviceSeen, ...]) -> tuple[tuple[str, str], ...]:
    if not seen:
        return (("auto", QCoreApplication.translate("Recipe", "automatic")),)
    automatic = QCoreApplication.translate("Recipe", "automatic ({name})").format(name=seen[0].name)
    return (("auto", automatic), *((device_key(one.choice, one.processes), one.name) for one in seen))


def device_key(choice: str, processes: int) -> str:
    """What the chooser knows a device by: "cuda", or "cuda*4" for four processes with one each."""
    return choice if processes == 1 else f"{choice}*{processes}"


def chosen_device(key: str) -> tuple[str, int]:
    """The recipe's device and the number of processes."""
    choice, _, processes = key.partition("*")
    return choice, int(processes or 1)


def _estimate(setup: Setup, *, measuring: bool) -> str:
    seen = setup.estimate
    if seen is None:
        return QCoreApplication.translate("Recipe", "Timing a few steps…") if measuring else ""
    text = QCoreApplication.translate(
        "Recipe", "{images} images · {steps} steps · about {span} · {memory} · {store} decoded on disk"
    )
    return text.format(
        images=wording.count(seen.images),
        steps=wording.count(seen.steps),
        span=wording.about(seen.seconds),
        memory=wording.memory(seen.memory_bytes),
        store=wording.memory(seen.store_bytes),
    )


def _summary(values: dict[str, object]) -> str:
    """The folded form in one line: "SGD 0.02, momentum 0.9, decay 0.0005, batch 64, cosine over 30 epochs, seed 1"."""
    if values.get("optimizer") == "adam":
        text = QCoreApplication.translate(
            "Recipe",
            "Adam {lr}, decay {weight_decay}, batch {batch_size}, {schedule} over {epochs} epochs, seed {seed}",
        )
    else:
        text = QCoreApplication.translate(
            "Recipe",
            "SGD {lr}, momentum {momentum}, decay {weight_decay}, batch {batch_size}, "
            "{schedule} over {epochs} epochs, seed {seed}",
        )
    try:
        return text.format(**values)
    except KeyError:
        return ""
