"""How well finished runs do on labelled images: the command `evaluate`."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.insight import ensemble
from alexnet_studio.insight.answered import Answered, with_pictures
from alexnet_studio.insight.loaded import LoadedRun, load
from alexnet_studio.insight.members import members_of, question, votes_of
from alexnet_studio.insight.run_images import held_out, recorded
from alexnet_studio.insight.scoring import Evaluation, Scores
from alexnet_studio.insight.views import Views
from alexnet_studio.runs import folder as folders
from alexnet_studio.runs.evaluations import EvaluationFile
from alexnet_studio.runs.folder import RunFolder

_FLATTERED = (
    "The weights were found on these images, which flatters them a little. Measure others with --folder."
)


@dataclass(frozen=True, slots=True)
class RunEvaluation:
    """`left_out` counts images that are gone or cannot be decoded, `notes` say which run was not measured with the
    checkpoint that was asked for; both are no part of the document. `file` is what was answered on each image, and
    `weights` how much each run counted.
    """

    evaluation: Evaluation
    views: Views
    runs: tuple[str, ...]
    file: EvaluationFile
    weights: tuple[float, ...]
    left_out: int = 0
    notes: tuple[str, ...] = ()

    @property
    def images(self) -> int:
        return self.evaluation.images

    @property
    def loss(self) -> float:
        return self.evaluation.loss

    @property
    def top1_error(self) -> float:
        return 1 - self.evaluation.top1

    @property
    def top5_error(self) -> float:
        return 1 - self.evaluation.top5

    @property
    def k(self) -> int:
        return self.evaluation.k

    def as_json(self) -> dict[str, object]:
        return {
            "images": self.images,
            "loss": self.loss,
            "top1_error": self.top1_error,
            "top5_error": self.top5_error,
            "k": self.k,
            "views": self.views,
            "runs": list(self.runs),
        }


def evaluate_runs(
    paths: Sequence[Path],
    *,
    folder: Path | None = None,
    views: Views = "center",
    checkpoint: Literal["best", "last"] = "best",
    weigh: bool = False,
) -> Generator[Progress | RunEvaluation]:
    """Average the softmax probabilities of the runs at `paths` and of all views; the answer comes last.

    Without `folder`: the images that validated every one of the runs, since those that trained one would
    flatter it. With it: its test/ where it has one, else its val/, else all of it, matched by class name.
    With `weigh` the runs count as is best for their validation images, whatever the images that are evaluated.
    Raises `BadInput` ("runs_differ_in_classes", "ensemble_of_one", "no_validation_images", "classes_unknown_to_run",
    and what loading and scanning raise).
    """
    runs = [folders.open(path) for path in paths]
    classes = _common_classes(runs)
    if weigh and len(runs) < 2:
        raise BadInput(
            "ensemble_of_one",
            "Weights are found for several runs, and only {run} was given. Name two or more.",
            run=str(paths[0]),
        )
    validation = _validation(runs) if weigh or folder is None else ()
    chosen = yield from (held_out(folder) if folder else recorded(runs[0], validation))
    # Refused before the weights are loaded and any image is decoded.
    asked = question(chosen, classes)
    loaded = [load(run, checkpoint) for run in runs]
    members = yield from members_of(loaded, chosen, classes)
    equal = np.full(len(runs), 1 / len(runs))
    found = (yield from _found_weights(runs[0], loaded, classes, validation, views)) if weigh else equal
    scores, answered = Scores(min(5, len(classes))), Answered()
    for votes, truth in votes_of(members, asked, views):
        # In logarithms, so that none of them becomes 0; a run without weight is -inf, which adds nothing.
        mean = torch.logsumexp(votes + torch.tensor(found).log()[:, None, None], dim=0)
        scores.add(mean, truth)
        answered.add(mean, truth)
        yield Progress("evaluate", scores.images, len(members[0].held.positions))
    held, left_out = members[0].held, len(chosen.wanted) - scores.images + chosen.missing
    result = scores.result()
    file = answered.file(runs[0], loaded[0], chosen, held, result, views)
    notes = [f"{path}: {one.note}" for path, one in zip(paths, loaded, strict=True) if one.note]
    if weigh and set(file.paths) <= set(validation):
        notes.append(_FLATTERED)
    shown = with_pictures(file, held.store, held.indices, loaded[0].record)
    yield RunEvaluation(
        result, views, tuple(map(str, paths)), shown, tuple(map(float, found)), left_out, tuple(notes)
    )


def _found_weights(
    first: RunFolder,
    loaded: Sequence[LoadedRun],
    classes: Sequence[str],
    validation: Sequence[str],
    views: Views,
) -> Generator[Progress, None, NDArray[np.float64]]:
    chosen = yield from recorded(first, validation)
    members = yield from members_of(loaded, chosen, classes)
    own: list[Tensor] = []
    for votes, truth in votes_of(members, question(chosen, classes), views):
        own.append(votes.gather(2, truth.expand(len(members), -1)[..., None])[..., 0].exp())
        yield Progress("weigh", sum(part.shape[1] for part in own), len(members[0].held.positions))
    return ensemble.weights(torch.cat(own, dim=1).numpy().T)


def _common_classes(runs: Sequence[RunFolder]) -> tuple[str, ...]:
    first = runs[0].record.classes
    for run in runs[1:]:
        if set(run.record.classes) != set(first):
            raise BadInput(
                "runs_differ_in_classes",
                "{run} learned other classes than {first}, so their answers cannot be averaged. "
                "Evaluate them one by one.",
                run=str(run.path),
                first=str(runs[0].path),
            )
    return first


def _validation(runs: Sequence[RunFolder]) -> tuple[str, ...]:
    """The paths that are validation images of every run, in the first one's order."""
    common = set(runs[0].record.split.val).intersection(*(run.record.split.val for run in runs[1:]))
    if not common:
        raise BadInput(
            "no_validation_images",
            "{run} has no validation images{reason}. Give a folder of images to evaluate on with --folder.",
            run=str(runs[0].path),
            reason=" that the other runs have not trained on" if len(runs) > 1 else "",
        )
    return tuple(path for path in runs[0].record.split.val if path in common)
