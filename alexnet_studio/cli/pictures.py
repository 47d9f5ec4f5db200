"""The figures that commands write, from what a run holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import as_studio_error
from alexnet_studio.insight.calibration import coverage_curve, reliability
from alexnet_studio.insight.kernels import Normalisation, colourfulness, grid, span, tiles
from alexnet_studio.runs.curves import Curves

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from alexnet_studio.cli import questions
    from alexnet_studio.cli.questions import Answer
    from alexnet_studio.figures.neighbours import Near
    from alexnet_studio.insight.class_map import ClassMap
    from alexnet_studio.runs.evaluations import EvaluationFile

Blocks = Sequence[NDArray[np.float32]]  # the towers: (kernels, channels, height, width) each


def save(figure: Figure, path: Path) -> None:
    """Raises `BadInput` ("figure_format") and `Failed` ("disk_full", "not_writable")."""
    from alexnet_studio.figures.save import SUFFIXES
    from alexnet_studio.figures.save import save as write

    if path.suffix.lower() not in SUFFIXES:
        raise BadInput(
            "figure_format",
            "{path} does not end in {suffixes}. Give the picture one of these endings.",
            path=str(path),
            suffixes=", ".join(SUFFIXES),
        )
    try:
        write(figure, path)
    except OSError as error:
        raise as_studio_error(error, path) from error


def curves_figure(curves: Curves, title: str) -> Figure:
    from alexnet_studio.figures.curves import curves as draw

    return draw(
        (curves.of_steps("loss"), curves.of_epochs("val_loss")),
        (curves.of_steps("top1"), curves.of_epochs("val_top1")),
        (curves.of_steps("top5"), curves.of_epochs("val_top5")),
        k=curves.k,
        title=title,
    )


def kernels_figure(blocks: Blocks, title: str, normalisation: Normalisation = "global") -> Figure:
    from alexnet_studio.figures.kernels import Block
    from alexnet_studio.figures.kernels import kernels as draw

    # One range for all towers, as in 2012: their contrasts can be compared.
    reach = span(np.concatenate(list(blocks)))
    # Kernels of many channels are mosaics with lines of their own: they stand further apart.
    border, fill = (1, 0) if blocks[0].shape[1] in {1, 3} else (4, 255)
    return draw(
        [
            Block(
                f"Tower {number}" if len(blocks) > 1 else "Kernels",
                f"colourfulness {colourfulness(block):.2f}",
                grid(tiles(block, normalisation, reach), border=border, fill=fill),
            )
            for number, block in enumerate(blocks, 1)
        ],
        title=title,
    )


def map_figure(found: ClassMap, title: str) -> Figure:
    from alexnet_studio.figures.class_map import class_map as draw

    return draw(found.pixels, found.probabilities, found.start, found.jump, found.classes, title=title)


def confusion_figure(cells: NDArray[np.int64], classes: Sequence[str], title: str) -> Figure:
    from alexnet_studio.figures.confusion import confusion as draw

    return draw(cells, classes, title=title)


def calibration_figure(file: EvaluationFile, title: str) -> Figure:
    from alexnet_studio.figures.calibration import calibration as draw

    right = file.guesses == file.labels
    bins = [(one.low, one.high, one.right) for one in reliability(file.sureness, right)]
    _, covered, accuracy = coverage_curve(file.sureness, right)
    return draw(bins, (covered, accuracy), title=title)


def neighbours_figure(answers: Sequence[Answer], title: str) -> Figure:
    """A row a readable image and way of looking; agreement is with the most probable class."""
    from alexnet_studio.figures.neighbours import Answer as Drawn
    from alexnet_studio.figures.neighbours import Bar, Row
    from alexnet_studio.figures.neighbours import neighbours as draw

    drawn: list[Drawn] = []
    for answer in answers:
        if answer.pixels is None:
            continue
        beside: list[Row] = []
        if answer.in_pixels is not None:
            beside.append(Row("pixels", _near(answer, answer.in_pixels)))
        if answer.shortcut is not None:
            said = f"2012 shortcut, misses {len(answer.missed)} of {len(answer.neighbours)}"
            missed = _near(answer, answer.missed, "missed")
            beside.append(Row(said, (*_near(answer, answer.shortcut), *missed)))
        bars = tuple(Bar(name, share) for name, share in answer.top)
        near = _near(answer, answer.neighbours)
        drawn.append(Drawn(answer.pixels, answer.image.name, bars, near, "features", tuple(beside)))
    return draw(drawn, title=title)


def _near(answer: Answer, found: Sequence[questions.Near], note: str = "") -> tuple[Near, ...]:
    from alexnet_studio.figures.neighbours import Near

    most_probable = answer.top[0][0]
    return tuple(
        Near(
            one.thumbnail,
            one.name,
            one.distance,
            None if one.path == answer.itself else one.name == most_probable,
            note or _note(answer, one),
        )
        for one in found
    )


def _note(answer: Answer, near: questions.Near) -> str:
    if near.path == answer.itself:
        return "itself"
    return "file gone" if near.path in answer.gone else ""
