"""`activations`, `strongest` and `explain`: one image in all layers, what units look for, what speaks for a class."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from cyclopts import Parameter

from alexnet_studio.cli import output
from alexnet_studio.cli.interruption import result
from alexnet_studio.cli.pictures import save
from alexnet_studio.insight.attribution import Method
from alexnet_studio.insight.map_tiles import Normalisation, map_tiles
from alexnet_studio.runs import folder as runs

if TYPE_CHECKING:
    from alexnet_studio.figures.feature_maps import LayerAnswer
    from alexnet_studio.figures.strongest import UnitRow
    from alexnet_studio.insight.activations import LayerMaps
    from alexnet_studio.insight.loaded import LoadedRun

_MAPS_SHOWN = 32  # of each layer, where all of them are drawn
_Output = Annotated[Path, Parameter(name=["-o", "--output"], help="the picture to write: .png, .svg or .pdf")]


def activations(
    run: Path,
    image: Annotated[Path, Parameter(name="IMAGE")],
    /,
    *,
    file: _Output,
    layer: Annotated[
        str | None, Parameter(help="all maps of this layer; default: the strongest 32 of each")
    ] = None,
    normalisation: Annotated[
        Normalisation,
        Parameter(help="global: a layer on one scale; symmetric: zero is grey; map: each alone"),
    ] = "global",
    checkpoint: output.CheckpointFlag = "best",
    json: output.JsonFlag = False,
) -> None:
    """Draw what every layer answers to an image: its feature maps, or bars where there is no place."""
    from alexnet_studio.cli.loading import load
    from alexnet_studio.figures.feature_maps import feature_maps
    from alexnet_studio.insight.activations import activations as look
    from alexnet_studio.insight.activations import maps_of, view_of

    loaded = load(run, checkpoint)
    found = look(loaded, view_of(image, loaded.record))
    chosen = found.layers if layer is None else (maps_of(found, loaded.spec, layer),)
    answers = [_answer(maps, normalisation, None if layer else _MAPS_SHOWN) for maps in chosen]
    save(feature_maps(found.pixels, answers, title=f"{image.name} · {_weights(loaded, run)}"), file)
    rows = [_numbers(maps) for maps in chosen]
    if json:
        top = [{"class": name, "probability": share} for name, share in found.top]
        output.document({"image": str(image), "top": top, "layers": rows, "file": str(file)})
        return
    output.table(
        ("layer", "output", "lowest", "highest", "zero"),
        [
            (
                row["layer"],
                " x ".join(map(str, row["output"])),
                f"{row['min']:.3g}",
                f"{row['max']:.3g}",
                f"{100 * row['zeros']:.0f} %",
            )
            for row in rows
        ],
    )
    output.line(f"written: {file}")


def strongest(
    run: Path,
    /,
    *,
    file: _Output,
    layer: Annotated[str | None, Parameter(help="of this layer's units only; default: of all layers")] = None,
    units: Annotated[int, Parameter(help="how many units of each layer are drawn, the strongest first")] = 4,
    checkpoint: output.CheckpointFlag = "best",
    json: output.JsonFlag = False,
) -> None:
    """Find the nine training images that excite each unit most, in one pass, and draw what it saw of them."""
    from alexnet_studio.cli.loading import left_out, load
    from alexnet_studio.figures.strongest import strongest as draw
    from alexnet_studio.insight.strongest import gather

    loaded = load(run, checkpoint)
    folder = runs.open(run)
    with output.progress_bar() as bar:
        gathered = result(gather(loaded, folder, (layer,) if layer else ()), bar)
    left_out(gathered.left_out)
    drawn = [row for name, _ in gathered.layers for row in _unit_rows(folder, loaded, name, max(1, units))]
    save(draw(drawn, title=f"Strongest patches · {_weights(loaded, run)}"), file)
    if json:
        output.document(
            {
                "images": gathered.images,
                "layers": [{"layer": name, "units": count} for name, count in gathered.layers],
                "checkpoint": loaded.checkpoint_id,
                "seconds": gathered.seconds,
                "file": str(file),
            }
        )
        return
    count = sum(units for _, units in gathered.layers)
    output.line(
        f"{count:,} units of {len(gathered.layers)} layers, {gathered.images:,} images, "
        f"{gathered.seconds:.1f} s"
    )
    output.line(f"written: {file}")


def explain(
    run: Path,
    image: Annotated[Path, Parameter(name="IMAGE")],
    /,
    *,
    file: _Output,
    class_: Annotated[str | None, Parameter(name="--class", help="default: the most probable one")] = None,
    method: Annotated[
        Method,
        Parameter(
            help="occlusion: cover it square by square; gradient: times the input; guided: ReLUs back too"
        ),
    ] = "occlusion",
    checkpoint: output.CheckpointFlag = "best",
    json: output.JsonFlag = False,
) -> None:
    """Draw which pixels of an image speak for a class (orange) and which against it (blue)."""
    from alexnet_studio.cli.loading import load
    from alexnet_studio.figures.picture_sheet import picture_sheet
    from alexnet_studio.insight import heat
    from alexnet_studio.insight.activations import view_of
    from alexnet_studio.insight.attribution import explain as attribute
    from alexnet_studio.insight.attribution import label_of

    loaded = load(run, checkpoint)
    label = None if class_ is None else label_of(loaded, class_)
    view = view_of(image, loaded.record)
    with output.progress_bar() as bar:
        found = result(attribute(loaded, view, method, label), bar)
    name = loaded.classes[found.label]
    both = np.stack([np.broadcast_to(view, (*view.shape[:2], 3)), _coloured(heat.shown(view, found.values))])
    title = f"{method} · {name} {100 * found.probability:.1f} % · {_weights(loaded, run)}"
    save(picture_sheet(both, (image.name, name), title=title, side=320), file)
    if json:
        output.document(
            {
                "image": str(image),
                "class": name,
                "probability": found.probability,
                "method": method,
                "checkpoint": loaded.checkpoint_id,
                "file": str(file),
            }
        )
        return
    output.line(f"{name} {100 * found.probability:.1f} %")
    output.line(f"written: {file}")


def _coloured(pixels: np.ndarray[Any, np.dtype[np.uint8]]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.broadcast_to(pixels, (*pixels.shape[:2], 3))


def _weights(loaded: LoadedRun, run: Path) -> str:
    return f"{run.name} · weights of epoch {loaded.epoch}"


def _answer(maps: LayerMaps, normalisation: Normalisation, most: int | None) -> LayerAnswer:
    from alexnet_studio.figures.feature_maps import LayerAnswer

    size = " × ".join(map(str, maps.values.shape))
    if not maps.is_spatial:
        return LayerAnswer(f"{maps.layer} · {size}", "", bars=maps.values)
    tiles = map_tiles(maps.values, normalisation)
    if most is None or most >= len(tiles):
        return LayerAnswer(f"{maps.layer} · {size}", "", maps=tiles)
    order = np.sort(np.argsort(-maps.values.max(axis=(1, 2)), kind="stable")[:most])
    return LayerAnswer(f"{maps.layer} · {size}", f"the strongest {most} of {len(tiles)}", maps=tiles[order])


def _numbers(maps: LayerMaps) -> dict[str, Any]:
    values = maps.values
    return {
        "layer": maps.layer,
        "output": list(values.shape),
        "min": float(values.min()),
        "max": float(values.max()),
        "mean": float(values.mean()),
        "zeros": float((values == 0).mean()),
    }


def _unit_rows(folder: runs.RunFolder, loaded: LoadedRun, layer: str, most: int) -> list[UnitRow]:
    """The units whose strongest answer is largest. Images that are all they need are decoded again."""
    from alexnet_studio.figures.strongest import UnitRow
    from alexnet_studio.insight.strongest import unit_patches
    from alexnet_studio.runs import patches

    found = patches.read(folder.path, layer)
    if found is None:
        return []
    rows: list[UnitRow] = []
    for unit in map(int, np.sort(np.argsort(-found.values[:, 0], kind="stable")[:most])):
        seen = tuple(unit_patches(folder.data_root, loaded, found, unit))
        captions = tuple(f"{found.values[unit, place]:.3g}" for place, _ in seen)
        rows.append(UnitRow(f"{layer} · {unit + 1}", tuple(patch for _, patch in seen), captions))
    return rows
