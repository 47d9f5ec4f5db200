"""Asking the run about images: their classes and their nearest training images; indexing comes before that."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import insight as insight_jobs
from alexnet_studio.studio.jobs.folder import Decoded
from alexnet_studio.studio.jobs.insight import Indexed, Shelf
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.state.neighbours import Answer
from alexnet_studio.studio.state.window import Notice

_SHEET = 5  # queries of a sheet, as in the paper's Fig. 4
_IMAGES_MAX = 50  # a drop of a whole folder of files is cut


class NeighbourIntents:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.shelf = Shelf()
        self._next_validation = 0

    @property
    def actions(self) -> Actions:
        return {
            "index": self.index,
            "choose_image": self.choose,
            "paste_image": lambda: self.ask(self._desk.dialogs.pasted_images()),
            "from_validation": self.ask_validation,
        }

    @property
    def listeners(self) -> Listeners:
        return {
            JobKind.INDEX: Listener(self._on_indexing, self._on_finished),
            JobKind.QUERY: Listener(self._on_answer, self._on_finished),
        }

    def index(self) -> None:
        run = self._desk.state.run
        if run is not None and view_actions.index(self._desk.state).enabled:
            path = run.path
            self._desk.start(JobKind.INDEX, lambda: insight_jobs.index(path))

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
        state, asked = self._desk.state, tuple(images)[:_IMAGES_MAX]
        if state.run is None or state.dataset is None or not asked:
            return
        path, root = state.run.path, Path(state.dataset.root)
        state.neighbours.answers, state.neighbours.current = (), 0
        state.neighbours.version += 1
        self._desk.start(JobKind.QUERY, lambda: insight_jobs.ask(self.shelf, path, root, asked))

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
        self._desk.state.neighbours.k = max(1, min(k, insight_jobs.K_MAX))
        self._desk.state.neighbours.version += 1

    def show_answer_of(self, image: str | None) -> None:
        """The selected image's row of the sheet, where it has one."""
        neighbours = self._desk.state.neighbours
        for position, answer in enumerate(neighbours.answers):
            if answer.path == image and position != neighbours.current:
                neighbours.current = position
                neighbours.version += 1

    def _on_indexing(self, event: object) -> None:
        state = self._desk.state
        if isinstance(event, Progress):
            state.progress[JobKind.INDEX] = event
        elif isinstance(event, Indexed):
            state.neighbours.features, state.neighbours.outdated = event.features, False
            state.kept = {**state.kept, **event.thumbnails}
            self._tell(event.note)
            # Shown at once what the network has learned: a few validation images it was not trained on.
            asked = tuple(answer.path for answer in state.neighbours.answers)
            self.ask(asked) if asked else self.ask_validation()

    def _on_answer(self, event: object) -> None:
        state = self._desk.state
        if isinstance(event, Answer):
            state.neighbours.answers = (*state.neighbours.answers, event)
            state.neighbours.version += 1
            self._tell(event.note)
        elif isinstance(event, Decoded):
            state.keep_thumbnail(event.path, event.pixels)
            self._desk.send_thumbnail(event.path, event.pixels)

    def _tell(self, note: str) -> None:
        if note and not self._is_remedy_shown():
            self._desk.state.notice = Notice(note)

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None and not self._is_remedy_shown():
            self._desk.tell(finished.error)

    def _is_remedy_shown(self) -> bool:
        """A training that failed is indexed by itself, and what its weights cannot do is no news: the way out is."""
        notice = self._desk.state.notice
        return notice is not None and bool(notice.button)
