"""Letting the neighbours vote: beside the network's own answers, and on the labels of the training images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import votes as vote_jobs
from alexnet_studio.studio.jobs.insight import Shelf
from alexnet_studio.studio.jobs.neighbours import Asked
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.jobs.votes import Voted
from alexnet_studio.studio.state.votes import On, VoteState


class VoteIntents:
    def __init__(self, desk: Desk, shelf: Shelf, asked: Callable[[], Asked | None]) -> None:
        self._desk = desk
        self._shelf = shelf
        self._asked = asked
        self._voting_on: Asked | None = None

    @property
    def actions(self) -> Actions:
        return {"vote": self.vote, "find_suspects": lambda: self._start("train", pixels=False)}

    @property
    def listeners(self) -> Listeners:
        return {JobKind.VOTE: Listener(self._on_told, self._on_finished)}

    def vote(self) -> None:
        """Raises what `_start` raises."""
        self._start(self._votes.on, pixels=self._votes.pixels)

    def pick_images(self, on: str) -> None:
        if on == "val" or on == "train":
            self._votes = replace(self._votes, on=on)

    def pick_spaces(self, spaces: str) -> None:
        self._votes = replace(self._votes, pixels=spaces == "pixels")

    def pick_amount(self, amount: str) -> None:
        self._votes = replace(self._votes, everything=amount == "everything")

    @property
    def _votes(self) -> VoteState:
        return self._desk.state.neighbours.votes

    @_votes.setter
    def _votes(self, votes: VoteState) -> None:
        self._desk.state.neighbours.votes = votes

    def _start(self, on: On, *, pixels: bool) -> None:
        """Raises `BadInput` ("no_weights", "not_indexed")."""
        self._desk.require_weights()
        neighbours, asked = self._desk.state.neighbours, self._asked()
        if neighbours.features is None or asked is None:
            raise BadInput("not_indexed", "The training images are not indexed yet. Index them first.")
        k, everything, self._voting_on = neighbours.k, self._votes.everything, asked
        self._desk.start(
            JobKind.VOTE,
            lambda: vote_jobs.vote(self._shelf, asked, k, on, pixels=pixels, everything=everything),
        )

    def _on_told(self, event: object) -> None:
        if isinstance(event, Progress):
            self._desk.state.progress[JobKind.VOTE] = event
        elif isinstance(event, Voted):
            votes, asked, now = self._votes, self._voting_on, self._asked()
            if asked is None or now is None or (asked.run, asked.layer) != (now.run, now.layer):
                return  # another run or layer is on the screen
            seen = (one for one in votes.seen if (one.on, one.k) != (event.seen.on, event.seen.k))
            self._votes = replace(votes, seen=(event.seen, *seen), suspects=event.suspects or votes.suspects)

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
