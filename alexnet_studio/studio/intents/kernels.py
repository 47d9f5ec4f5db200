"""Looking at kernels: which layer, in what order and on what scale; and asking about them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from alexnet_studio.ground import places
from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio import kernel_pictures
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import kernels as kernel_jobs
from alexnet_studio.studio.jobs.insight import Shelf
from alexnet_studio.studio.jobs.runner import Finished, JobKind, Work
from alexnet_studio.studio.state.kernels import (
    FiringSeen,
    KernelState,
    LayerSeen,
    Look,
    ResponseSeen,
    SeedSeen,
)

if TYPE_CHECKING:
    from alexnet_studio.insight.kernel_measures import Order
    from alexnet_studio.insight.kernels import Normalisation


class KernelIntents:
    def __init__(self, desk: Desk, shelf: Shelf, stop_film: Callable[[], None]) -> None:
        self._desk = desk
        self._shelf = shelf
        self._stop_film = stop_film
        self._asked: tuple[object, ...] = ()  # what the last response was asked for
        self._of: dict[
            JobKind, KernelState
        ] = {}  # what a job's answer belongs to: another run may have come since

    @property
    def actions(self) -> Actions:
        return {
            "count_firing": self.count_firing,
            "other_seeds": self.read_seeds,
            "apply_kernel": self.apply_to_selected,
            "apply_kernel_to": lambda: self._desk.dialogs.choose_images(
                self._desk.after(lambda images: self.apply(images[0]))
            ),
        }

    @property
    def listeners(self) -> Listeners:
        return {
            JobKind.KERNELS: self._listener(JobKind.KERNELS),
            JobKind.FIRING: self._listener(JobKind.FIRING),
            JobKind.RESPONSE: self._listener(JobKind.RESPONSE),
            JobKind.SEEDS: self._listener(JobKind.SEEDS),
        }

    def set_normalisation(self, name: str) -> None:
        kernels = self._desk.state.kernels
        kernels.normalisation = cast("Normalisation", name)
        kernel_pictures.draw(kernels)

    def set_order(self, name: str) -> None:
        kernels = self._desk.state.kernels
        kernels.order = cast("Order", name)
        kernel_pictures.draw(kernels)

    def set_look(self, name: str) -> None:
        kernels = self._desk.state.kernels
        kernels.look = cast("Look", name)
        kernel_pictures.draw(kernels)

    def pick_layer(self, layer: str) -> None:
        """The film's own, or another one from the run's weights. Raises `BadInput` ("no_weights")."""
        kernels = self._desk.state.kernels
        if layer == kernels.layer and kernels.film:
            kernels.looked = ""
            kernel_pictures.draw(kernels)
            return
        path = self._desk.require_weights()
        self._stop_film()
        kernels.looked = layer
        self._start(JobKind.KERNELS, lambda: kernel_jobs.look(self._shelf, path, layer))

    def count_firing(self) -> None:
        """Raises `BadInput` ("no_weights")."""
        path, layer = self._desk.require_weights(), self._desk.state.kernels.shown_layer
        self._start(JobKind.FIRING, lambda: kernel_jobs.count_firing(self._shelf, path, layer))

    def read_seeds(self) -> None:
        run = self._desk.state.run
        if run is not None:
            folder, path, group = (places.runs() if run.is_example else run.path.parent), run.path, run.group
            self._start(JobKind.SEEDS, lambda: kernel_jobs.read_seeds(folder, path, group))

    def apply_to_selected(self) -> None:
        image = self._desk.state.selection.image
        if image is not None:
            self.apply(image)

    def apply(self, image: str) -> None:
        """Show what the selected kernel, and each that is selected after it, answers to `image`.

        Raises `BadInput` ("no_weights").
        """
        self._desk.require_weights()
        self._desk.state.kernels.image = image
        self.follow()

    def follow(self) -> None:
        """Draw what has come, and ask anew where the answer on the screen is not that of what is selected. A run
        without a film, such as an imported one, shows its weights.
        """
        state, kernels = self._desk.state, self._desk.state.kernels
        if not kernels.is_drawn:
            kernel_pictures.draw_newest(kernels)
        has_weights = state.run is not None and state.run.has_checkpoint and not state.run.live
        if has_weights and not kernels.film and self._of.get(JobKind.KERNELS) is not kernels:
            self.pick_layer(kernels.layer)
        shown, number = kernels.shown, state.selection.kernel
        if not kernels.image or shown is None or number is None or kernels.playing or state.run is None:
            return
        wanted = (state.run.path, kernels.image, kernels.shown_layer, number, shown.step)
        if wanted == self._asked or not 1 <= number <= len(shown.kernels) or not state.run.has_checkpoint:
            return
        self._asked = wanted
        root = Path() if state.dataset is None else Path(state.dataset.root)
        path, image, layer = state.run.path, root / kernels.image, kernels.shown_layer
        kernel = shown.kernels[number - 1]
        self._start(
            JobKind.RESPONSE, lambda: kernel_jobs.respond(self._shelf, path, image, layer, number, kernel)
        )

    def _start(self, kind: JobKind, make: Callable[[], Work]) -> None:
        self._of[kind] = self._desk.state.kernels
        self._desk.start(kind, make)

    def _listener(self, kind: JobKind) -> Listener:
        return Listener(partial(self._on_told, kind), self._on_finished)

    def _on_told(self, kind: JobKind, event: object) -> None:
        kernels = self._desk.state.kernels
        if isinstance(event, Progress):
            self._desk.state.progress[kind] = event
        elif self._of.get(kind) is not kernels:
            return
        elif isinstance(event, LayerSeen):
            kernels.still = event
            kernel_pictures.draw(kernels)
        elif isinstance(event, FiringSeen):
            kernels.firing[event.layer] = event
        elif isinstance(event, ResponseSeen):
            kernels.response = event
        elif isinstance(event, tuple):
            kernels.seeds = cast("tuple[SeedSeen, ...]", event)

    def _on_finished(self, finished: Finished) -> None:
        if finished.kind is JobKind.KERNELS and self._desk.state.kernels.other is None:
            self._desk.state.kernels.looked = ""
        if finished.kind is JobKind.RESPONSE and finished.error is not None:
            self._desk.state.kernels.image = ""
        if finished.error is not None:
            self._desk.tell(finished.error)
