"""`note`, `rename` and `trash`: keeping order among runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from alexnet_studio.cli import output
from alexnet_studio.runs import diary, moving
from alexnet_studio.runs import folder as runs


def note(
    run: Annotated[Path, Parameter(help="a run")],
    text: Annotated[tuple[str, ...], Parameter(help="what to note; nothing shows the diary")] = (),
    /,
    *,
    json: output.JsonFlag = False,
) -> None:
    """Write a dated line into the diary of RUN, which also tells what happened to it; or show the diary."""
    path = runs.open(run).path
    if text:
        diary.append(path, " ".join(text))
    if json:
        output.document({"run": str(path), "diary": diary.read(path).splitlines()})
    elif not text:
        sys.stdout.write(diary.read(path))


def rename(
    run: Annotated[Path, Parameter(help="a run")],
    name: Annotated[str, Parameter(help="its new name, without a folder")],
    /,
    *,
    json: output.JsonFlag = False,
) -> None:
    """Give RUN another name in the same folder."""
    target = moving.rename(run, name)
    if json:
        output.document({"run": str(target)})
    else:
        output.line(str(target))


def trash(
    run: Annotated[tuple[Path, ...], Parameter(help="one or more runs")],
    /,
    *,
    json: output.JsonFlag = False,
) -> None:
    """Move runs to the desktop's trash, from where they can be taken back."""
    for path in run:
        moving.to_trash(path)
        if not json:
            output.line(f"{path} is in the trash.")
    if json:
        output.document({"trashed": [str(path) for path in run]})
