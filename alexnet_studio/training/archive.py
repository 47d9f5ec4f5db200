"""What the end of every epoch leaves beside its row: the answers to the validation images, and to the pinned ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.insight.features import thumbnails
from alexnet_studio.runs.answers import Answers, EpochAnswers
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.pins import Looked, PinRecords, Pixels, wants_thumbnail
from alexnet_studio.training.backlog import Backlog
from alexnet_studio.training.plan import Plan, Remark
from alexnet_studio.training.validation import Judged


class Archive:
    """Keeps it in the run; what cannot be written now is written later, and told once."""

    def __init__(self, run: RunFolder, plan: Plan) -> None:
        self._plan = plan
        self._answers, self._pins = Answers(run), PinRecords(run)
        self._judged = Backlog("answers_not_written", "The answers of each epoch are not being kept")
        self._looked = Backlog("pins_not_written", "What is seen of pinned images is not being kept")
        try:
            self._pictured = {*self._pins.thumbnails()}
        except StudioError:
            self._pictured = set[int]()

    def keep(self, epoch: int, judged: Judged | None, looked: Sequence[Looked]) -> tuple[Remark, ...]:
        """Of the epoch that has just ended, the first being 1."""
        remarks: tuple[Remark, ...] = ()
        if judged is not None:
            images = self._plan.images
            labels = np.array([images.labels[index] for index in images.val], np.int64)
            answers = EpochAnswers(epoch, labels, judged.guesses, judged.among)
            remarks += self._judged.write(partial(self._answers.append, answers, self._plan.spec.classes))
        if looked:
            small = partial(self._pins.append_thumbnails, epoch, self._new_pictures(looked))
            remarks += self._looked.write(partial(self._pins.append, epoch, looked), small)
        return remarks

    def close(self) -> None:
        """Once more what could not be written."""
        self._judged.write()
        self._looked.write()

    def _new_pictures(self, looked: Sequence[Looked]) -> dict[int, Pixels]:
        """Of the neighbours that have none yet."""
        images = self._plan.images
        new: list[int] = []
        for row in dict.fromkeys(row for one in looked for row, _ in one.near):
            if row not in self._pictured and wants_thumbnail(len(self._pictured) + len(new)):
                new.append(row)
        try:
            made = thumbnails(images.store, [images.train[row] for row in new])
        except StudioError:  # a file may be gone since it was learned from
            return {}
        self._pictured.update(new)
        return dict(zip(new, made, strict=True))
