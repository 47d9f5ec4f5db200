"""Pictures of the images that panels show now: decoded in a thread, the newest wish first."""

from __future__ import annotations

from pathlib import Path

from alexnet_studio.studio.dataset import Dataset
from alexnet_studio.studio.desk import Desk, Listener, Listeners
from alexnet_studio.studio.jobs import folder as folder_jobs
from alexnet_studio.studio.jobs.folder import Decoded, Unseen
from alexnet_studio.studio.jobs.runner import Finished, JobKind


class ThumbnailIntents:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wanted: dict[str, tuple[str, ...]] = {}
        self._dataset: Dataset | None = None
        self._unseen: set[str] = (
            set()
        )  # skipped files of the dataset with nothing to see, not to be read again

    @property
    def listeners(self) -> Listeners:
        return {JobKind.THUMBNAILS: Listener(self._on_told, self._on_finished)}

    def want(self, panel: str, paths: tuple[str, ...]) -> None:
        """Send what is there, and decode the rest; what was wished before and is no longer seen is dropped."""
        state = self._desk.state
        if state.dataset is None:
            return
        if self._dataset is not state.dataset:
            self._dataset, self._unseen = state.dataset, set()
            self._wanted.pop("skipped", None)
        self._wanted[panel] = paths
        for path in paths:
            pixels = state.picture(path)
            if pixels is not None:
                self._desk.send_thumbnail(path, pixels)
        seen = dict.fromkeys(path for wanted in self._wanted.values() for path in wanted)
        missing = tuple(path for path in seen if path not in state.thumbnails and path not in self._unseen)
        root, kept = Path(state.dataset.root), state.kept
        damaged = frozenset(self._wanted.get("skipped", ()))
        if missing:
            self._desk.start(JobKind.THUMBNAILS, lambda: folder_jobs.thumbnails(root, missing, kept, damaged))

    def _on_told(self, event: object) -> None:
        if isinstance(event, Decoded):
            self._desk.state.keep_thumbnail(event.path, event.pixels)
            self._desk.send_thumbnail(event.path, event.pixels)
        elif isinstance(event, Unseen):
            self._unseen.add(event.path)

    def _on_finished(self, finished: Finished) -> None:
        # A picture that cannot be shown stays an empty tile; the scan's report says why.
        _ = finished
