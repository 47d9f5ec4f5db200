"""The laboratory's figures for a file: what its window shows, and the sheet of its batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alexnet_studio.studio.views.laboratory import AxisView, LaboratoryView

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from alexnet_studio.figures.laboratory import Axis, Cloud, Cut


def laboratory(view: LaboratoryView) -> Figure:
    from alexnet_studio.figures.laboratory import laboratory as draw

    title = "" if view.image is None else view.image.path
    axes = [_axis(view, number, axis) for number, axis in enumerate(view.axes)]
    return draw(
        _cut(view), [axis for axis in axes if axis is not None], _cloud(view), title=title, noise=view.strip
    )


def batch(view: LaboratoryView) -> Figure:
    """Of a view that has one."""
    from alexnet_studio.figures.picture_sheet import picture_sheet

    assert view.batch is not None
    names = [path.rpartition("/")[2] for path in view.batch.paths]
    return picture_sheet(view.batch.pixels, names, title=view.batch_title)


def _cut(view: LaboratoryView) -> Cut | None:
    from alexnet_studio.figures.laboratory import Cut

    if view.image is None or view.crop is None:
        return None
    lines = (*view.number.split("\n"), view.size)
    return Cut(view.image.pixels, view.image.size, view.place, view.crop, lines)


def _axis(view: LaboratoryView, number: int, axis: AxisView) -> Axis | None:
    from alexnet_studio.figures.laboratory import Axis

    if axis.swatches is None:
        return None
    strip = None if view.strips is None else view.strips[number]
    return Axis(axis.name, axis.text, axis.direction, axis.swatches, strip)


def _cloud(view: LaboratoryView) -> Cloud | None:
    from alexnet_studio.figures.laboratory import Cloud

    seen = view.colours
    return None if seen is None else Cloud(seen.plane, seen.cloud, seen.deviations)
