"""`index` and `neighbours`: the features of the training images, and the nearest of them to a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from alexnet_studio.cli import output
from alexnet_studio.cli.interruption import result
from alexnet_studio.runs.folder import RunFolder

LayerFlag = Annotated[str | None, Parameter(help="a fully connected layer; default: the last hidden one")]


def index(
    run: Path,
    folder: Annotated[
        Path | None, Parameter(help="class folders to index instead of the training images")
    ] = None,
    /,
    *,
    layer: LayerFlag = None,
    checkpoint: output.CheckpointFlag = "best",
    json: output.JsonFlag = False,
) -> None:
    """Compute the features that `neighbours` searches: the last hidden layer after its ReLU."""
    from alexnet_studio.insight.features import embed
    from alexnet_studio.insight.loaded import load

    made = RunFolder.open(run)
    with output.progress_bar() as bar:
        done = result(embed(load(made, checkpoint), made, folder, layer=layer), bar)
    if json:
        output.document(
            {
                "images": done.images,
                "dimensions": done.dimensions,
                "layer": done.layer,
                "seconds": done.seconds,
                "file": str(done.file),
            }
        )
    else:
        output.line(
            f"{done.images:,} images, {done.dimensions:,} features each, layer {done.layer}: {done.file}"
        )
