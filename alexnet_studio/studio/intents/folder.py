"""Opening folders of images: from the menu, the first page, a drop or the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.ground import places
from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio.dataset import Dataset
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import folder as folder_jobs
from alexnet_studio.studio.jobs.folder import Proposed, SampleReady, Scanned
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.state.labels import LabelState
from alexnet_studio.studio.state.laboratory import LaboratoryState
from alexnet_studio.studio.state.window import Notice
from alexnet_studio.studio.views.parts import Selection

if TYPE_CHECKING:
    from alexnet_studio.images.corrections import Corrections


class FolderIntents:
    """`proposed` takes over once a folder's recipe is known; `remember` keeps the list of recent folders, and
    `predict` asks about images that have no classes.
    """

    def __init__(
        self,
        desk: Desk,
        proposed: Callable[[Proposed, bool], None],
        remember: Callable[[Path], None],
        predict: Callable[[Path], None],
    ) -> None:
        self._desk = desk
        self._proposed = proposed
        self._remember = remember
        self._predict = predict
        self._folder = Path()
        self._train_next = False
        self._train_sample = False
        self._beside_run = False
        self._note = ""

    @property
    def actions(self) -> Actions:
        return {
            "open_folder": lambda: self._desk.dialogs.choose_folder(self._desk.after(self.open)),
            "train_sample": self.train_sample,
        }

    @property
    def listeners(self) -> Listeners:
        return {
            JobKind.SCAN: Listener(self._on_told, self._on_finished),
            JobKind.SAMPLE: Listener(self._on_told, self._on_finished),
        }

    def open(self, folder: Path, note: str = "", *, train: bool = False) -> None:
        """Scan `folder`; what is on the screen stays until it turned out to be a folder of images.

        `note` is said when it did.
        """
        self._desk.require_idle()
        self._train_next, self._beside_run, self._note = train, False, note
        self._folder = folder
        self._desk.start(JobKind.SCAN, lambda: folder_jobs.scan(folder))

    def find_images_of_run(self, root: Path) -> None:
        """Scan the folder that the open run was trained on, where it is still there, and keep the run."""
        self._train_next, self._beside_run = False, True
        if root.is_dir():
            self._desk.start(JobKind.SCAN, lambda: folder_jobs.scan(root, with_proposal=False))

    def train_sample(self) -> None:
        self.make_sample(train=True)

    def make_sample(self, *, train: bool) -> None:
        self._desk.require_idle()
        self._train_sample = train
        folder = places.samples() / "drawings"
        self._desk.start(JobKind.SAMPLE, lambda: folder_jobs.make_sample(folder))

    def _on_told(self, event: object) -> None:
        if isinstance(event, SampleReady):
            self.open(event.folder, train=self._train_sample)
        elif isinstance(event, Scanned):
            self._show(event.dataset, event.corrections)
        elif isinstance(event, Proposed) and not self._beside_run:
            self._proposed(event, self._train_next)
        elif isinstance(event, Progress):
            self._desk.state.progress[JobKind.SCAN] = event

    def _show(self, dataset: Dataset, corrections: Corrections) -> None:
        state = self._desk.state
        state.dataset, state.labels = dataset, LabelState(corrections)
        if self._beside_run:
            return
        state.selection = Selection()
        state.notice = Notice(self._note) if self._note else None
        state.thumbnails, state.laboratory = {}, LaboratoryState()
        state.setup, state.run = None, None
        state.kernels, state.neighbours = state.kernels.anew(), state.neighbours.anew()
        self._remember(Path(dataset.root))

    def _on_finished(self, finished: Finished) -> None:
        # The images of a run that was opened are welcome, not needed.
        if finished.error is None or self._beside_run:
            return
        run = self._desk.state.run
        if finished.error.code == "no_class_folders" and run is not None and run.has_checkpoint:
            # Images without labels, and a network that can be asked about them.
            self._predict(self._folder)
        else:
            self._desk.tell(finished.error)
