"""What the Layers panel shows: one image in all layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.showing.unit import field_of, shown_maps, view_pooled, view_unit
from alexnet_studio.studio.state.layers import LayersSeen
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.layers import LayersView
from alexnet_studio.studio.views.parts import ActionView, EmptyView

if TYPE_CHECKING:
    from alexnet_studio.insight.activations import LayerMaps


def image_of(state: State) -> str | None:
    """The selected image, or else the one whose answer is shown."""
    if state.selection.image is not None:
        return state.selection.image
    answers, current = state.neighbours.answers, state.neighbours.current
    return answers[current].path if current < len(answers) else None


def view_layers(state: State) -> LayersView:
    layers, seen, maps = state.layers, state.layers.seen, shown_maps(state)
    empty = _empty(state)
    if seen is None or maps is None or empty is not None:
        return LayersView(
            empty=empty or EmptyView(_looking(), "", ""),
            version=layers.version,
            gather=gather(state),
            selection=state.selection,
        )
    explained = layers.explained
    sees = field_of(state, seen, maps)
    known = explained is not None and (explained.image, explained.checkpoint) == (seen.image, seen.checkpoint)
    label = layers.label if layers.label is not None else (explained.label if known and explained else None)
    return LayersView(
        title=_title(seen, maps),
        note=_note(seen),
        busy=_busy(state),
        layers=tuple((one.layer, one.layer) for one in seen.found.layers),
        layer=maps.layer,
        looks=_looks() if maps.is_spatial else (),
        look=layers.look,
        tiles=layers.tiles,
        bars=None if maps.is_spatial else maps.values,
        version=layers.version,
        image=explained.picture if known and explained is not None else seen.found.pixels,
        sees=sees,
        methods=_methods(),
        method=layers.method,
        classes=tuple((name, name) for name in seen.classes) if layers.method else (),
        label="" if label is None else seen.classes[label],
        verdict=_verdict(state, seen),
        unit=view_unit(state, seen, maps, sees),
        pooled=view_pooled(state, seen, maps),
        gather=gather(state),
        selection=state.selection,
    )


def gather(state: State) -> ActionView:
    text = QCoreApplication.translate("FeatureMaps", "Gather patches")
    reason = ""
    if not view_actions.ask(state).enabled:
        reason = view_actions.ask(state).tip
    elif state.working(JobKind.PATCHES):
        reason = QCoreApplication.translate("FeatureMaps", "The strongest patches are being gathered.")
    else:
        tip = QCoreApplication.translate(
            "FeatureMaps",
            "Find the nine strongest training images of every unit of every layer, in one pass.",
        )
        return ActionView(True, text, tip)
    return ActionView(False, text, reason)


def _empty(state: State) -> EmptyView | None:
    sentence = QCoreApplication.translate(
        "FeatureMaps", "One image in all layers: what each unit answers, what it sees, and what it looks for."
    )
    if state.run is None:
        button = QCoreApplication.translate("FeatureMaps", "Open the example")
        return EmptyView(sentence, button, "open_example")
    if not state.run.has_checkpoint:
        return EmptyView(view_actions.ask(state).tip, "", "")
    choose = QCoreApplication.translate("FeatureMaps", "Choose an image…")
    if image_of(state) is None:
        return EmptyView(sentence, choose, "choose_layers_image")
    error = state.layers.error
    return None if error is None else EmptyView(wording.sentence(error), choose, "choose_layers_image")


def _looking() -> str:
    return QCoreApplication.translate("FeatureMaps", "looking at the image")


def _busy(state: State) -> str:
    return _looking() if state.layers.looking else ""


def _title(seen: LayersSeen, maps: LayerMaps) -> str:
    text = QCoreApplication.translate(
        "FeatureMaps", "{size} · {image} · weights of epoch {epoch} · {checkpoint}"
    )
    name = seen.image.replace("\\", "/").rsplit("/", 1)[-1]
    size = " × ".join(map(str, maps.values.shape))
    return text.format(size=size, image=name, epoch=seen.epoch, checkpoint=seen.checkpoint[:8])


def _note(seen: LayersSeen) -> str:
    if not seen.small:
        return ""
    return QCoreApplication.translate(
        "FeatureMaps", "The image’s file was not found: this is the small picture that the run keeps of it."
    )


def _looks() -> tuple[tuple[str, str], ...]:
    return (
        ("global", QCoreApplication.translate("FeatureMaps", "one scale")),
        ("symmetric", QCoreApplication.translate("FeatureMaps", "zero is grey")),
        ("map", QCoreApplication.translate("FeatureMaps", "own scale")),
    )


def _methods() -> tuple[tuple[str, str], ...]:
    return (
        ("", QCoreApplication.translate("FeatureMaps", "the image")),
        ("occlusion", QCoreApplication.translate("FeatureMaps", "occlusion")),
        ("gradient", QCoreApplication.translate("FeatureMaps", "gradient × input")),
        ("guided", QCoreApplication.translate("FeatureMaps", "guided backpropagation")),
    )


def _verdict(state: State, seen: LayersSeen) -> str:
    """What the image is taken for, or what its colours mean."""
    layers, explained = state.layers, state.layers.explained
    if layers.method and explained is not None and explained.image == seen.image:
        name, share = seen.classes[explained.label], wording.percent(explained.probability, 0)
        if layers.method == "guided":
            text = QCoreApplication.translate(
                "FeatureMaps", "{name} {share}: what would raise it, in each colour"
            )
        else:
            text = QCoreApplication.translate(
                "FeatureMaps", "{name} {share}: orange speaks for it, blue against it"
            )
        return text.format(name=name, share=share)
    if not seen.found.top:
        return ""
    name, share = seen.found.top[0]
    return f"{name} {wording.percent(share, 0)}"
