"""One image in all layers: follows the selection as long as its panel is seen, and asks what takes longer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import layers as layers_jobs
from alexnet_studio.studio.jobs.insight import Shelf
from alexnet_studio.studio.jobs.layers import PatchesGathered
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.showing.layers import image_of
from alexnet_studio.studio.showing.unit import unit_of
from alexnet_studio.studio.state.layers import Explained, LayersSeen, LayersState, UnitSeen
from alexnet_studio.studio.state.window import Notice
from alexnet_studio.studio.views.layers import MapLook

if TYPE_CHECKING:
    from alexnet_studio.insight.attribution import Method

_Question = tuple[object, ...]


class LayersIntents:
    """`follow` is called whenever something may have changed; what has not is not asked again."""

    def __init__(self, desk: Desk, shelf: Shelf) -> None:
        self._desk = desk
        self._shelf = shelf
        self._open = False
        self._asked: _Question = ()
        self._asked_unit: _Question = ()
        self._asked_class: _Question = ()
        self._drawn: _Question = ()
        self._gatherings = 0

    @property
    def actions(self) -> Actions:
        return {
            "choose_layers_image": lambda: self._desk.dialogs.choose_images(self._desk.after(self._choose)),
            "gather_patches": self.gather,
        }

    @property
    def listeners(self) -> Listeners:
        return {
            JobKind.LAYERS: Listener(self._on_seen, self._on_looked),
            JobKind.UNIT: Listener(self._on_unit, self._on_unit_finished),
            JobKind.PATCHES: Listener(self._on_gathering, self._on_finished),
            JobKind.EXPLAIN: Listener(self._on_explained, self._on_finished),
        }

    def set_open(self, open_: bool) -> None:
        self._open = open_

    def set_look(self, look: MapLook) -> None:
        self._layers.look = look

    def set_method(self, method: Method | str) -> None:
        """ "" for none."""
        self._layers.method = method

    def set_class(self, name: str) -> None:
        """The one that is explained; "" is the most probable."""
        seen = self._layers.seen
        known = seen is not None and name in seen.classes
        self._layers.label = seen.classes.index(name) if seen is not None and known else None

    def set_place(self, layer: str, row: int, column: int) -> None:
        self._layers.place = (layer, row, column)

    def gather(self) -> None:
        """Raises `BadInput` ("no_weights")."""
        path = self._desk.require_weights()
        self._desk.start(JobKind.PATCHES, lambda: layers_jobs.gather(self._shelf, path))

    def follow(self) -> None:
        run = self._desk.state.run
        if not self._open or run is None or not run.has_checkpoint:
            if run is None or not run.has_checkpoint:
                self._forget()
            return
        self._follow_image(run.path, run.saved_at)
        self._draw()
        self._follow_unit(run.path)
        self._follow_class(run.path)

    @property
    def _layers(self) -> LayersState:
        return self._desk.state.layers

    def _choose(self, images: tuple[str, ...]) -> None:
        state = self._desk.state
        state.selection = replace(state.selection, image=images[0])

    def _forget(self) -> None:
        if self._asked:
            self._asked = self._asked_unit = self._asked_class = self._drawn = ()
            self._desk.state.layers = LayersState(look=self._layers.look, version=self._layers.version + 1)

    def _follow_image(self, path: Path, saved_at: float | None) -> None:
        """Of another image, or of weights that were saved since."""
        state = self._desk.state
        image = image_of(state)
        question = (path, saved_at, image)
        if image is None or question == self._asked:
            return
        if self._asked[:1] != question[:1]:
            self._desk.state.layers = LayersState(look=self._layers.look, version=self._layers.version + 1)
            self._drawn = ()
        self._asked = question
        self._layers.looking = True
        root = Path("" if state.dataset is None else state.dataset.root)
        kept = state.kept.get(image)
        # Not through the desk: a moment's work at every click, for which no bar comes and goes.
        self._desk.jobs.start(JobKind.LAYERS, lambda: layers_jobs.look(self._shelf, path, root, image, kept))

    def _draw(self) -> None:
        """The maps of the layer that is selected, as pictures."""
        from alexnet_studio.insight.map_tiles import map_tiles

        layers, seen = self._layers, self._layers.seen
        if seen is None:
            return
        wanted = self._desk.state.selection.layer or ""
        known = {maps.layer for maps in seen.found.layers}
        layers.layer = next(
            (one for one in (wanted, layers.layer) if one in known), seen.found.layers[0].layer
        )
        drawn = (id(seen.found), layers.layer, layers.look)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        maps = seen.found.of(layers.layer)
        assert maps is not None
        layers.tiles = map_tiles(maps.values, layers.look) if maps.is_spatial else None
        layers.version += 1

    def _follow_unit(self, path: Path) -> None:
        state, layers, seen = self._desk.state, self._layers, self._layers.seen
        unit = unit_of(state)
        if seen is None or unit is None:
            return
        layer = layers.layer
        question = (path, seen.checkpoint, layer, unit, self._gatherings)
        if question != self._asked_unit:
            self._asked_unit = question
            root = Path("" if state.dataset is None else state.dataset.root)
            self._desk.jobs.start(
                JobKind.UNIT, lambda: layers_jobs.look_at_unit(self._shelf, path, root, layer, unit)
            )

    def _follow_class(self, path: Path) -> None:
        layers, seen = self._layers, self._layers.seen
        if seen is None:
            return
        method, label = layers.method, layers.label
        question = (path, seen.image, seen.checkpoint, method, label)
        if question == self._asked_class:
            return
        self._asked_class = question
        self._desk.cancel(JobKind.EXPLAIN)
        layers.explained = None
        layers.version += 1
        if method == "occlusion" or method == "gradient" or method == "guided":
            self._desk.start(
                JobKind.EXPLAIN, lambda: layers_jobs.explain(self._shelf, path, seen, method, label)
            )

    def _on_seen(self, event: object) -> None:
        if isinstance(event, LayersSeen):
            self._layers.seen, self._layers.error = event, None
            if event.note:
                self._desk.state.notice = Notice(event.note)

    def _on_looked(self, finished: Finished) -> None:
        self._layers.looking = False
        if finished.error is not None:
            self._layers.seen, self._layers.error = None, finished.error
            self._drawn = ()
            self._layers.version += 1

    def _on_unit(self, event: object) -> None:
        if isinstance(event, UnitSeen):
            self._layers.unit = event
            self._layers.version += 1

    def _on_unit_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)

    def _on_gathering(self, event: object) -> None:
        if isinstance(event, Progress):
            self._desk.state.progress[JobKind.PATCHES] = event
        elif isinstance(event, PatchesGathered):
            self._gatherings += 1
            if event.left_out:
                text = QCoreApplication.translate(
                    "FeatureMaps",
                    "Of the training images {count} are gone or cannot be decoded, and were left out.",
                )
                self._desk.state.notice = Notice(text.format(count=event.left_out))

    def _on_explained(self, event: object) -> None:
        if isinstance(event, Progress):
            self._desk.state.progress[JobKind.EXPLAIN] = event
        elif isinstance(event, Explained):
            self._layers.explained = event
            self._layers.version += 1

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
