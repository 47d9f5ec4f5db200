"""Reading what a run has kept of its epochs, in a thread, without torch."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.studio.dataset import label_of
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.state.neighbours import Answer, FoundImage
from alexnet_studio.studio.state.past import EpochSeen, PastSeen, PinSeen
from alexnet_studio.studio.views.parts import Pixels

if TYPE_CHECKING:
    from alexnet_studio.runs.answers import KeptAnswers
    from alexnet_studio.runs.folder import RunFolder
    from alexnet_studio.runs.pins import Looked, Pin


def read(path: Path) -> Work:
    """A `PastSeen`. Raises `BadInput` ("not_a_run", ...); what is damaged in the run is only told."""
    from alexnet_studio.runs import folder as runs
    from alexnet_studio.runs.answers import KeptAnswers

    run = runs.open(path)
    yield None
    answers, problem = None, None
    try:
        answers = KeptAnswers(run)
    except StudioError as error:
        problem = error
    yield None
    try:
        pins, pictures = _pins(run)
    except StudioError as error:
        pins, pictures, problem = (), {}, problem or error
    yield PastSeen(run.path, answers, pins, pictures, problem)


def score(kept: KeptAnswers, epoch: int, classes: int) -> Work:
    """An `EpochSeen` without images."""
    from alexnet_studio.insight.epoch_answers import scored

    yield None
    answers = kept.of(epoch)
    yield EpochSeen(answers, scored(answers, classes), 0)


def _pins(run: RunFolder) -> tuple[tuple[PinSeen, ...], dict[str, Pixels]]:
    from alexnet_studio.runs import pins

    ever = pins.ever_pinned(run.path)
    if not ever:
        return (), {}
    held = {pin.key for pin in pins.pinned(run.path)}
    records = pins.PinRecords(run)
    train, labels = run.record.split.train, {name: i for i, name in enumerate(run.record.classes)}
    seen: dict[str, list[Looked]] = defaultdict(list)
    for one in records.read():
        seen[one.key].append(one)
    found = tuple(
        PinSeen(
            pin.key,
            pin.image,
            pin.key in held,
            {one.epoch: _answer(run, pin, one, labels) for one in seen[pin.key]},
            max((one.searched for one in seen[pin.key]), default=0),
        )
        for pin in ever
    )
    pictures = {train[row]: pixels for row, pixels in records.thumbnails().items() if row < len(train)}
    return found, {**pictures, **_views(run, ever)}


def _answer(run: RunFolder, pin: Pin, looked: Looked, labels: dict[str, int]) -> Answer:
    names, train = run.record.classes, run.record.split.train
    near = [(train[row], distance) for row, distance in looked.near if row < len(train)]
    return Answer(
        pin.image,
        _truth(run, pin.image, labels),
        tuple((names[label], share) for label, share in looked.top if label < len(names)),
        tuple(FoundImage(path, _truth(run, path, labels), distance) for path, distance in near),
    )


def _truth(run: RunFolder, image: str, labels: dict[str, int]) -> str:
    """Nothing of an image from elsewhere."""
    label = None if Path(image).is_absolute() else label_of(image, labels)
    return "" if label is None else run.record.classes[label]


def _views(run: RunFolder, ever: tuple[Pin, ...]) -> dict[str, Pixels]:
    """What the network is given of each, where it can be read."""
    from alexnet_studio.runs import pins

    found: dict[str, Pixels] = {}
    for pin in ever:
        try:
            view = pins.read_view(run, pin)
        except StudioError:
            continue
        found[pin.image] = np.repeat(view, 3, axis=2) if view.shape[2] == 1 else view
    return found
