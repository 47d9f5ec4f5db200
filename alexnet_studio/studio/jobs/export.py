"""Drawing and writing exports, in a thread: matplotlib takes its time."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import write_atomic
from alexnet_studio.studio import laboratory_figures
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.state.class_map import MapSeen
from alexnet_studio.studio.tables import Rows
from alexnet_studio.studio.views.architecture import ArchitectureView
from alexnet_studio.studio.views.evaluation import EvaluationView
from alexnet_studio.studio.views.feature_map import FeatureMapView
from alexnet_studio.studio.views.kernels import KernelsView
from alexnet_studio.studio.views.measures import MeasuresView
from alexnet_studio.studio.views.neighbours import AnswerView, NeighboursView, NeighbourView
from alexnet_studio.studio.views.training import TrainingView
from alexnet_studio.studio.views.window import WindowView

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from alexnet_studio.figures.neighbours import Answer, Near
    from alexnet_studio.figures.words import Words
    from alexnet_studio.networks.spec import Spec

Draw = Callable[[], "Figure"]


@dataclass(frozen=True, slots=True)
class Exported:
    path: Path


def save_table(rows: Rows, target: Path) -> Work:
    yield None
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    # The mark at the front makes spreadsheets read Chinese names right.
    content = ("\ufeff" + text.getvalue()).encode("utf-8")
    write_atomic(target, lambda file: _discard(file.write(content)))
    yield Exported(target)


def save_text(text: str, target: Path) -> Work:
    yield None
    write_atomic(target, lambda file: _discard(file.write(text.encode("utf-8"))))
    yield Exported(target)


def save_figure(draw: Draw, target: Path) -> Work:
    from alexnet_studio.figures.save import SUFFIXES, encoded

    if target.suffix.lower() not in SUFFIXES:
        raise BadInput(
            "figure_format",
            "{path} does not end in {suffixes}. Give the picture one of these endings.",
            path=str(target),
            suffixes=", ".join(SUFFIXES),
        )
    yield None
    content = encoded(draw(), target.suffix)
    write_atomic(target, lambda file: _discard(file.write(content)))
    yield Exported(target)


def figure_of(what: str, view: WindowView) -> Draw | None:
    """What draws the figure that a panel calls `what`, from what is on the screen; None where that is empty."""
    if what == "curves" and view.run:
        return lambda: _curves(view.training, view.run)
    spec = view.architecture.spec
    if what == "network" and spec is not None:
        return lambda: _network(spec, view.architecture)
    if what == "confusion" and view.evaluation is not None and view.evaluation.rows:
        return partial(_confusion, view.evaluation, view.run)
    if what == "timings" and view.measures.timings:
        return lambda: _timings(view.measures)
    if what == "kernels" and view.kernels.towers:
        return lambda: _kernels(view.kernels, f"{view.run} · {view.kernels.title}")
    if what == "neighbours" and view.neighbours.sheet:
        seen_in = f"{view.run} · {view.neighbours.layer} · {view.neighbours.title}"
        return lambda: _neighbours(view.neighbours, seen_in)
    if what == "feature_map" and view.feature_map is not None and view.feature_map.empty is None:
        return partial(_feature_map, view.feature_map, view.run)
    seen = view.laboratory
    if what == "laboratory" and (seen.image is not None or seen.colours is not None):
        return lambda: laboratory_figures.laboratory(seen)
    if what == "batch" and seen.batch is not None:
        return lambda: laboratory_figures.batch(seen)
    return None


def words() -> Words:
    from alexnet_studio.figures.words import Words

    return Words(
        loss=QCoreApplication.translate("Figures", "Loss"),
        error=QCoreApplication.translate("Figures", "Error"),
        training=QCoreApplication.translate("Figures", "training"),
        validation=QCoreApplication.translate("Figures", "validation"),
        step=QCoreApplication.translate("Figures", "step"),
        thin=QCoreApplication.translate("Figures", "thin: top-{k}"),
        nearest=QCoreApplication.translate("Figures", "Nearest training images, with their distance"),
        probable=QCoreApplication.translate("Figures", "Most probable classes"),
        query=QCoreApplication.translate("Figures", "Image"),
    )


def _curves(view: TrainingView, title: str) -> Figure:
    from alexnet_studio.figures.curves import curves

    return curves(
        (view.loss_train, view.loss_val),
        (view.top1_train, view.top1_val),
        (view.top5_train, view.top5_val),
        k=view.k,
        title=title,
        smoothing=view.curves.look.smoothing / 100,
        words=words(),
    )


def _network(spec: Spec, view: ArchitectureView) -> Figure:
    from alexnet_studio.figures.network import network
    from alexnet_studio.networks.drawing import draw

    caption = QCoreApplication.translate(
        "Figures",
        "Drawn in proportion: heights to sides, widths to channels, bars to neurons; a classifier over two towers "
        "spans both.",
    )
    drawing = draw(spec, to_scale=True)
    return network(drawing, title=view.title, caption=caption, highlight=view.selection.layer)


def _confusion(view: EvaluationView, run: str) -> Figure:
    from alexnet_studio.figures.confusion import confusion

    return confusion(
        view.matrix.cells,
        view.matrix.classes,
        title=f"{run} · {view.title}",
        truth=QCoreApplication.translate("Figures", "true class"),
        guess=QCoreApplication.translate("Figures", "taken for"),
    )


def _timings(view: MeasuresView) -> Figure:
    from alexnet_studio.figures.timings import Timed, timings

    rows = [Timed(one.network, one.forward, one.step, one.cells[1], one.cells[2]) for one in view.timings]
    return timings(
        rows,
        title=view.title,
        forward=QCoreApplication.translate("Measures", "forward, ms"),
        step=QCoreApplication.translate("Measures", "forward and backward, ms"),
    )


def class_map(seen: MapSeen) -> Figure:
    from alexnet_studio.figures.class_map import class_map

    found = seen.found
    title = Path(seen.image).name
    return class_map(found.pixels, found.probabilities, found.start, found.jump, found.classes, title=title)


def _kernels(view: KernelsView, title: str) -> Figure:
    from alexnet_studio.figures.kernels import Block, kernels
    from alexnet_studio.insight.kernels import grid

    # Kernels of many channels stand further apart, as they have lines of their own.
    border, fill = (4, 255) if view.look else (1, 0)
    pictures = [grid(tower.tiles, border=border, fill=fill) for tower in view.towers]
    return kernels(
        [Block(tower.title, "", picture) for tower, picture in zip(view.towers, pictures, strict=True)],
        title=title,
    )


def _neighbours(view: NeighboursView, title: str) -> Figure:
    from alexnet_studio.figures.neighbours import neighbours

    return neighbours(
        [_answer(answer) for answer in view.sheet if not answer.error], title=title, words=words()
    )


def _feature_map(view: FeatureMapView, run: str) -> Figure:
    """What is drawn of it, in the colours that the classes have on the screen."""
    from alexnet_studio.figures.feature_map import feature_map

    points, mistakes = view.points, view.mistakes
    drawn = ~np.isin(points.labels, sorted(view.hidden))
    if view.only and mistakes is not None:
        drawn &= mistakes.mistaken
    labels: list[int] = points.labels[drawn].tolist()
    return feature_map(
        points.places[drawn],
        [points.classes[label] for label in labels],
        points.classes,
        title=f"{run} · {view.title}",
        more=QCoreApplication.translate("Figures", "and {count} more"),
        mistaken=None if mistakes is None else mistakes.mistaken[drawn],
    )


def _answer(view: AnswerView) -> Answer:
    from alexnet_studio.figures.neighbours import Answer, Bar, Row

    blank = np.full((8, 8, 3), 128, np.uint8)
    return Answer(
        blank if view.query.pixels is None else view.query.pixels,
        view.truth or view.title,
        tuple(Bar(bar.name, bar.share, bar.right) for bar in view.bars),
        _near(view.neighbours),
        view.said,
        tuple(Row(row.said, _near(row.neighbours)) for row in view.beside),
    )


def _near(found: Sequence[NeighbourView]) -> tuple[Near, ...]:
    from alexnet_studio.figures.neighbours import Near

    return tuple(Near(one.thumbnail.pixels, one.name, one.length, one.agrees, one.note) for one in found)


def _discard(_: object) -> None: ...
