"""`map`: two coordinates for each indexed image, drawn."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from alexnet_studio.cli import output
from alexnet_studio.cli.index_commands import LayerFlag
from alexnet_studio.cli.interruption import result
from alexnet_studio.cli.pictures import save
from alexnet_studio.runs import features, maps
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.maps import Method


def map_(
    run: Path,
    /,
    *,
    file: Annotated[
        Path, Parameter(name=["-o", "--output"], help="the picture to write: .png, .svg or .pdf")
    ],
    method: Annotated[Method, Parameter(help="pca: all images; tsne: at most 3,000, drawn by lot")] = "pca",
    layer: LayerFlag = None,
    json: output.JsonFlag = False,
) -> None:
    """Draw the indexed images of a run in the plane: the alike ones together. Kept beside the features."""
    from alexnet_studio.figures.feature_map import feature_map as draw
    from alexnet_studio.insight.feature_map import feature_map
    from alexnet_studio.networks import spec_file
    from alexnet_studio.networks.spec import hidden_layer, named_layer

    opened = runs.open(run)
    spec = spec_file.from_json(opened.record.network, str(run))
    indexed = features.read(opened.features, named_layer(spec, layer) if layer else hidden_layer(spec))
    begin = time.monotonic()
    made = maps.read(opened.features, indexed.layer, method)
    if made is None or made.features != maps.identity(indexed):
        with output.progress_bar() as bar:
            made = result(feature_map(indexed, method), bar)
        maps.write(opened.features, made)
    rows: list[int] = made.rows.tolist()
    classes = [indexed.classes[row] for row in rows]
    order = [name for name in opened.record.classes if name in set(classes)]
    order += sorted(set(classes) - set(order))
    title = f"{run.name} · {indexed.layer} · {'PCA' if method == 'pca' else 't-SNE'}"
    save(draw(made.places, classes, order, title=title), file)
    if json:
        output.document(
            {
                "images": len(made.rows),
                "indexed": made.images,
                "method": method,
                "layer": made.layer,
                **made.facts,
                "seconds": time.monotonic() - begin,
                "file": str(file),
            }
        )
        return
    lot = f", drawn by lot from {made.images:,}" if made.is_sample else ""
    output.line(f"{len(made.rows):,} images{lot}, layer {made.layer}: {file}")
