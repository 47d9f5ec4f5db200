"""`import` and `export`: weights from elsewhere, and for elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from alexnet_studio.cli import output


def import_(
    weights: Annotated[Path, Parameter(help="a .pt, .pth, .safetensors or .npy file of a network's weights")],
    /,
    *,
    network: Annotated[str, Parameter(help="a name from `networks`, or a spec file")],
    run: Annotated[Path, Parameter(help="the folder to make")],
    names: Annotated[Path | None, Parameter(help="class names: one a line, or class_indices.json")] = None,
    image_size: Annotated[int | None, Parameter(help="side of the input in pixels")] = None,
    json: output.JsonFlag = False,
) -> None:
    """Make a run that predicts, evaluates and indexes from somebody's weights."""
    from alexnet_studio.insight.importing import import_weights

    made = import_weights(weights, network, run, names=names, image_size=image_size)
    for sentence in made.notes:
        output.note(sentence)
    if json:
        output.document(
            {
                "run": str(made.run),
                "network": made.network,
                "loaded": [ours for ours, _ in made.pairs],
                "left_out": list(made.left_out),
            }
        )
        return
    output.table(("ours", "in the file"), list(made.pairs))
    output.line(f"run: {made.run}")


def export(
    run: Path,
    /,
    *,
    file: Annotated[Path, Parameter(name=["-o", "--output"], help="the file to write")],
    format_: Annotated[
        Literal["safetensors", "torchvision", "onnx"],
        Parameter(
            name="--format",
            help="torchvision: a state_dict for torchvision.models.alexnet; onnx: from images to probabilities, "
            "with a program that asks it",
        ),
    ],
    checkpoint: output.CheckpointFlag = "best",
    json: output.JsonFlag = False,
) -> None:
    """Write a run's weights for others, with its class names and what its images must be."""
    from alexnet_studio.cli.loading import load
    from alexnet_studio.insight.exporting import export as exported

    done = exported(load(run, checkpoint, "cpu"), file, format_)
    if json:
        output.document({"file": str(done.file), "format": done.format, "bytes": done.bytes})
    else:
        output.line(f"written: {done.file} ({done.bytes:,} bytes)")
