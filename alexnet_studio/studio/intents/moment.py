"""Looking at an earlier moment of a training: the film, the confusion matrix and the pinned images all go there."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import past as past_jobs
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.showing import moment, pins
from alexnet_studio.studio.showing.past import listed
from alexnet_studio.studio.state.evaluation import Listing
from alexnet_studio.studio.state.past import EpochSeen, PastSeen

if TYPE_CHECKING:
    from alexnet_studio.runs.answers import KeptAnswers

AT_ONCE = 200  # classes


class MomentIntents:
    def __init__(self, desk: Desk, show_step: Callable[[int | None], None]) -> None:
        """`show_step` brings the film to a step, None to the newest."""
        self._desk = desk
        self._show_step = show_step
        self._read: tuple[object, ...] = ()  # what was read last, or is being read
        self._is_reading = False
        self._scored_of: KeptAnswers | None = None  # of which an epoch is being scored
        self._told: Path | None = None  # of which run a damage was told
        self._numbers = itertools.count(1)

    @property
    def actions(self) -> Actions:
        return {"show_now": self.show_now}

    @property
    def listeners(self) -> Listeners:
        return {
            JobKind.PAST: Listener(self._on_told, self._on_read),
            JobKind.SCORE: Listener(self._on_scored, self._on_finished),
        }

    def show_now(self) -> None:
        self._show_step(None)

    def show_place(self, x: float, reach: float) -> None:
        """A place on the curves' x axis; the end of an epoch that is nearer than `reach` counts before other steps."""
        run = self._desk.state.run
        if run is not None:
            self._show_step(moment.step_at(run, moment.axis_of(self._desk.state, run), x, reach))

    def step_epochs(self, count: int) -> None:
        """So many ends of epochs on (or back); from the last one on to now."""
        state, run = self._desk.state, self._desk.state.run
        if run is None or not len(run.curves.epochs):
            return
        steps = [int(step) for step in run.curves.epochs["step"]]
        if state.shown_step is None:
            place = len(steps)
        else:
            before = [place for place, step in enumerate(steps) if step <= state.shown_step]
            place = before[-1] if before else -1
            if count < 0 and before and steps[place] < state.shown_step:
                place += 1  # first to the end of the epoch that lies before
        place += count
        self._show_step(None if place >= len(steps) else steps[max(0, place)])

    def read_again(self) -> None:
        """What is pinned has changed."""
        self._read = ()

    def list_images(self, listing: Listing) -> None:
        """Of the epoch that is looked at."""
        past, run = self._desk.state.past, self._desk.state.run
        if past.epoch is not None and run is not None:
            past.epoch = listed(past.epoch, listing, run.val_paths, run.class_names)

    def follow(self) -> None:
        """After anything has changed: read what an epoch that has ended left, and look at the chosen epoch."""
        run = self._desk.state.run
        if run is None or run.started is None:
            self._desk.state.past.seen = self._desk.state.past.epoch = None
            self._read = ()
            return
        wanted = (id(run), run.path, len(run.curves.epochs))
        if wanted != self._read and not self._is_reading:
            self._read, self._is_reading = wanted, True
            path = run.path
            # Nobody waits for it: no bar shows it.
            self._desk.jobs.start(JobKind.PAST, lambda: past_jobs.read(path))
        self._look()

    def _look(self) -> None:
        state = self._desk.state
        past, epoch = state.past, moment.shown_epoch(state)
        seen = pins.seen_of(state)
        kept = None if seen is None or state.shown_step is None else seen.answers
        if epoch is None or kept is None or epoch not in kept.epochs:
            past.epoch = None
        elif past.epoch is None or past.epoch.scores.epoch != epoch:
            self._look_at(kept, epoch)

    def _look_at(self, kept: KeptAnswers, epoch: int) -> None:
        """At once where there are few classes. A thousand take a thread a third of a frame: one epoch after the other,
        the last one that was wanted at the end.
        """
        from alexnet_studio.insight.epoch_answers import scored

        run = self._desk.state.run
        if run is None:
            return
        classes = len(run.class_names)
        if classes > AT_ONCE:
            if not self._desk.jobs.running(JobKind.SCORE):
                self._scored_of = kept
                self._desk.jobs.start(JobKind.SCORE, lambda: past_jobs.score(kept, epoch, classes))
            return
        answers = kept.of(epoch)
        self._show(EpochSeen(answers, scored(answers, classes), 0))

    def _show(self, found: EpochSeen) -> None:
        past, run, number = self._desk.state.past, self._desk.state.run, next(self._numbers)
        if run is not None:
            listing = Listing() if past.epoch is None else past.epoch.listing
            found = replace(found, number=number, version=number << 16)
            past.epoch = listed(found, listing, run.val_paths, run.class_names)

    def _on_scored(self, event: object) -> None:
        """Of another run, or of a moment that nobody looks at any more, it is of no use."""
        seen, state = pins.seen_of(self._desk.state), self._desk.state
        is_wanted = seen is not None and seen.answers is self._scored_of and state.shown_step is not None
        if isinstance(event, EpochSeen) and is_wanted:
            self._show(event)

    def _on_told(self, event: object) -> None:
        state = self._desk.state
        if isinstance(event, PastSeen) and state.run is not None and state.run.path == event.path:
            state.past.seen = event
            state.kept = {**state.kept, **event.pictures}
            if event.problem is not None and event.path != self._told:
                self._told = event.path
                self._desk.tell(event.problem)

    def _on_read(self, finished: Finished) -> None:
        self._is_reading = False
        self._on_finished(finished)

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
