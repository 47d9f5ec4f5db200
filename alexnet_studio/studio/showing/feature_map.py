"""What the Map panel shows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.state.feature_map import FeatureMapSeen
from alexnet_studio.studio.state.neighbours import nearest
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.feature_map import FeatureMapView, Mistakes, PointsView
from alexnet_studio.studio.views.parts import ActionView, EmptyView


def view_feature_map(state: State) -> FeatureMapView:
    known, seen = state.feature_map, state.feature_map.seen
    methods = _methods() if state.neighbours.features is not None else ()
    if seen is None:
        return FeatureMapView(
            empty=_empty(state),
            methods=methods,
            method=known.method,
            switch=_switch(None),
            selection=state.selection,
        )
    outdated, mend, intent = _outdated(state, seen)
    return FeatureMapView(
        title=_title(seen),
        outdated=outdated,
        mend=mend,
        mend_intent=intent,
        methods=methods,
        method=known.method,
        points=PointsView(
            known.version,
            seen.made.places,
            seen.labels,
            seen.made.rows,
            seen.paths,
            seen.classes,
            seen.pictures,
        ),
        hidden=known.hidden,
        mistakes=known.mistakes,
        only=known.only_mistakes and known.mistakes is not None,
        switch=_switch(known.mistakes),
        near=_near(state),
        selection=state.selection,
    )


def _empty(state: State) -> EmptyView:
    sentence = QCoreApplication.translate(
        "FeatureMap",
        "Every indexed image at a place of its own: images that the network finds alike lie together.",
    )
    if state.run is None:
        return EmptyView(
            sentence, QCoreApplication.translate("FeatureMap", "Open the example"), "open_example"
        )
    if state.neighbours.features is None:
        index = view_actions.index(state)
        return EmptyView(sentence, index.text, "index") if index.enabled else EmptyView(index.tip, "", "")
    if state.feature_map.error is not None:
        again = QCoreApplication.translate("FeatureMap", "Try again")
        return EmptyView(wording.sentence(state.feature_map.error), again, "draw_feature_map")
    if state.working(JobKind.FEATURE_MAP):
        return EmptyView(QCoreApplication.translate("FeatureMap", "The map is being drawn."), "", "")
    return EmptyView(sentence, QCoreApplication.translate("FeatureMap", "Draw the map"), "draw_feature_map")


def _methods() -> tuple[tuple[str, str], ...]:
    return (
        ("pca", QCoreApplication.translate("FeatureMap", "PCA")),
        ("tsne", QCoreApplication.translate("FeatureMap", "t-SNE")),
    )


def _title(seen: FeatureMapSeen) -> str:
    made = seen.made
    shown, of = wording.count(len(made.rows)), wording.count(made.images)
    if made.is_sample:
        text = QCoreApplication.translate("FeatureMap", "{layer} · {shown} images, drawn by lot from {of}")
    else:
        text = QCoreApplication.translate("FeatureMap", "{layer} · {shown} images")
    title = text.format(layer=made.layer, shown=shown, of=of)
    if made.method == "pca":
        share = wording.percent(made.facts.get("explained_x", 0.0) + made.facts.get("explained_y", 0.0), 0)
        text = QCoreApplication.translate("FeatureMap", "{title} · {share} of the variance")
        return text.format(title=title, share=share)
    return title


def _switch(mistakes: Mistakes | None) -> ActionView:
    text = QCoreApplication.translate("FeatureMap", "Mistakes only")
    if mistakes is None:
        tip = QCoreApplication.translate(
            "FeatureMap", "None of these images has been evaluated. The Evaluation panel does that."
        )
        return ActionView(False, text, tip)
    tip = QCoreApplication.translate("FeatureMap", "Outlined: {wrong} of the {judged} that were evaluated")
    wrong, judged = wording.count(len(mistakes.taken_for)), wording.count(mistakes.judged)
    return ActionView(True, text, tip.format(wrong=wrong, judged=judged))


def _outdated(state: State, seen: FeatureMapSeen) -> tuple[str, ActionView, str]:
    if seen.outdated:
        badge = QCoreApplication.translate("FeatureMap", "outdated: the features have changed")
        text = QCoreApplication.translate("FeatureMap", "Draw again")
        return badge, ActionView(not state.working(JobKind.FEATURE_MAP), text), "draw_feature_map"
    if state.neighbours.outdated:
        badge = QCoreApplication.translate("FeatureMap", "outdated: the weights have moved on")
        return badge, view_actions.index(state), "index"
    return "", ActionView(), ""


def _near(state: State) -> tuple[str, ...]:
    """Of the selected image, where its neighbours are those that are shown."""
    neighbours = state.neighbours
    if neighbours.current >= len(neighbours.answers):
        return ()
    answer = neighbours.answers[neighbours.current]
    if state.selection.image not in {None, answer.path}:
        return ()
    return tuple(found.path for found in nearest(answer.found, neighbours.k) if not found.itself)
