"""Collecting what was answered on labelled images, batch by batch, into the file that a run keeps of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from alexnet_studio.images import prepare
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.store import Store
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.insight.per_class import mistakes
from alexnet_studio.insight.run_images import Chosen, Held
from alexnet_studio.insight.scoring import Evaluation, rank
from alexnet_studio.insight.views import Views
from alexnet_studio.runs.evaluations import KEPT, THUMBNAIL_PX, VALIDATION, EvaluationFile
from alexnet_studio.runs.folder import RunFolder

SHOWN = 12  # images that can be looked at where their files are not


class Answered:
    """Adds up batches of log probabilities (N, classes), float64, with their labels (N,), all on the CPU."""

    def __init__(self) -> None:
        self._parts: list[tuple[Tensor, Tensor, Tensor, Tensor, Tensor]] = []

    def add(self, log_probabilities: Tensor, labels: Tensor) -> None:
        shares, top = torch.sort(log_probabilities.exp(), dim=1, descending=True, stable=True)
        shares, top = shares[:, :KEPT].float(), top[:, :KEPT]
        # What is no number is no answer.
        broken = ~torch.isfinite(log_probabilities.exp()).all(dim=1, keepdim=True)
        own = log_probabilities.gather(1, labels[:, None])[:, 0].exp().float()
        self._parts.append(
            (
                labels,
                top.masked_fill(broken, -1),
                shares.masked_fill(broken, 0),
                rank(log_probabilities, labels),
                own.nan_to_num(0),
            )
        )

    def arrays(self) -> tuple[NDArray[Any], ...]:
        """`labels`, `top`, `shares`, `ranks` and `own` as in an `EvaluationFile`."""
        return tuple(torch.cat(part).numpy() for part in zip(*self._parts, strict=True))

    def file(
        self, run: RunFolder, loaded: LoadedRun, chosen: Chosen, held: Held, result: Evaluation, views: Views
    ) -> EvaluationFile:
        """What was added, in the order of `held`, as the run keeps it. At least one image was added."""
        true, top, shares, ranks, own = self.arrays()
        return EvaluationFile(
            name=_name(run, chosen),
            root=str(chosen.folder.root),
            views=views,
            checkpoint=loaded.checkpoint_id,
            epoch=loaded.epoch,
            k=result.k,
            loss=result.loss,
            classes=run.record.classes,
            paths=tuple(chosen.paths(held.positions)),
            left_out=tuple(chosen.paths(sorted(set(chosen.wanted) - set(held.positions)))),
            labels=true,
            top=top,
            shares=shares,
            ranks=ranks,
            own=own,
            shown=np.empty(0, np.int64),
            thumbnails=np.empty((0, THUMBNAIL_PX, THUMBNAIL_PX, 3), np.uint8),
        )


def _name(run: RunFolder, chosen: Chosen) -> str:
    """What images these are. Folders of the same name in different places are kept apart."""
    if run.record.data.root and chosen.folder.root.resolve() == run.data_root.resolve():
        validated = set(chosen.paths(chosen.wanted)) <= set(run.record.split.val)
        return VALIDATION if validated else chosen.folder.images[chosen.wanted[0]].split
    place = chosen.folder.root.resolve()
    digest = hashlib.sha256(str(place).encode("utf-8", "surrogateescape")).hexdigest()
    plain = "".join(letter if letter.isalnum() else "-" for letter in place.name)[:40]
    return f"{plain}-{digest[:6]}"


def with_pictures(
    file: EvaluationFile, store: Store, indices: Sequence[int], record: InputRecord
) -> EvaluationFile:
    """With thumbnails of the mistakes that the network was surest of, and of what it was least sure of where there are
    few; `indices` are the rows' places in `store`.
    """
    wrong, doubtful = mistakes(file), np.argsort(file.sureness, kind="stable")
    shown = np.array([*wrong, *doubtful[~np.isin(doubtful, wrong)]], np.int64)[:SHOWN]
    made = [_small(store.pixels(indices[int(row)]), record) for row in shown]
    return replace(file, shown=shown, thumbnails=np.stack(made))


def _small(pixels: Pixels, record: InputRecord) -> Pixels:
    small = record.model_copy(update={"resize_to": THUMBNAIL_PX, "size": THUMBNAIL_PX})
    fitted = prepare.centre(prepare.fit(pixels, small), THUMBNAIL_PX)
    return np.repeat(fitted, 3, axis=2) if fitted.shape[2] == 1 else fitted
