"""The formulas end in the numbers of the table, and compute to them; the slips name what the table has."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from alexnet_studio.networks import catalogue
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.formulas import formulas
from alexnet_studio.networks.slips import slips
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.windows import smallest_image


def told(spec: Spec, layer: str) -> dict[str, str]:
    at = [one.name for one in spec.layers].index(layer)
    return {one.what: one.text for one in formulas(spec.layers[at], report(spec).rows[at])}


def test_conv1_of_the_paper_and_of_its_code() -> None:
    assert told(catalogue.get("paper"), "conv1") == {
        "output": "⌊(224 + 2 × 2 − 11) / 4⌋ + 1 = 55",
        "parameters": "96 × (11 × 11 × 3) + 96 biases = 34,944",
        "multiply-adds": "55 × 55 × 96 × (11 × 11 × 3) = 105,415,200",
    }
    assert told(catalogue.get("original-145"), "conv1")["output"] == (
        "⌈(224 − 11) / 4⌉ + 1 = 55; the last window overhangs by 3"
    )
    assert told(catalogue.get("tf-lrn"), "conv1")["output"].startswith("⌈224 / 4⌉ = 56")
    assert "96 / 2" in told(catalogue.get("paper"), "conv2")["parameters"]


def computed(text: str) -> int:
    """The left side of a formula, as arithmetic."""
    left = text.split(" = ")[0].replace(" biases", "").replace(",", "")
    python = left.replace("×", "*").replace("−", "-").replace("⌊", "math.floor(").replace("⌋", ")")
    python = python.replace("⌈", "math.ceil(").replace("⌉", ")")
    assert re.fullmatch(r"[0-9 */+().,\-a-z]*", python), python
    return int(eval(python, {"math": math}))


@pytest.mark.parametrize("name", catalogue.names())
@pytest.mark.parametrize("more", [0, 7])
def test_every_formula_computes_to_its_number(name: str, more: int) -> None:
    spec = catalogue.get(name)
    spec = replace(spec, image_size=max(smallest_image(spec), spec.image_size) + more)
    for layer, row in zip(spec.layers, report(spec).rows, strict=True):
        for formula in formulas(layer, row):
            if formula.what == "value":
                continue
            number = int(
                formula.text.split(" = ")[1].split(",  ")[0].split(";")[0].split(", with")[0].replace(",", "")
            )
            wanted = {"output": row.output[-1], "parameters": row.params, "multiply-adds": row.macs}[
                formula.what
            ]
            assert number == wanted
            assert computed(formula.text) == wanted


def test_the_slips_are_beside_the_right_numbers() -> None:
    rows = {row.name: row for row in report(catalogue.get("paper")).rows}
    totals = report(catalogue.get("paper")).totals
    for slip in slips("paper"):
        if slip.column == "neurons":
            counted = totals.neurons if slip.layer == "" else rows[slip.layer].neurons
            assert slip.right == f"{counted:,}"
        elif slip.column == "parameters":
            assert slip.right == f"{rows[slip.layer].params:,}"
        elif slip.column == "share":
            assert slip.right == f"{100 * rows[slip.layer].params / totals.params:.1f} %"
        else:
            assert slip.right == " × ".join(map(str, rows[slip.layer].output[1:]))
        assert slip.claimed != slip.right
    assert slips("torchvision") == ()
