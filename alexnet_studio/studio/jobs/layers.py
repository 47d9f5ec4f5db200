"""Work for the Layers panel: one image through all layers, a unit's patches, what speaks for a class."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.studio.jobs.insight import Shelf
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.state.layers import Explained, LayersSeen, UnitSeen
from alexnet_studio.studio.views.parts import Pixels

if TYPE_CHECKING:
    from alexnet_studio.insight.attribution import Method
    from alexnet_studio.insight.loaded import LoadedRun
    from alexnet_studio.runs.patches import PatchFile

_PATCH_PX = 96
_GREY = 128


@dataclass(frozen=True, slots=True)
class PatchesGathered:
    images: int
    left_out: int


def look(shelf: Shelf, path: Path, root: Path, image: str, kept: Pixels | None) -> Work:
    """`image` is relative to `root` or absolute; where its file cannot be read, `kept` stands in, if there is one."""
    from alexnet_studio.insight import activations
    from alexnet_studio.runs import folder as runs

    run = runs.open(path)
    yield None
    network = shelf.network(run)
    yield None
    small = False
    try:
        view = activations.view_of(root / image, network.record)
    except BadInput:
        if kept is None:
            raise
        view, small = activations.central_view(_channels(kept, network.record.channels), network.record), True
    found = activations.activations(network, view)
    yield LayersSeen(
        image,
        network.checkpoint_id,
        network.epoch,
        found,
        network.spec,
        network.classes,
        small,
        network.note,
    )


def gather(shelf: Shelf, path: Path) -> Work:
    """The strongest patches of all units of all layers, in one pass over the run's training images."""
    from alexnet_studio.insight import strongest
    from alexnet_studio.runs import folder as runs

    run = runs.open(path)
    yield None
    for event in strongest.gather(shelf.network(run), run):
        if isinstance(event, strongest.Gathered):
            yield PatchesGathered(event.images, event.left_out)
        else:
            yield event


def look_at_unit(shelf: Shelf, path: Path, root: Path, layer: str, unit: int) -> Work:
    """A `UnitSeen`: its kernel first, its patches as soon as their images are decoded."""
    from alexnet_studio.runs import folder as runs
    from alexnet_studio.runs import patches

    run = runs.open(path)
    yield None
    network = shelf.network(run)
    kernel = _kernel(network, layer, unit)
    try:
        found = patches.read(run.path, layer)
        if found is None or unit >= len(found.values):
            yield UnitSeen(layer, unit, kernel)
            return
        yield from _patches(network, root, found, unit, kernel)
    except BadInput as error:
        yield UnitSeen(layer, unit, kernel, gathered=True, error=error)


def explain(shelf: Shelf, path: Path, seen: LayersSeen, method: Method, label: int | None) -> Work:
    from alexnet_studio.insight import attribution, heat
    from alexnet_studio.runs import folder as runs

    run = runs.open(path)
    yield None
    network = shelf.network(run)
    view = seen.found.pixels
    for event in attribution.explain(network, view, method, label):
        if isinstance(event, attribution.Attribution):
            picture = heat.shown(view, event.values)
            yield Explained(
                seen.image, network.checkpoint_id, method, event.label, event.probability, picture
            )
        else:
            yield event


def _patches(network: LoadedRun, root: Path, found: PatchFile, unit: int, kernel: Pixels | None) -> Work:
    from alexnet_studio.insight.strongest import unit_patches

    shown: list[Pixels] = []
    values: list[float] = []
    for place, patch in unit_patches(root, network, found, unit):
        shown.append(_squared(patch))
        values.append(float(found.values[unit, place]))
        yield None  # so that another unit is not waited for
    yield UnitSeen(
        found.layer,
        unit,
        kernel,
        np.stack(shown) if shown else None,
        tuple(values),
        found.seen,
        gathered=True,
        outdated=found.checkpoint != network.checkpoint_id,
    )


def _kernel(network: LoadedRun, layer: str, unit: int) -> Pixels | None:
    """In colour where it looks at colours, else one grey tile for each channel that it looks at."""
    from alexnet_studio.insight.kernels import grid, tiles
    from alexnet_studio.networks.layers import Conv

    spec = next(one for one in network.spec.layers if one.name == layer)
    if not isinstance(spec, Conv) or spec.shared == "nothing":
        return None
    weight = network.network.get_parameter(f"{spec.weights_of or layer}.weight")
    values: NDArray[np.float32] = weight[unit].detach().float().cpu().numpy()
    if len(values) == 3:
        return tiles(values[None])[0]
    return grid(tiles(values[:, None]), columns=math.ceil(math.sqrt(len(values))), fill=_GREY)


def _squared(patch: Pixels) -> Pixels:
    """(96, 96, C), crisp; one that was cut at the image's border keeps its proportions, between grey."""
    side = max(patch.shape[:2])
    square = np.full((side, side, patch.shape[2]), _GREY, np.uint8)
    top, left = ((side - length) // 2 for length in patch.shape[:2])
    square[top : top + patch.shape[0], left : left + patch.shape[1]] = patch
    pick = np.arange(_PATCH_PX) * side // _PATCH_PX
    return square[pick[:, None], pick]


def _channels(pixels: Pixels, wanted: int) -> Pixels:
    """A kept thumbnail is in colour whatever the network takes."""
    return pixels if pixels.shape[2] == wanted else pixels[..., :wanted]
