"""A map of classes over a larger image, for a network of convolutions."""

from __future__ import annotations

from pathlib import Path

from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import insight as insight_jobs
from alexnet_studio.studio.jobs.insight import Shelf
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.state.class_map import MapSeen


class MapIntents:
    def __init__(self, desk: Desk, shelf: Shelf) -> None:
        self._desk = desk
        self._shelf = shelf
        self._zoom = 2.0

    @property
    def actions(self) -> Actions:
        return {"map_image": lambda: self._desk.dialogs.choose_images(self._desk.after(self.draw))}

    @property
    def listeners(self) -> Listeners:
        return {JobKind.MAP: Listener(self._on_told, self._on_finished)}

    def draw(self, images: tuple[str, ...]) -> None:
        """Of the first of them. Raises `BadInput` ("no_weights")."""
        path, image, zoom = self._desk.require_weights(), Path(images[0]), self._zoom
        self._desk.start(JobKind.MAP, lambda: insight_jobs.draw_map(self._shelf, path, image, zoom))

    def zoom(self, zoom: float) -> None:
        """Draw the image that is shown again, with another size."""
        self._zoom = zoom
        seen = self._desk.state.map
        if seen is not None:
            self.draw((seen.image,))

    def _on_told(self, event: object) -> None:
        if isinstance(event, MapSeen):
            self._desk.state.map = event

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
