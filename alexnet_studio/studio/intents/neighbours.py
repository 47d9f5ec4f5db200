"""Asking the run about images: their classes, their nearest training images, and what is beside these."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import neighbours as neighbour_jobs
from alexnet_studio.studio.jobs.folder import Decoded
from alexnet_studio.studio.jobs.insight import Shelf
from alexnet_studio.studio.jobs.neighbours import Asked, BesideFound
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.state.neighbours import SPACES, Answer
from alexnet_studio.studio.state.window import Notice
from alexnet_studio.studio.views.neighbours import K_MAX

_SHEET = 5  # queries of a sheet, as in the paper's Fig. 4
_IMAGES_MAX = 50  # a drop of a whole folder of files is cut
_REACH = 24  # searched once; fewer are shown without searching again


class NeighbourIntents:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.shelf = Shelf()
        self._next_validation = 0

    @property
    def actions(self) -> Actions:
        return {
            "choose_image": self.choose,
            "paste_image": lambda: self.ask(self._desk.dialogs.pasted_images()),
            "from_validation": self.ask_validation,
        }

    @property
    def listeners(self) -> Listeners:
        return {
            JobKind.QUERY: Listener(self._on_answer, self._on_finished),
            JobKind.BESIDE: Listener(self._on_beside, self._on_finished),
        }

    def choose(self) -> None:
        """Raises `BadInput` ("no_weights") before the person has looked for an image in vain."""
        if not view_actions.ask(self._desk.state).enabled:
            raise BadInput(
                "no_weights",
                "There are no weights to ask about an image yet. Train, or open a run that has some.",
            )
        self._desk.dialogs.choose_images(self._desk.after(self.ask))

    def ask(self, images: Sequence[str]) -> None:
        """Images anywhere on the disk, or paths relative to the run's own folder. Earlier questions become stale."""
        neighbours, chosen = self._desk.state.neighbours, tuple(images)[:_IMAGES_MAX]
        neighbours.reach = max(_REACH, neighbours.k)
        asked = self.asked()
        if asked is None or not chosen:
            return
        neighbours.answers, neighbours.current = (), 0
        neighbours.version += 1
        self._desk.cancel(JobKind.BESIDE)
        self._desk.start(JobKind.QUERY, lambda: neighbour_jobs.ask(self.shelf, asked, chosen))

    def ask_again(self) -> None:
        """The same images; a few validation images, which the network was not trained on, where none were asked."""
        images = tuple(answer.path for answer in self._desk.state.neighbours.answers)
        self.ask(images) if images else self.ask_validation()

    def asked(self) -> Asked | None:
        """What is asked of the run on the screen."""
        state = self._desk.state
        if state.run is None or state.dataset is None:
            return None
        neighbours = state.neighbours
        layer = neighbours.layer if neighbours.features is None else neighbours.features.layer
        return Asked(state.run.path, Path(state.dataset.root), layer, neighbours.reach)

    def ask_one(self, image: str) -> None:
        self.ask((image,))

    def ask_validation(self) -> None:
        """The next few validation images, spread over the classes; without weights, those answered before."""
        run = self._desk.state.run
        if run is None:
            return
        source = run.val_paths if run.has_checkpoint else run.answered
        if not source:
            return
        stride = max(1, len(source) // _SHEET)
        first = self._next_validation % stride
        self._next_validation += 1
        self.ask(source[first::stride][:_SHEET])

    def ask_answered(self) -> None:
        """A run that was opened: what it has answered before costs nothing to show; else what it was indexed for."""
        run = self._desk.state.run
        if run is not None and run.answered:
            self.ask(run.answered[:: max(1, len(run.answered) // _SHEET)][:_SHEET])
        elif self._desk.state.neighbours.features is not None:
            self.ask_validation()

    def set_k(self, k: int) -> None:
        neighbours = self._desk.state.neighbours
        neighbours.k = max(1, min(k, K_MAX))
        neighbours.version += 1
        if neighbours.k > neighbours.reach and neighbours.answers:
            neighbours.beside.clear()
            self.ask_again()

    def pick_spaces(self, spaces: str) -> None:
        """The names of those to look at beside the features, joined by "+"."""
        neighbours = self._desk.state.neighbours
        neighbours.spaces = tuple(space for space in SPACES if space in spaces.split("+"))
        neighbours.version += 1
        self._look_beside()

    def show_answer_of(self, image: str | None) -> None:
        """The selected image's row of the sheet, where it has one."""
        neighbours = self._desk.state.neighbours
        for position, answer in enumerate(neighbours.answers):
            if answer.path == image and position != neighbours.current:
                neighbours.current = position
                neighbours.version += 1

    def _on_answer(self, event: object) -> None:
        state = self._desk.state
        if isinstance(event, Answer):
            state.neighbours.answers = (*state.neighbours.answers, event)
            state.neighbours.version += 1
            self._tell(event.note)
        elif isinstance(event, Decoded):
            state.keep_thumbnail(event.path, event.pixels)
            self._desk.send_thumbnail(event.path, event.pixels)
        elif isinstance(event, Progress):
            state.progress[JobKind.QUERY] = event

    def _look_beside(self) -> None:
        """What is wanted and not known yet, one space after the other, once the answers are there."""
        state, asked = self._desk.state, self.asked()
        neighbours = state.neighbours
        if asked is None or neighbours.features is None or state.working(JobKind.QUERY):
            return
        for space in neighbours.spaces:
            images = tuple(
                answer.path
                for answer in neighbours.answers
                if answer.found and (answer.path, space) not in neighbours.beside
            )
            if images:
                look = partial(neighbour_jobs.look_beside, self.shelf, asked, images, space)
                self._desk.start(JobKind.BESIDE, look)
                return
        self._desk.cancel(JobKind.BESIDE)

    def _on_beside(self, event: object) -> None:
        neighbours = self._desk.state.neighbours
        if isinstance(event, Progress):
            self._desk.state.progress[JobKind.BESIDE] = event
        elif isinstance(event, BesideFound):
            neighbours.remember(event.image, event.space, event.beside)
            neighbours.version += 1

    def _tell(self, note: str) -> None:
        notice = self._desk.state.notice
        if note and not (notice is not None and notice.button):  # a way out is not hidden by a note
            self._desk.state.notice = Notice(note)

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
        elif not finished.cancelled:
            self._look_beside()
