"""Looking at kernels: which layer, which moment of the film, in what order and on what scale; and asking about them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from alexnet_studio.ground import places
from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio import kernel_pictures, wording
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import kernels as kernel_jobs
from alexnet_studio.studio.jobs.insight import Shelf
from alexnet_studio.studio.jobs.runner import Finished, JobKind, Work
from alexnet_studio.studio.state.kernels import (
    FiringSeen,
    KernelFrame,
    KernelState,
    LayerSeen,
    Look,
    ResponseSeen,
    SeedSeen,
)

if TYPE_CHECKING:
    from alexnet_studio.insight.film_pictures import Shot
    from alexnet_studio.insight.kernel_measures import Order
    from alexnet_studio.insight.kernels import Normalisation

_TICK_MS = 66
_TICKS = 300  # a long film skips frames, so that it plays for twenty seconds at the most


class KernelIntents:
    def __init__(self, desk: Desk, shelf: Shelf, parent: QObject) -> None:
        self._desk = desk
        self._shelf = shelf
        self._asked: tuple[object, ...] = ()  # what the last response was asked for
        self._of: dict[
            JobKind, KernelState
        ] = {}  # what a job's answer belongs to: another run may have come since
        self._marking: KernelFrame | None = None
        self._reel = QTimer(parent)
        self._reel.setInterval(_TICK_MS)
        self._reel.timeout.connect(desk.after(self._advance))

    @property
    def actions(self) -> Actions:
        return {
            "play_film": self.play,
            "save_film_gif": self.save_gif,
            "save_film_png": self.save_pictures,
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
            JobKind.MARKS: self._listener(JobKind.MARKS),
        }

    def close(self) -> None:
        self._reel.stop()

    def show_frame(self, frame: int) -> None:
        state = self._desk.state
        kernel_pictures.show(state.kernels, frame)
        shown = state.kernels.film[state.kernels.frame].step if state.kernels.film else None
        state.shown_step = None if state.kernels.follow else shown

    def show_step(self, step: int | None) -> None:
        """The frame of that step, or the last one before; None follows the newest. `State.shown_step` says which
        moment that is, for all panels.
        """
        kernels = self._desk.state.kernels
        self.show_frame(len(kernels.film) - 1 if step is None else kernel_pictures.frame_at(kernels, step))
        kernels.follow = step is None
        self._desk.state.shown_step = step

    def play(self) -> None:
        """Or stop playing; from the start where the film is at its end."""
        kernels = self._desk.state.kernels
        if kernels.playing:
            self._stop()
        elif len(kernels.film) > 1:
            kernels.playing, kernels.looked = True, ""
            self.show_frame(0 if kernels.follow else kernels.frame)
            self._reel.start()

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
        self._stop()
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
        """Ask anew where the answer on the screen is not that of what is selected. A run without a film, such as an
        imported one, shows its weights.
        """
        state, kernels = self._desk.state, self._desk.state.kernels
        has_weights = state.run is not None and state.run.has_checkpoint and not state.run.live
        if has_weights and not kernels.film and self._of.get(JobKind.KERNELS) is not kernels:
            self.pick_layer(kernels.layer)
        self._mark()
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

    def _mark(self) -> None:
        """The frame that stands still; one after the other, since a drag along the film passes many."""
        kernels = self._desk.state.kernels
        shown = kernels.shown
        if shown is None or shown.marks is not None or kernels.playing or kernels.other is not None:
            return
        if shown is not self._marking and not self._desk.jobs.running(JobKind.MARKS):
            self._of[JobKind.MARKS], self._marking = kernels, shown
            self._desk.jobs.start(JobKind.MARKS, lambda: kernel_jobs.mark(shown))

    def save_gif(self) -> None:
        run = self._desk.state.run
        if run is not None and self._desk.state.kernels.film:
            self._desk.dialogs.choose_target(f"{run.path.name}_film.gif", self._desk.after(self.save_film))

    def save_pictures(self) -> None:
        if self._desk.state.kernels.film:
            title = QCoreApplication.translate("Kernels", "An empty folder for the pictures")
            self._desk.dialogs.choose_empty_folder(title, self._desk.after(self.save_film))

    def save_film(self, target: Path) -> None:
        """A GIF where `target` ends in .gif, else PNG files in a folder of that name."""
        kernels = self._desk.state.kernels
        shots, towers, scale = self._shots(), kernels.towers, kernels.normalisation
        self._desk.start(JobKind.EXPORT, lambda: kernel_jobs.save_film(shots, towers, scale, target))

    def _shots(self) -> list[Shot]:
        from alexnet_studio.insight.film_pictures import Shot

        text = QCoreApplication.translate("Kernels", "epoch {epoch}, step {step}")
        return [
            Shot(text.format(epoch=frame.epoch + 1, step=wording.count(frame.step)), frame.kernels)
            for frame in self._desk.state.kernels.film
        ]

    def _advance(self) -> None:
        kernels = self._desk.state.kernels
        last = len(kernels.film) - 1
        if kernels.playing and kernels.frame < last:
            self.show_frame(min(last, kernels.frame + max(1, len(kernels.film) // _TICKS)))
        if not kernels.playing or kernels.frame >= last:
            self._stop()

    def _stop(self) -> None:
        kernels = self._desk.state.kernels
        self._reel.stop()
        if kernels.playing:
            kernels.playing = False
            kernel_pictures.draw(kernels)

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
        elif isinstance(event, KernelFrame):
            kernel_pictures.put(kernels, event)
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
