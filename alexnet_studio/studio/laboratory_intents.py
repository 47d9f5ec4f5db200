"""The augmentation laboratory: looking at the selected image, the next batch."""

from __future__ import annotations

from dataclasses import replace

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio import laboratory_jobs
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import Finished, JobKind
from alexnet_studio.studio.laboratory_jobs import BATCH, BatchSeen, ColoursMeasured, ImageFitted
from alexnet_studio.studio.state import LaboratoryState


class LaboratoryIntents:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asked = ""  # the folder that was looked at last

    @property
    def actions(self) -> Actions:
        return {"look_at_image": self.look, "next_batch": self.next_batch}

    @property
    def listeners(self) -> Listeners:
        return {JobKind.LABORATORY: Listener(self._on_told, self._on_finished)}

    def look(self) -> None:
        """At the selected image of the folder, or at its first. Raises `BadInput` ("no_folder", "no_recipe")."""
        self._begin(0)

    def next_batch(self) -> None:
        seen = self._desk.state.laboratory.batch
        self._begin(0 if seen is None else seen.first + BATCH)

    def _begin(self, first: int) -> None:
        state = self._desk.state
        dataset, setup = state.dataset, state.setup
        if dataset is None or dataset.folder is None:
            raise BadInput("no_folder", "Open a folder of images first.")
        if setup is None or setup.spec is None or setup.field_errors:
            raise BadInput("no_recipe", "The network or the recipe does not fit yet. Correct it first.")
        folder, spec, values = dataset.folder, setup.spec, setup.values
        picked = state.selection.image
        path = next((image.path for image in folder.images if image.path == picked), folder.images[0].path)
        self._asked = dataset.root
        self._desk.start(JobKind.LABORATORY, lambda: laboratory_jobs.look(folder, path, spec, values, first))

    def _on_told(self, event: object) -> None:
        state = self._desk.state
        if state.dataset is None or state.dataset.root != self._asked:
            return  # another folder was opened meanwhile
        match event:
            case ImageFitted():
                state.laboratory = LaboratoryState(event, state.laboratory.colours, state.laboratory.batch)
            case ColoursMeasured():
                state.laboratory = replace(state.laboratory, colours=event)
            case BatchSeen():
                state.laboratory = replace(state.laboratory, batch=event)
            case Progress():
                state.progress[JobKind.LABORATORY] = event
            case _:
                pass

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
