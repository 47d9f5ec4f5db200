"""`statistics`: what a folder's colours are, for normalising and for the noise of section 4.1."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated, TypeVar

from cyclopts import Parameter

from alexnet_studio.cli import output
from alexnet_studio.cli.interruption import result
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import folder as folders

R = TypeVar("R")


def statistics(
    folder: Path,
    /,
    *,
    side: Annotated[int, Parameter(help="side that images are brought to, as for a training")] = 256,
    seed: Annotated[int, Parameter(help="of the split, and of the images that are looked at")] = 1,
    json: output.JsonFlag = False,
) -> None:
    """Mean, deviation, covariance and principal colours of the training images, in units of 0..1."""
    from alexnet_studio.images.input_record import InputRecord
    from alexnet_studio.images.split import SplitRule, split
    from alexnet_studio.images.statistics import SAMPLE_MAX, measure
    from alexnet_studio.insight.colours import covariance
    from alexnet_studio.training.learned_images import decoded
    from alexnet_studio.training.recipe import Recipe

    require_side(side)
    with output.progress_bar() as bar:
        found = result(folders.scan(folder), bar)
        parts = split(found, SplitRule(seed=seed))
        record = InputRecord(resize_to=side, size=side, mean=(0.0,) * 3, std=(1.0,) * 3)
        # Of a large folder no more than what is measured: a training goes on with its store.
        images = result(told(decoded(found, parts, record, Recipe(seed=seed))), bar)
    with closing(images.store):
        measured = measure(images.store, images.train, seed=seed)
    matrix = covariance(measured).tolist()
    if json:
        output.document(
            {
                "folder": str(found.root),
                "images": len(images.train),
                "sampled": min(SAMPLE_MAX, len(images.train)),
                "mean": list(measured.mean),
                "std": list(measured.std),
                "covariance": matrix,
                "eigenvalues": list(measured.eigenvalues),
                "eigenvectors": [list(vector) for vector in measured.eigenvectors],
            }
        )
        return
    output.line(f"{len(images.train):,} training images of {found.root}, colours in units of 0..1")
    names = ("red", "green", "blue")
    output.table(
        ("channel", "mean", "deviation", *(f"with {name}" for name in names)),
        [
            (
                name,
                f"{measured.mean[i]:.4f}",
                f"{measured.std[i]:.4f}",
                *(f"{value:.5f}" for value in matrix[i]),
            )
            for i, name in enumerate(names)
        ],
    )
    output.table(
        ("principal colour", "eigenvalue", *names),
        [
            (str(i + 1), f"{value:.5f}", *(f"{part:+.4f}" for part in measured.eigenvectors[i]))
            for i, value in enumerate(measured.eigenvalues)
        ],
    )


def told(job: Generator[Progress, None, R]) -> Iterator[Progress | R]:
    """What the job returns, as its last event."""
    yield (yield from job)


def require_side(side: int) -> None:
    if not 1 <= side <= 4096:
        raise BadInput("side_out_of_range", "--side must be between 1 and 4096; you gave {side}.", side=side)
