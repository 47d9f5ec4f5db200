"""`sample` and `scan`: a folder to try, and what is in one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from alexnet_studio.cli import left_out, output
from alexnet_studio.cli.interruption import result
from alexnet_studio.images import folder as folders
from alexnet_studio.images import samples
from alexnet_studio.images.class_names import few


def sample(
    folder: Path,
    /,
    *,
    kind: Annotated[
        Literal["drawings", "digits"],
        Parameter(help="drawings: coloured textures; digits: from scikit-learn"),
    ] = "drawings",
    json: output.JsonFlag = False,
) -> None:
    """Write a folder of labelled images to try everything on; needs no network connection."""
    with output.progress_bar() as bar:
        written = result(samples.write(kind, folder), bar)
    if json:
        output.document({"folder": str(written.folder), "classes": written.classes, "images": written.images})
    else:
        output.line(f"{written.images:,} images in {written.classes} classes: {written.folder}")


def scan(
    folder: Path,
    /,
    *,
    verify: Annotated[
        bool, Parameter(negative="", help="decode every image, and find those that are there twice")
    ] = False,
    json: output.JsonFlag = False,
) -> None:
    """Say what a folder of labelled images holds, and what is left out and why."""
    with output.progress_bar() as bar:
        found = result(folders.scan(folder, verify=verify), bar)
    report = folders.as_json(found)
    if json:
        output.document(report)
        return
    output.line(f"{len(found.images):,} images in {len(found.classes)} classes: {found.root}")
    output.table(("class", "images"), list(report["classes"].items()))
    for name, count in report["splits"].items():
        output.line(f"{name}: {count:,} images")
    for sentence in found.notes:
        output.note(sentence)
    for group in found.alike[: left_out.SHOWN]:
        output.note(f"{'the same' if group.exact else 'nearly the same'}: {few(group.paths)}")
    if len(found.alike) > left_out.SHOWN:
        output.note(
            f"… and {len(found.alike) - left_out.SHOWN:,} more groups; `scan --verify --json` lists all of them."
        )
    left_out.tell(found.skipped, "scan --json")
