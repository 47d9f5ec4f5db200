"""How well finished runs do on labelled images: the command `evaluate`."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.insight.evaluate import log_probabilities
from alexnet_studio.insight.loaded import LoadedRun, load
from alexnet_studio.insight.run_images import Held, decoded, held_out, labels, recorded
from alexnet_studio.insight.scoring import Evaluation, Scores
from alexnet_studio.insight.views import Views, view_tensors
from alexnet_studio.runs import folder as folders
from alexnet_studio.runs.folder import RunFolder

_IMAGES_AT_ONCE = {"center": 64, "ten": 8}


@dataclass(frozen=True, slots=True)
class RunEvaluation:
    """`left_out` counts images that are gone or cannot be decoded, `notes` say which run was not measured with the
    checkpoint that was asked for; both are no part of the document."""

    evaluation: Evaluation
    views: Views
    runs: tuple[str, ...]
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
) -> Generator[Progress | RunEvaluation]:
    """Average the softmax probabilities of the runs at `paths` and of all views; the answer comes last.

    Without `folder`: the images that validated every one of the runs, since those that trained one would
    flatter it. With it: its test/ where it has one, else its val/, else all of it, matched by class name.
    Raises `BadInput` ("runs_differ_in_classes", "no_validation_images", "classes_unknown_to_run", and what
    loading and scanning raise).
    """
    runs = [folders.open(path) for path in paths]
    classes = _common_classes(runs)
    chosen = yield from (held_out(folder) if folder else recorded(runs[0], _validation(runs)))
    # Refused before the weights are loaded and any image is decoded.
    truth = labels(chosen.class_names(chosen.wanted), classes, chosen.folder.root)
    members: list[_Member] = []
    for run in runs:
        loaded = load(run, checkpoint)
        held = yield from decoded(chosen, loaded.record)
        members.append(_Member(loaded, held, [loaded.classes.index(name) for name in classes]))
    label_at = dict(zip(chosen.wanted, truth, strict=True))
    scores = Scores(min(5, len(classes)))
    yield from _score(members, label_at, scores, views)
    left_out = len(chosen.wanted) - scores.images + chosen.missing
    notes = tuple(
        f"{path}: {member.loaded.note}"
        for path, member in zip(paths, members, strict=True)
        if member.loaded.note
    )
    yield RunEvaluation(scores.result(), views, tuple(str(path) for path in paths), left_out, notes)


@dataclass(frozen=True, slots=True)
class _Member:
    """One run of the ensemble; `columns` brings its outputs into the order of the first run's classes."""

    loaded: LoadedRun
    held: Held
    columns: list[int]

    def log_probabilities(self, numbers: range, views: Views) -> Tensor:
        """(views, images, classes): of each view of these of the held images."""
        record = self.loaded.record
        pixels = [self.held.store.pixels(self.held.indices[i]) for i in numbers]
        tensors = torch.stack([view_tensors(one, record, views) for one in pixels])
        answers = log_probabilities(self.loaded.network, tensors.flatten(0, 1), self.loaded.device)
        count, per_image = tensors.shape[:2]
        return answers.reshape(count, per_image, -1).transpose(0, 1)[..., self.columns]


def _score(
    members: Sequence[_Member], label_at: dict[int, int], scores: Scores, views: Views
) -> Generator[Progress]:
    # What decodes does not depend on the record, so all stores hold the same images in the same order.
    positions = members[0].held.positions
    for start in range(0, len(positions), _IMAGES_AT_ONCE[views]):
        numbers = range(start, min(start + _IMAGES_AT_ONCE[views], len(positions)))
        votes = torch.cat([member.log_probabilities(numbers, views) for member in members])
        # The mean of the probabilities, not of the logits; in logarithms, so that none of them becomes 0.
        mean = torch.logsumexp(votes, dim=0) - math.log(len(votes))
        scores.add(mean, torch.tensor([label_at[positions[i]] for i in numbers]))
        yield Progress("evaluate", numbers.stop, len(positions))


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
