"""`kernels`: what the kernels of a convolution look like, what became of them, and how they came about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from cyclopts import Parameter
from numpy.typing import NDArray

from alexnet_studio.cli import output, pictures
from alexnet_studio.cli.interruption import result
from alexnet_studio.insight.kernel_marks import Marks, marks
from alexnet_studio.insight.kernel_measures import Order, measures, ordered
from alexnet_studio.insight.kernels import Normalisation, colourfulness, towers
from alexnet_studio.insight.specialisation import Specialisation, specialisation
from alexnet_studio.networks.spec import first_conv
from alexnet_studio.runs import folder as runs

if TYPE_CHECKING:
    from alexnet_studio.insight.loaded import LoadedRun
    from alexnet_studio.runs.film import Frame

Kernels = NDArray[np.float32]


def kernels(
    run: Path,
    /,
    *,
    file: Annotated[
        Path, Parameter(name=["-o", "--output"], help="the picture to write: .png, .svg or .pdf")
    ],
    layer: Annotated[str | None, Parameter(help="another convolution than the first")] = None,
    normalise: Annotated[
        Normalisation,
        Parameter(
            name=["--normalise", "--normalisation"],
            help="global: as in 2012; kernel: each by itself; symmetric: zero is mid grey",
        ),
    ] = "global",
    sort: Annotated[Order, Parameter(help="what comes first, within a tower")] = "number",
    film: Annotated[
        Path | None,
        Parameter(
            help="write the first convolution's kernels over the run here: a .gif, or a folder of PNG files"
        ),
    ] = None,
    fires: Annotated[
        int, Parameter(help="count on how many of so many training images each kernel fires")
    ] = 0,
    seeds: Annotated[
        list[Path] | None, Parameter(help="other runs, whose towers' specialisation is told too")
    ] = None,
    checkpoint: output.CheckpointFlag = "best",
    json: output.JsonFlag = False,
) -> None:
    """Draw the kernels of a convolution, one block a tower, 16 a row (Fig. 3), and mark those that went wrong."""
    from alexnet_studio.cli.loading import load
    from alexnet_studio.insight.convolutions import convolution
    from alexnet_studio.insight.kernel_response import kernels_of

    loaded = load(run, checkpoint, "cpu")
    first = first_conv(loaded.spec).name
    conv = convolution(loaded.spec, layer or first)
    values = kernels_of(loaded, conv.name)
    blocks = towers(values, loaded.spec.towers if len(values) % loaded.spec.towers == 0 else 1)
    orders = [ordered(measures(block), sort) for block in blocks]
    sheet = [block[order] for block, order in zip(blocks, orders, strict=True)]
    title = f"{run.name} · {conv.name} · epoch {loaded.epoch}"
    pictures.save(pictures.kernels_figure(sheet, title, normalise), file)
    found = marks(values, conv.groups)
    document: dict[str, Any] = {
        "towers": [{"kernels": len(block), "colourfulness": colourfulness(block)} for block in blocks],
        "file": str(file),
        "layer": conv.name,
        "order": _numbered(orders),
        **_marked(found),
    }
    if fires > 0:
        document["fires"] = _fires(loaded, run, conv.name, fires)
    shots = _shots(run)
    if conv.name == first:
        document["specialisation"] = _told(specialisation(blocks))
        document["specialisation_over_time"] = _over_time(shots, loaded.spec.towers)
    if seeds:
        document["seeds"] = [_seed(one) for one in seeds]
    if film is not None:
        document["film"] = _film(shots, loaded.spec.towers, normalise, film)
    if json:
        output.document(document)
    else:
        _say(document)


def _numbered(orders: Sequence[NDArray[np.intp]]) -> list[list[int]]:
    """Kernels count from 1 through all towers, as in the window."""
    numbers: list[list[int]] = []
    first = 1
    for order in orders:
        numbers.append([first + int(place) for place in order])
        first += len(order)
    return numbers


def _marked(found: Marks) -> dict[str, Any]:
    return {
        "dead": [int(place) + 1 for place in np.flatnonzero(found.dead)],
        "duplicates": [
            {"kernel": int(place) + 1, "of": int(twin) + 1, "cosine": float(found.likeness[place])}
            for place, twin in enumerate(found.twin)
            if twin >= 0
        ],
        "noisy": [int(place) + 1 for place in np.flatnonzero(found.noisy)],
    }


def _fires(loaded: LoadedRun, run: Path, layer: str, images: int) -> dict[str, Any]:
    from alexnet_studio.insight.firing import firing

    with output.progress_bar() as bar:
        found = result(firing(loaded, runs.open(run), layer, images), bar)
    never = [number for number, count in enumerate(found.counts, 1) if count == 0]
    return {"images": found.images, "counts": list(found.counts), "never": never}


def _shots(run: Path) -> tuple[tuple[Frame, Kernels], ...]:
    from alexnet_studio.runs.film import Film

    return Film(runs.open(run).kernels).shots()


def _told(found: Specialisation | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"value": found.value, "chance": found.chance, "coloured": found.coloured}


def _over_time(shots: Sequence[tuple[Frame, Kernels]], count: int) -> list[dict[str, Any]]:
    found = [(frame, specialisation(_blocks(kernels, count))) for frame, kernels in shots]
    return [
        {"step": frame.step, "epoch": frame.epoch, "value": one.value}
        for frame, one in found
        if one is not None
    ]


def _seed(run: Path) -> dict[str, Any]:
    """At the end of that run's film, which needs no weights."""
    from alexnet_studio.networks import spec_file

    opened = runs.open(run)
    spec = spec_file.from_json(opened.record.network, str(run))
    shots = _shots(run)
    found = specialisation(_blocks(shots[-1][1], spec.towers)) if shots else None
    return {"run": str(run), "specialisation": _told(found)}


