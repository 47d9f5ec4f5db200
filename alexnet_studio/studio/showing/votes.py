"""What the Neighbours panel shows of the vote, and of the training images that it speaks against."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing.data import editing
from alexnet_studio.studio.state.votes import MOST, SuspectSeen, SuspectsSeen, VoteSeen
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.parts import ActionView
from alexnet_studio.studio.views.votes import SuspectsView, VotesView

if TYPE_CHECKING:
    from alexnet_studio.images.corrections import Corrections

_NOTHING = "—"


def view_votes(state: State) -> VotesView:
    votes = state.neighbours.votes
    return VotesView(
        images=(
            ("val", QCoreApplication.translate("Votes", "validation images")),
            ("train", QCoreApplication.translate("Votes", "training, leave-one-out")),
        ),
        on=votes.on,
        spaces=(
            ("features", QCoreApplication.translate("Neighbours", "features")),
            ("pixels", QCoreApplication.translate("Neighbours", "+ pixels")),
        ),
        space="pixels" if votes.pixels else "features",
        vote=_may(state, QCoreApplication.translate("Votes", "Let them vote")),
        rows=tuple(_row(one) for one in votes.seen),
        said=_said(votes.seen[0]) if votes.seen else "",
    )


def view_suspects(state: State) -> SuspectsView:
    neighbours, seen = state.neighbours, state.neighbours.votes.suspects
    find = _may(state, QCoreApplication.translate("Votes", "Find suspects"))
    amounts: tuple[tuple[str, str], ...] = ()
    if neighbours.features is not None and neighbours.features.images > MOST:
        some = QCoreApplication.translate("Votes", "of {n} images")
        amounts = (
            ("some", some.format(n=wording.count(MOST))),
            ("everything", QCoreApplication.translate("Votes", "of all images")),
        )
    amount = "everything" if neighbours.votes.everything else "some"
    if seen is None:
        return SuspectsView(find, amounts, amount, found=_explained())
    images, captions = _listed(seen, state.labels.now)
    return SuspectsView(
        find,
        amounts,
        amount,
        found=_found(seen),
        images=images,
        captions=captions,
        picked=_picked(state, seen),
        editing=editing(state),
    )


def _may(state: State, text: str) -> ActionView:
    run, neighbours = state.run, state.neighbours
    tip = ""
    if run is None or not run.has_checkpoint:
        tip = QCoreApplication.translate(
            "Actions", "Train or open a run first: this needs a network's weights."
        )
    elif neighbours.features is None:
        tip = QCoreApplication.translate("Votes", "Index the training images first.")
    elif neighbours.outdated:
        tip = QCoreApplication.translate("Votes", "The weights have moved on. Index the images again first.")
    elif state.working(JobKind.VOTE):
        tip = QCoreApplication.translate("Votes", "They are voting.")
    return ActionView(not tip, text, tip)


def _row(seen: VoteSeen) -> tuple[str, ...]:
    names = {
        "val": QCoreApplication.translate("Votes", "validation"),
        "train": QCoreApplication.translate("Votes", "training"),
    }
    return (
        names[seen.on],
        wording.count(seen.images),
        wording.count(seen.k),
        wording.percent(seen.accuracy),
        _NOTHING if seen.pixels is None else wording.percent(seen.pixels),
        wording.percent(seen.network),
    )


def _said(seen: VoteSeen) -> str:
    if seen.pixels_same_class is None:
        text = QCoreApplication.translate("Votes", "{share} of the {k} neighbours have the image’s class.")
        return text.format(share=wording.percent(seen.same_class), k=seen.k)
    text = QCoreApplication.translate(
        "Votes", "{share} of the {k} neighbours have the image’s class; by pixels {pixels}."
    )
    pixels = wording.percent(seen.pixels_same_class)
    return text.format(share=wording.percent(seen.same_class), k=seen.k, pixels=pixels)


def _explained() -> str:
    return QCoreApplication.translate(
        "Votes", "Training images whose nearest others have another class: wrong labels are among them."
    )


def _found(seen: SuspectsSeen) -> str:
    text = QCoreApplication.translate("Votes", "{n} of {images} images are outvoted by their {k} neighbours")
    return text.format(n=wording.count(len(seen.found)), images=wording.count(seen.images), k=seen.k)


def _picked(state: State, seen: SuspectsSeen) -> str:
    """Of a suspect what its neighbours say; one of these can be picked, and be the wrong one, as well."""
    image, neighbours = state.selection.image, state.neighbours
    name = (image or "").replace("\\", "/").rsplit("/", 1)[-1]
    suspect = _by_path(seen).get(image or "")
    if suspect is not None:
        text = QCoreApplication.translate("Votes", "{name}, of class {own}: {votes} of {k} say {winner}")
        return text.format(name=name, own=suspect.own, votes=suspect.votes, k=seen.k, winner=suspect.winner)
    found = neighbours.answers[neighbours.current].found if neighbours.answers else ()
    near = next((one for one in found if one.path == image), None)
    if near is None:
        return ""
    text = QCoreApplication.translate("Votes", "{name}, of class {own}")
    return text.format(name=name, own=near.class_name)


@lru_cache(maxsize=2)
def _by_path(seen: SuspectsSeen) -> dict[str, SuspectSeen]:
    return {one.path: one for one in seen.found}


@lru_cache(maxsize=2)
def _listed(seen: SuspectsSeen, corrected: Corrections | None) -> tuple[tuple[str, ...], dict[str, str]]:
    """The images, and what stands under each: what its neighbours say, or what a person has made of it."""
    text = QCoreApplication.translate("Votes", "{votes}/{k} → {winner}")
    now = QCoreApplication.translate("Votes", "now {name}")
    left_out = QCoreApplication.translate("Votes", "left out")
    made = {} if corrected is None else dict(corrected.labels)
    captions = {one.path: text.format(winner=one.winner, votes=one.votes, k=seen.k) for one in seen.found}
    captions |= {
        path: now.format(name=name) if name else left_out for path, name in made.items() if path in captions
    }
    return tuple(one.path for one in seen.found), captions
