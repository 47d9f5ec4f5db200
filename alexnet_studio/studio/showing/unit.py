"""The selected unit of a layer: what it answers, what it sees, what it looks for, and its map through two poolings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.state.layers import LayersSeen, UnitSeen
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.layers import PooledView, UnitView
from alexnet_studio.studio.views.parts import Pixels

if TYPE_CHECKING:
    from alexnet_studio.insight.activations import LayerMaps

_Field = tuple[int, int, int, int]  # top, left, bottom, right
_POOLINGS = ((3, 2), (2, 2))  # the paper's z and s (section 3.4), and pooling without overlap


def shown_maps(state: State) -> LayerMaps | None:
    seen = state.layers.seen
    return None if seen is None else seen.found.of(state.layers.layer)


def unit_of(state: State) -> int | None:
    """The selected unit of the layer that is shown, from 0; selections count from 1."""
    maps, number = shown_maps(state), state.selection.kernel
    return number - 1 if maps is not None and number is not None and 1 <= number <= len(maps.values) else None


def field_of(state: State, seen: LayersSeen, maps: LayerMaps) -> _Field | None:
    from alexnet_studio.networks.receptive import receptive_field

    if unit_of(state) is None:
        return None
    field = receptive_field(seen.spec, maps.layer, *_place(state, maps))
    return field.top, field.left, field.bottom, field.right


def view_unit(state: State, seen: LayersSeen, maps: LayerMaps, sees: _Field | None) -> UnitView | None:
    unit = unit_of(state)
    if unit is None or sees is None:
        return None
    row, column = _place(state, maps)
    known = state.layers.unit
    if known is not None and (known.layer, known.unit) != (maps.layer, unit):
        known = None
    patches, captions, remark = _patches(known)
    return UnitView(
        title=_unit_title(seen, maps, unit),
        facts=(_answers(maps, unit, row, column), _sees(sees)),
        cell=(unit, row, column),
        kernel=None if known is None else known.kernel,
        patches=patches,
        captions=captions,
        remark=remark,
    )


def view_pooled(state: State, seen: LayersSeen, maps: LayerMaps) -> PooledView | None:
    """Where a pooling layer is shown: the selected unit's map before it, pooled with and without overlap."""
    unit = unit_of(state)
    names = [one.layer for one in seen.found.layers]
    position = names.index(maps.layer)
    layer = next(one for one in seen.spec.layers if one.name == maps.layer)
    if unit is None or layer.kind != "pool" or not position:
        return None
    from alexnet_studio.insight.activations import pooled
    from alexnet_studio.insight.map_tiles import map_tiles

    before = seen.found.layers[position - 1].values[unit : unit + 1]
    shown = [before, *(pooled(before, kernel, stride) for kernel, stride in _POOLINGS)]
    text = QCoreApplication.translate("FeatureMaps", "before · {side} × {side}")
    captions = [text.format(side=before.shape[1])]
    captions += [
        f"z = {kernel}, s = {stride} · {maps.shape[1]} × {maps.shape[2]}"
        for (kernel, stride), maps in zip(_POOLINGS, shown[1:], strict=True)
    ]
    # One scale for the three, and one size: each value is a square.
    high = max(float(before.max()), 1e-12)
    side = max(96, before.shape[1])
    tiles = [map_tiles(np.clip(one / high, 0, 1), "global")[0] for one in shown]
    pictures = [
        tile[np.arange(side)[:, None] * tile.shape[0] // side, np.arange(side) * tile.shape[1] // side]
        for tile in tiles
    ]
    title = QCoreApplication.translate(
        "FeatureMaps", "Overlapping pooling beside pooling without overlap (section 3.4 of the paper)"
    )
    return PooledView(title, np.stack(pictures)[..., None], tuple(captions))


def _place(state: State, maps: LayerMaps) -> tuple[int, int]:
    """The one that was clicked, or else where the unit answers most."""
    unit, place = unit_of(state), state.layers.place
    if not maps.is_spatial or unit is None:
        return 0, 0
    height, width = maps.values.shape[1:]
    if place is not None and place[0] == maps.layer and place[1] < height and place[2] < width:
        return place[1], place[2]
    row, column = divmod(int(maps.values[unit].argmax()), width)
    return row, column


def _unit_title(seen: LayersSeen, maps: LayerMaps, unit: int) -> str:
    if not maps.is_spatial and maps is seen.found.layers[-1] and unit < len(seen.classes):
        text = QCoreApplication.translate("FeatureMaps", "{layer} · unit {unit}, {name}")
        return text.format(layer=maps.layer, unit=unit + 1, name=seen.classes[unit])
    text = QCoreApplication.translate("FeatureMaps", "{layer} · unit {unit}")
    return text.format(layer=maps.layer, unit=unit + 1)


def _answers(maps: LayerMaps, unit: int, row: int, column: int) -> str:
    values = maps.values[unit]
    if not maps.is_spatial:
        text = QCoreApplication.translate("FeatureMaps", "answers {value}")
        return text.format(value=wording.decimal(float(values), 3))
    text = QCoreApplication.translate(
        "FeatureMaps", "answers {value} at row {row}, column {column}; at most {most}"
    )
    return text.format(
        value=wording.decimal(float(values[row, column]), 3),
        row=row + 1,
        column=column + 1,
        most=wording.decimal(float(values.max()), 3),
    )


def _sees(field: _Field) -> str:
    top, left, bottom, right = field
    text = QCoreApplication.translate(
        "FeatureMaps", "sees {height} × {width} pixels: rows {top}–{bottom}, columns {left}–{right}"
    )
    return text.format(
        height=bottom - top, width=right - left, top=top + 1, bottom=bottom, left=left + 1, right=right
    )


def _patches(known: UnitSeen | None) -> tuple[Pixels | None, tuple[str, ...], str]:
    """The patches, their values, and a sentence about them."""
    if known is None:
        return None, (), ""
    if known.error is not None:
        return None, (), wording.sentence(known.error)
    if not known.gathered:
        return (
            None,
            (),
            QCoreApplication.translate("FeatureMaps", "Its strongest patches were not gathered yet."),
        )
    if not known.values or known.values[0] <= 0:
        text = QCoreApplication.translate(
            "FeatureMaps", "It answers above zero on none of {images} training images."
        )
        return None, (), text.format(images=wording.count(known.images))
    captions = tuple(wording.decimal(value, 2) for value in known.values)
    text = QCoreApplication.translate("FeatureMaps", "Strongest patches of {images} training images")
    if known.outdated:
        text = QCoreApplication.translate(
            "FeatureMaps",
            "Strongest patches of {images} training images, outdated: the weights have moved on",
        )
    return known.patches, captions, text.format(images=wording.count(known.images))