def _blocks(kernels: Kernels, count: int) -> tuple[Kernels, ...]:
    return tuple(np.split(kernels, count)) if len(kernels) % count == 0 else (kernels,)


def _film(
    shots: Sequence[tuple[Frame, Kernels]], count: int, normalise: Normalisation, target: Path
) -> dict[str, Any]:
    from alexnet_studio.insight.film_pictures import Shot, write

    made = [Shot(f"epoch {frame.epoch}, step {frame.step:,}", kernels) for frame, kernels in shots]
    with output.progress_bar() as bar:
        written = result(write(made, count, normalise, target), bar)
    return {"file": str(written.path), "frames": written.frames, "bytes": written.bytes}


def _say(document: dict[str, Any]) -> None:
    for number, tower in enumerate(document["towers"], 1):
        output.line(f"tower {number}: {tower['kernels']} kernels, colourfulness {tower['colourfulness']:.2f}")
    twins = [f"{one['kernel']} like {one['of']} ({one['cosine']:.2f})" for one in document["duplicates"]]
    for name, numbers in (("dead", document["dead"]), ("duplicate", twins), ("noisy", document["noisy"])):
        if numbers:
            output.line(f"{name}: {', '.join(map(str, numbers))}")
    if "fires" in document:
        fires = document["fires"]
        never = ", ".join(map(str, fires["never"])) or "none"
        output.line(f"never fire on {fires['images']:,} training images: {never}")
    for name, one in (
        ("", document.get("specialisation")),
        *((f"{seed['run']}: ", seed["specialisation"]) for seed in document.get("seeds", ())),
    ):
        if one is not None:
            clear = one["value"] > one["chance"]
            verdict = f"tower {one['coloured']} sees more colour" if clear else "no more than chance"
            output.line(
                f"{name}specialisation of the towers {one['value']:.2f} "
                f"(chance: below {one['chance']:.2f}), {verdict}"
            )
    output.line(f"written: {document['file']}")
    if "film" in document:
        film = document["film"]
        output.line(f"written: {film['file']}, {film['frames']} frames, {film['bytes'] / 1e6:.1f} MB")
