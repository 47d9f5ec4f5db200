"""`pack` and `unpack`: a run as one file that opens anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from alexnet_studio.cli import output
from alexnet_studio.cli.interruption import result
from alexnet_studio.runs import pack as packing
from alexnet_studio.runs import unpack as unpacking


def pack(
    run: Annotated[Path, Parameter(help="a run")],
    /,
    *,
    target: Annotated[Path, Parameter(name=["-o", "--output"], help="the file to write, such as first.zip")],
    weights: Annotated[bool, Parameter(help="without them it is small, and cannot predict")] = True,
    json: output.JsonFlag = False,
) -> None:
    """Write RUN into one file: curves, kernels, features, thumbnails and weights. Every command takes it as a run."""
    with output.progress_bar(shown=not json) as bar:
        made = result(packing.pack(run, target, weights=weights), bar)
    if json:
        output.document({"file": str(made.file), "bytes": made.size_bytes})
    else:
        output.line(f"{made.file}: {made.size_bytes / 1e6:,.1f} MB")


def unpack(
    file: Annotated[Path, Parameter(help="a packed run")],
    folder: Annotated[Path, Parameter(help="the run's folder to make")],
    /,
    *,
    json: output.JsonFlag = False,
) -> None:
    """Make a folder of a packed run again, to go on with it; to look at it, open the file itself."""
    made = unpacking.unpack(file, folder)
    if json:
        output.document({"run": str(made)})
    else:
        output.line(str(made))
