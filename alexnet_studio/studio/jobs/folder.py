"""Work on image folders: drawing the sample, scanning, thumbnails. Each runs in a thread of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.studio.dataset import Dataset, of_folder
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.views.parts import Pixels

if TYPE_CHECKING:
    from alexnet_studio.images.corrections import Corrections
    from alexnet_studio.images.folder import ImageFolder

THUMBNAIL_PX = 128  # 64 on the screen, sharp at a scale of two


@dataclass(frozen=True, slots=True)
class Scanned:
    """`corrections` are those that the person made in an earlier session."""

    dataset: Dataset
    corrections: Corrections


@dataclass(frozen=True, slots=True)
class Proposed:
    """What to train on this folder with this machine: recipe values by field name, and why."""

    network: str
    image_size: int | None
    values: tuple[tuple[str, object], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class SampleReady:
    folder: Path


@dataclass(frozen=True, slots=True)
class Decoded:
    path: str
    pixels: Pixels = field(compare=False)


@dataclass(frozen=True, slots=True)
class Unseen:
    """A skipped file of which nothing can be seen."""

    path: str


def scan(root: Path, *, with_proposal: bool = True) -> Work:
    """The folder as soon as it is known, then the proposal, which needs the device and hence torch."""
    from alexnet_studio.images import corrections
    from alexnet_studio.images import folder as folders
    from alexnet_studio.images.corrections import Corrections

    found: ImageFolder | None = None
    for event in folders.scan(root):
        if isinstance(event, folders.ImageFolder):
            found = event
        else:
            yield event
    if found is None:
        return
    kept = corrections.read(corrections.place_of(found.root)) if with_proposal else Corrections()
    dataset = of_folder(found, kept)
    yield Scanned(dataset, kept)
    if with_proposal and dataset.folder is not None:
        yield propose(dataset.folder)


def propose(folder: ImageFolder) -> Proposed:
    from alexnet_studio.ground import device
    from alexnet_studio.training.propose import propose as proposal_for

    proposal = proposal_for(folder, device.resolve().kind)
    values = tuple(proposal.recipe.model_dump().items())
    return Proposed(proposal.network, proposal.image_size, values, proposal.reason)


def make_sample(folder: Path) -> Work:
    from alexnet_studio.images import samples

    for event in samples.write("drawings", folder):
        if isinstance(event, samples.Written):
            yield SampleReady(event.folder)
        else:
            yield event


def thumbnails(
    root: Path, paths: tuple[str, ...], stored: Mapping[str, Pixels], damaged: frozenset[str] = frozenset()
) -> Work:
    """Decode what a panel shows now. An image that is gone or damaged falls back to what the run has kept of it.

    Of those that are known to be `damaged` there may be a part to be seen.
    """
    from alexnet_studio.images import decode
    from alexnet_studio.images.salvage import salvage

    for path in paths:
        if path in damaged:
            part = salvage(root / path)
            yield Unseen(path) if part is None else Decoded(path, shrink(part))
            continue
        try:
            pixels = decode.read(root / path).pixels
        except StudioError:
            kept = stored.get(path)
            if kept is not None:
                yield Decoded(path, kept)
            else:
                yield None
        else:
            yield Decoded(path, shrink(pixels))


def shrink(pixels: Pixels) -> Pixels:
    """The centre square, at most `THUMBNAIL_PX` wide; smaller images keep their pixels."""
    from PIL import Image

    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = pixels[top : top + side, left : left + side]
    if side > THUMBNAIL_PX:
        import numpy as np

        image = Image.fromarray(square).resize(
            (THUMBNAIL_PX, THUMBNAIL_PX), Image.Resampling.BILINEAR, reducing_gap=2
        )
        square = np.asarray(image)
    shrunk = square.copy()
    shrunk.flags.writeable = False
    return shrunk
