"""The augmentation laboratory: it follows the selected image, the folder and the recipe as long as it is open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio.dataset import Dataset
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import laboratory as laboratory_jobs
from alexnet_studio.studio.jobs.laboratory import (
    BATCH,
    BatchSeen,
    ColoursMeasured,
    ImageFitted,
    ImageUnreadable,
)
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.setup_building import Values
from alexnet_studio.studio.state.laboratory import LaboratoryState

if TYPE_CHECKING:
    from alexnet_studio.images.folder import ImageFolder
    from alexnet_studio.networks.spec import Spec

_PAUSE_MS = 120  # after the last change: arrow keys held down in the grid, a number being typed
# Fields of the recipe that change neither an image nor a batch of them.
_ELSEWHERE = frozenset(
    {"epochs", "batch_size", "optimizer", "lr", "momentum", "weight_decay", "schedule", "warmup_epochs"}
    | {"dexp_fall", "dexp_steps", "label_smoothing", "early_stopping", "clip", "dropout", "initialisation"}
    | {"store", "device", "precision", "workers", "augment_validation"}
)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What colours and batches depend on."""

    dataset: Dataset
    folder: ImageFolder
    spec: Spec
    values: Values
    matters: Values


class LaboratoryIntents:
    """`follow` is called whenever something may have changed; what has not is not looked at again."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        self._desk = desk
        self._open = False
        self._wanted: tuple[_Looked | None, str] = (None, "")
        self._measured: _Looked | None = None  # what the job of the folder was started with
        self._fitted: tuple[_Looked | None, str] = (None, "")  # and that of the image
        self._pause = QTimer(parent)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(desk.after(self._look))

    @property
    def actions(self) -> Actions:
        return {"next_batch": self.next_batch}

    @property
    def listeners(self) -> Listeners:
        return {
            JobKind.LABORATORY: Listener(self._on_folder_told, self._on_folder_finished),
            JobKind.CROP: Listener(self._on_image_told, self._on_image_finished),
        }

    def close(self) -> None:
        self._pause.stop()

    def set_open(self, open_: bool) -> None:
        """A closed laboratory follows nothing; one that is opened again looks anew."""
        self._open = open_
        if not open_:
            self._measured, self._fitted = None, (None, "")

    def follow(self) -> None:
        wanted = self._now()
        if wanted == self._wanted:
            return
        self._wanted = wanted
        # What is on its way would be stale, and is asked for again where the change is taken back.
        working = self._desk.state.working
        if working(JobKind.CROP):
            self._desk.cancel(JobKind.CROP)
            self._fitted = (None, "")
        if working(JobKind.LABORATORY) and wanted[0] != self._measured:
            self._desk.cancel(JobKind.LABORATORY)
            self._measured = None
        if wanted[0] is None:
            self._pause.stop()
        else:
            self._pause.start()

    def is_settled(self) -> bool:
        """Whether what is wanted now has been asked for."""
        looked, _ = self._wanted
        return looked is None or (self._fitted == self._wanted and self._measured == looked)

    def place(self, top: int, left: int, mirrored: bool) -> None:
        """Look at another crop of the image."""
        lab = self._desk.state.laboratory
        if lab.image is not None:
            last = lab.image.last
            place = min(max(top, 0), last), min(max(left, 0), last)
            self._show(replace(lab, place=place, mirrored=mirrored))

    def next_batch(self) -> None:
        looked, lab = self._wanted[0], self._desk.state.laboratory
        if looked is None or lab.colours is None or lab.batch is None or self._measured != looked:
            return
        measured, first = lab.colours.statistics, lab.batch.first + BATCH
        self._desk.start(
            JobKind.LABORATORY,
            lambda: laboratory_jobs.batch(looked.folder, looked.spec, looked.values, measured, first),
        )

    def _now(self) -> tuple[_Looked | None, str]:
        """None while it is closed, without a folder, or where the network or the recipe does not fit."""
        state = self._desk.state
        dataset, setup = state.dataset, state.setup
        if not self._open or dataset is None or dataset.folder is None:
            return None, ""
        if setup is None or setup.spec is None or setup.field_errors:
            return None, ""
        matters = tuple(pair for pair in setup.values if pair[0] not in _ELSEWHERE)
        folder = dataset.folder
        path = state.selection.image or folder.images[0].path
        before = self._wanted[0]
        if before is not None and (before.dataset, before.spec, before.matters) == (
            dataset,
            setup.spec,
            matters,
        ):
            return before, path
        return _Looked(dataset, folder, setup.spec, setup.values, matters), path

    def _look(self) -> None:
        looked, path = self._wanted
        if looked is None:
            return
        if self._fitted != self._wanted:
            self._fitted = self._wanted
            self._desk.start(
                JobKind.CROP,
                lambda: laboratory_jobs.fit(looked.folder, path, looked.spec, looked.values),
            )
        if self._measured != looked:
            self._measured = looked
            self._desk.start(
                JobKind.LABORATORY,
                lambda: laboratory_jobs.measure(looked.folder, looked.spec, looked.values),
            )

    def _on_image_told(self, event: object) -> None:
        lab = self._desk.state.laboratory
        if self._fitted != self._wanted:
            return  # something else was chosen meanwhile
        if isinstance(event, ImageFitted):
            before = lab.image
            # The next image is looked at where the last one was.
            kept = before is not None and (before.last, before.size) == (event.last, event.size)
            place = lab.place if kept else (event.last // 2, event.last // 2)
            self._show(replace(lab, image=event, unreadable=None, place=place))
        elif isinstance(event, ImageUnreadable):
            self._desk.state.laboratory = replace(lab, image=None, strips=None, unreadable=event)

    def _on_folder_told(self, event: object) -> None:
        state = self._desk.state
        if self._measured != self._wanted[0]:
            return
        match event:
            case ColoursMeasured():
                self._show(replace(state.laboratory, colours=event, error=None))
            case BatchSeen():
                state.laboratory = replace(state.laboratory, batch=event)
            case Progress():
                state.progress[JobKind.LABORATORY] = event
            case _:
                pass

    def _on_image_finished(self, finished: Finished) -> None:
        self._fail(finished, self._fitted == self._wanted)

    def _on_folder_finished(self, finished: Finished) -> None:
        self._fail(finished, self._measured == self._wanted[0])

    def _fail(self, finished: Finished, asked: bool) -> None:
        """Said in the laboratory itself: nobody asked for it in the main window."""
        lab = self._desk.state.laboratory
        if finished.error is None or not asked:
            return
        if finished.kind is JobKind.LABORATORY:
            self._desk.state.laboratory = replace(
                lab, colours=None, batch=None, strips=None, error=finished.error
            )
        else:
            unreadable = ImageUnreadable(self._wanted[1], finished.error)
            self._desk.state.laboratory = replace(lab, image=None, strips=None, unreadable=unreadable)

    def _show(self, lab: LaboratoryState) -> None:
        """With the colour noise of the crop that is looked at."""
        image, colours = lab.image, lab.colours
        if (
            image is not None
            and colours is not None
            and len(colours.statistics.mean) == image.pixels.shape[2]
        ):
            from alexnet_studio.insight.colours import strips

            crop = image.crop(lab.place, mirrored=lab.mirrored)
            lab = replace(lab, strips=strips(crop, colours.statistics, colours.deviation))
        else:
            lab = replace(lab, strips=None)
        self._desk.state.laboratory = lab
