"""Evaluating the run on the screen, and picking which of its images are listed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, cast

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.runs import evaluations
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import evaluation as evaluation_jobs
from alexnet_studio.studio.jobs.insight import Shelf
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.showing.evaluation_listing import listed
from alexnet_studio.studio.state.evaluation import EvaluationSeen, EvaluationState, Listing, Source, TenSeen
from alexnet_studio.studio.state.window import Notice


class EvaluationIntents:
    def __init__(
        self,
        desk: Desk,
        shelf: Shelf,
        ask: Callable[[str], None],
        list_then: Callable[[Listing], None],
    ) -> None:
        """`ask` shows the neighbours of an image; `list_then` lists images of an earlier epoch that is looked at."""
        self._desk = desk
        self._ask = ask
        self._list_then = list_then
        self._shelf = shelf
        self._run: Path | None = None

    @property
    def actions(self) -> Actions:
        return {"evaluate": self.evaluate, "ten_views": self.look_at_ten}

    @property
    def listeners(self) -> Listeners:
        return {
            JobKind.EVALUATE: Listener(self._on_told, self._on_finished),
            JobKind.VIEWS: Listener(self._on_views, self._on_finished),
        }

    def follow(self) -> None:
        """Another run is on the screen: what it has kept is shown."""
        run = self._desk.state.run
        path = None if run is None else run.path
        if path == self._run:
            return
        self._run = path
        before = self._desk.state.evaluation
        self._desk.state.evaluation = EvaluationState(views=before.views, threshold=before.threshold)
        self._desk.cancel(JobKind.EVALUATE)
        root = self._root()
        if path is not None and evaluations.kept(path):
            self._desk.start(JobKind.EVALUATE, lambda: evaluation_jobs.read_kept(path, root))

    def evaluate(self) -> None:
        """Raises `BadInput` ("no_weights")."""
        path, state = self._desk.require_weights(), self._desk.state.evaluation
        if state.source == "folder":
            self._desk.dialogs.choose_folder(self._desk.after(self.evaluate_folder))
        elif state.source == "test":
            self._start(path, Path(self._root()), test=True)
        else:
            self._start(path, None)

    def evaluate_folder(self, folder: Path) -> None:
        self._start(self._desk.require_weights(), folder)

    def pick_source(self, source: str) -> None:
        self._desk.state.evaluation.source = cast("Source", source)

    def pick_views(self, views: str) -> None:
        self._desk.state.evaluation.views = cast("Literal['center', 'ten']", views)

    def set_threshold(self, threshold: float) -> None:
        state = self._desk.state.evaluation
        state.threshold = min(max(threshold, 0.0), 1.0)
        if state.listing.kind == "unsure":
            self._list(state.listing)

    def list_kind(self, kind: str) -> None:
        """Mistakes or unsure ones."""
        self._pick(Listing(cast("Literal['mistakes', 'unsure']", kind)))

    def list_cell(self, truth: int, guess: int) -> None:
        """Images of a cell of the matrix; -1 is any class."""
        self._pick(Listing("cell", truth if truth >= 0 else None, guess if guess >= 0 else None))

    def show_neighbours(self, image: str) -> None:
        """Of an image that is still there, or that the run has answered before."""
        run = self._desk.state.run
        if run is not None and (image in run.answered or (Path(self._root()) / image).is_file()):
            self._ask(image)

    def look_at_ten(self) -> None:
        """Of the selected image. Raises `BadInput` ("no_weights", "no_image")."""
        path, image = self._desk.require_weights(), self._desk.state.selection.image
        if image is None:
            raise BadInput("no_image", "No image is selected. Click one first.")
        root = Path(self._root())
        self._desk.start(JobKind.VIEWS, lambda: evaluation_jobs.ten_views(self._shelf, path, root, image))

    def _start(self, path: Path, folder: Path | None, *, test: bool = False) -> None:
        views, root = self._desk.state.evaluation.views, self._root()
        self._desk.start(
            JobKind.EVALUATE, lambda: evaluation_jobs.evaluate(path, folder, views, root, test=test)
        )

    def _root(self) -> str:
        dataset = self._desk.state.dataset
        return "" if dataset is None else dataset.root

    def _pick(self, listing: Listing) -> None:
        if self._desk.state.past.epoch is None:
            self._list(listing)
        else:
            self._list_then(listing)

    def _list(self, listing: Listing) -> None:
        state = self._desk.state.evaluation
        if state.seen is not None:
            state.listing, state.images, state.captions = listed(state.seen, listing, state.threshold)
            state.version += 1

    def _on_told(self, event: object) -> None:
        state = self._desk.state
        if isinstance(event, Progress):
            state.progress[JobKind.EVALUATE] = event
        elif isinstance(event, EvaluationSeen):
            state.evaluation.seen, state.evaluation.outdated = event, event.outdated
            shown = zip(event.file.shown, event.file.thumbnails, strict=True)
            state.kept = {**state.kept, **{event.keys[int(row)]: pixels for row, pixels in shown}}
            self._list(Listing())
            if event.note:
                state.notice = Notice(event.note)

    def _on_views(self, event: object) -> None:
        if isinstance(event, TenSeen):
            self._desk.state.evaluation.ten = event

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
