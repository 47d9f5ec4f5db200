"""The film of the first convolution: which moment of it is shown, playing it, marking it where it stands, saving it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from alexnet_studio.studio import kernel_pictures, wording
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import kernels as kernel_jobs
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.state.kernels import KernelFrame

if TYPE_CHECKING:
    from alexnet_studio.insight.film_pictures import Shot

_TICK_MS = 66
_TICKS = 300  # a long film skips frames, so that it plays for twenty seconds at the most


class FilmIntents:
    def __init__(self, desk: Desk, parent: QObject) -> None:
        self._desk = desk
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
        }

    @property
    def listeners(self) -> Listeners:
        return {JobKind.MARKS: Listener(self._on_marked, self._on_finished)}

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
            self.stop()
        elif len(kernels.film) > 1:
            kernels.playing, kernels.looked = True, ""
            self.show_frame(0 if kernels.follow else kernels.frame)
            self._reel.start()

    def stop(self) -> None:
        kernels = self._desk.state.kernels
        self._reel.stop()
        if kernels.playing:
            kernels.playing = False
            kernel_pictures.draw(kernels)

    def follow(self) -> None:
        """Mark the frame that stands still; one after the other, since a drag along the film passes many."""
        kernels = self._desk.state.kernels
        shown = kernels.shown
        if shown is None or shown.marks is not None or kernels.playing or kernels.other is not None:
            return
        if shown is not self._marking and not self._desk.jobs.running(JobKind.MARKS):
            self._marking = shown
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
            self.stop()

    def _on_marked(self, event: object) -> None:
        film = self._desk.state.kernels.film
        # None where another run has come since.
        place = next((place for place, one in enumerate(film) if one is self._marking), None)
        if isinstance(event, KernelFrame) and place is not None:
            film[place] = event

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
