"""The runs of an ensemble, one or several, and what they answer on the same images."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from alexnet_studio.ground.progress import Progress
from alexnet_studio.insight.evaluate import log_probabilities
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.insight.run_images import Chosen, Held, decoded, labels
from alexnet_studio.insight.views import Views, view_tensors

_IMAGES_AT_ONCE = {"center": 64, "ten": 8}


@dataclass(frozen=True, slots=True)
class Member:
    """One run of the ensemble; `columns` brings its outputs into the order of the first run's classes."""

    loaded: LoadedRun
    held: Held
    columns: list[int]

    def log_probabilities(self, numbers: range, views: Views) -> Tensor:
        """(images, classes): the mean of the probabilities, not of the logits, over the views of these images."""
        record = self.loaded.record
        pixels = [self.held.store.pixels(self.held.indices[i]) for i in numbers]
        tensors = torch.stack([view_tensors(one, record, views) for one in pixels])
        answers = log_probabilities(self.loaded.network, tensors.flatten(0, 1), self.loaded.device)
        count, per_image = tensors.shape[:2]
        each = answers.reshape(count, per_image, -1)[..., self.columns]
        return torch.logsumexp(each, dim=1) - math.log(per_image)


def members_of(
    loaded: Sequence[LoadedRun], chosen: Chosen, classes: Sequence[str]
) -> Generator[Progress, None, list[Member]]:
    made: list[Member] = []
    for one in loaded:
        held = yield from decoded(chosen, one.record)
        made.append(Member(one, held, [one.classes.index(name) for name in classes]))
    return made


def question(chosen: Chosen, classes: Sequence[str]) -> dict[int, int]:
    """The label of each wanted image, by its position in the folder."""
    truth = labels(chosen.class_names(chosen.wanted), classes, chosen.folder.root)
    return dict(zip(chosen.wanted, truth, strict=True))


def votes_of(
    members: Sequence[Member], label_at: dict[int, int], views: Views
) -> Generator[tuple[Tensor, Tensor]]:
    """Of some images at a time the log probabilities (runs, images, classes), float64, and the labels (images,)."""
    # What decodes does not depend on the record, so all stores hold the same images in the same order.
    positions = members[0].held.positions
    for start in range(0, len(positions), _IMAGES_AT_ONCE[views]):
        numbers = range(start, min(start + _IMAGES_AT_ONCE[views], len(positions)))
        votes = torch.stack([member.log_probabilities(numbers, views) for member in members])
        yield votes, torch.tensor([label_at[positions[i]] for i in numbers])
