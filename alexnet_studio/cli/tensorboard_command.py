"""`tensorboard`: a run's curves for TensorBoard."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from alexnet_studio.cli import output
from alexnet_studio.runs import folder as runs


def tensorboard(
    run: Path,
    /,
    *,
    folder: Annotated[Path, Parameter(name=("-o", "--out"), help="the folder for the event files")],
    json: output.JsonFlag = False,
) -> int:
    """Write RUN's curves as TensorBoard's event files."""
    from alexnet_studio.insight import event_files

    count = event_files.write(runs.open(run), folder)
    if json:
        output.document({"folder": str(folder), "scalars": count})
    else:
        output.line(f"{count:,} numbers written; look at them with: tensorboard --logdir {folder}")
    return 0
