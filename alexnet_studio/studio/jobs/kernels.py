"""Work that asks a run about its kernels: another layer's, what one answers, who never fires; the film as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.studio import kernel_pictures
from alexnet_studio.studio.jobs.export import Exported
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.state.kernels import FiringSeen, KernelFrame, LayerSeen, ResponseSeen, SeedSeen

if TYPE_CHECKING:
    from alexnet_studio.insight.film_pictures import Shot
    from alexnet_studio.insight.kernels import Normalisation
    from alexnet_studio.runs.folder import RunFolder
    from alexnet_studio.studio.jobs.insight import Shelf


def look(shelf: Shelf, path: Path, layer: str) -> Work:
    """The kernels of any convolution, with all that is shown of them, as a `LayerSeen`."""
    from alexnet_studio.insight.convolutions import convolution
    from alexnet_studio.insight.kernel_measures import measures
    from alexnet_studio.insight.kernel_response import kernels_of
    from alexnet_studio.insight.kernels import patterns
    from alexnet_studio.runs import folder as runs

    yield None
    network = shelf.network(runs.open(path))
    groups = convolution(network.spec, layer).groups
    kernels = kernels_of(network, layer)
    yield None
    yield LayerSeen(
        layer,
        groups,
        kernel_pictures.marked(KernelFrame(network.step, network.epoch, kernels), groups),
        patterns(kernels),
        measures(kernels),
    )


def mark(shown: KernelFrame) -> Work:
    """A frame of the film with its marks."""
    yield None
    yield kernel_pictures.marked(shown)


def count_firing(shelf: Shelf, path: Path, layer: str) -> Work:
    """A `FiringSeen` of the run's training images."""
    from alexnet_studio.insight.firing import Firing, firing
    from alexnet_studio.runs import folder as runs

    run = runs.open(path)
    yield None
    for event in firing(shelf.network(run), run, layer):
        if isinstance(event, Firing):
            yield FiringSeen(event.layer, event.images, event.counts)
        else:
            yield event


def respond(
    shelf: Shelf, path: Path, image: Path, layer: str, number: int, kernel: NDArray[np.float32]
) -> Work:
    """What `kernel`, in the place of kernel `number`, answers to `image`, as a `ResponseSeen`."""
    from alexnet_studio.insight import kernel_response
    from alexnet_studio.insight.kernels import tiles
    from alexnet_studio.runs import folder as runs

    yield None
    found = kernel_response.respond(shelf.network(runs.open(path)), image, layer, number - 1, kernel)
    answer = tiles(found.values[None, None], "symmetric")[0]
    lowest, highest = float(found.values.min()), float(found.values.max())
    yield ResponseSeen(str(image), layer, number, found.pixels, answer, lowest, highest)


def read_seeds(folder: Path, own: Path, group: str) -> Work:
    """A `SeedSeen` for each run of `folder` that differs from `own` in its seed only and has a film."""
    from alexnet_studio.ground.errors import StudioError
    from alexnet_studio.ground.progress import Progress
    from alexnet_studio.runs import folder as runs
    from alexnet_studio.runs.catalogue import runs_in
    from alexnet_studio.runs.several_curves import group_of

    found: list[SeedSeen] = []
    others = [run.path for run in runs_in(folder) if run.path != own]
    for number, path in enumerate(others):
        yield Progress("seeds", number, len(others))
        try:
            run = runs.open(path)
            if group_of(run.record) == group:
                found.extend(_seed(run))
        except StudioError:
            continue  # a run that cannot be read says nothing about towers
    yield tuple(found)


def save_film(shots: list[Shot], towers: int, normalisation: Normalisation, target: Path) -> Work:
    """A GIF, or a folder of PNG files."""
    from alexnet_studio.insight.film_pictures import FilmWritten, write

    for event in write(shots, towers, normalisation, target):
        yield Exported(event.path) if isinstance(event, FilmWritten) else event


def _seed(run: RunFolder) -> list[SeedSeen]:
    """Nothing where the towers' kernels cannot be told apart."""
    from alexnet_studio.insight.specialisation import specialisation
    from alexnet_studio.networks import spec_file
    from alexnet_studio.runs.film import Film

    towers = spec_file.from_json(run.record.network, str(run.path)).towers
    found = [
        (frame.step, seen.value)
        for frame, kernels in Film(run.kernels).shots()
        if (seen := specialisation(kernel_pictures.parts(kernels, towers))) is not None
    ]
    if not found:
        return []
    steps, values = zip(*found, strict=True)
    return [SeedSeen(run.name, np.array(steps, np.int64), np.array(values, np.float64))]
