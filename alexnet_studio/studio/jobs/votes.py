"""Work that lets the neighbours vote on a run's images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.studio.jobs.insight import Shelf
from alexnet_studio.studio.jobs.neighbours import Asked
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.state.votes import MOST, On, SuspectSeen, SuspectsSeen, VoteSeen

if TYPE_CHECKING:
    from alexnet_studio.insight.vote_run import VoteReport


@dataclass(frozen=True, slots=True)
class Voted:
    """`suspects` where the training images were asked."""

    seen: VoteSeen
    suspects: SuspectsSeen | None


def vote(shelf: Shelf, asked: Asked, k: int, on: On, *, pixels: bool, everything: bool) -> Work:
    """Raises `BadInput` ("no_features") and what `vote_run` raises."""
    from alexnet_studio.insight.vote_run import VoteReport, vote_run

    run = shelf.run(asked.run)
    searched = yield from shelf.searched(run, asked.layer)
    if searched is None:
        raise BadInput(
            "no_features",
            "There are no {layer} features in {path} yet. Index the run first.",
            layer=asked.layer,
            path=str(run.features),
        )
    network = shelf.network(run)
    most = len(searched.keys) + len(run.record.split.val) if everything else MOST
    for event in vote_run(network, run, searched.file, k, on=on, most=most, pixels=pixels):
        if isinstance(event, VoteReport):
            keys = dict(zip(searched.file.paths, searched.keys, strict=True))
            yield Voted(_seen(event), _suspects(event, keys) if on == "train" else None)
        else:
            yield event


def _seen(report: VoteReport) -> VoteSeen:
    by_features, by_pixels = report.features, report.pixels
    return VoteSeen(
        report.on,
        by_features.k,
        by_features.images,
        by_features.accuracy,
        by_features.same_class,
        report.network,
        None if by_pixels is None else by_pixels.accuracy,
        None if by_pixels is None else by_pixels.same_class,
    )


def _suspects(report: VoteReport, keys: dict[str, str]) -> SuspectsSeen:
    from alexnet_studio.insight.vote import suspects

    found = tuple(
        SuspectSeen(
            keys[report.paths[one.position]],
            one.judged.own,
            one.judged.winner,
            one.judged.votes,
            one.judged.agreeing,
        )
        for one in suspects(report.features)
    )
    return SuspectsSeen(report.features.k, report.features.images, found)
