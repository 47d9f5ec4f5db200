"""What the Architecture panel says of a layer beyond its row: formulas, and who has its numbers otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import setup_building
from alexnet_studio.studio.views.architecture import LayerRow

if TYPE_CHECKING:
    from alexnet_studio.networks.spec import Spec


def marked(row: LayerRow, spec: Spec, layer: str | None = None) -> LayerRow:
    """An asterisk at each number that somebody has otherwise."""
    name = row.name if layer is None else layer
    columns = {one.column for one in setup_building.slips_of(spec) if one.layer == name}
    if not columns:
        return row
    return replace(
        row,
        output=_starred(row.output, "output" in columns),
        params=_starred(row.params, "parameters" in columns),
        share_text=_starred(row.share_text, "share" in columns),
        neurons=_starred(row.neurons, "neurons" in columns),
    )


def _starred(text: str, marked: bool) -> str:
    return f"{text}*" if marked else text


def details(spec: Spec, layer: str | None) -> tuple[str, ...]:
    """For the selected layer its formulas; and the slips of others, of the layer or of the whole."""
    names = {
        "output": QCoreApplication.translate("Architecture", "output side"),
        "parameters": QCoreApplication.translate("Architecture", "parameters"),
        "multiply-adds": QCoreApplication.translate("Architecture", "multiply-adds"),
        "value": QCoreApplication.translate("Architecture", "value"),
        "neurons": QCoreApplication.translate("Architecture", "neurons"),
        "share": QCoreApplication.translate("Architecture", "share"),
    }
    formulas = () if layer is None else setup_building.layer_formulas(spec, layer)
    lines = [f"{layer}, {names[one.what]}: {one.text}" for one in formulas]
    lines += [sentence for name, sentence in setup_building.crossing_sentences(spec) if name == layer]
    if layer is None:
        lines += setup_building.memory_sentences(spec)
    slip = QCoreApplication.translate(
        "Architecture", "* {layer}{column}: {source} has {claimed}; right is {right}: {why}."
    )
    lines += [
        slip.format(
            layer=f"{one.layer}, " if one.layer else "",
            column=names[one.column],
            source=one.source,
            claimed=one.claimed,
            right=one.right,
            why=one.why,
        )
        for one in setup_building.slips_of(spec)
        if one.layer == (layer or "")
    ]
    return tuple(lines)
