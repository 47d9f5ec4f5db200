"""Numbers of an example against torch, and its sums against themselves."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from alexnet_studio.networks.build import build
from alexnet_studio.networks.example import (
    OPERATIONS,
    Example,
    Operation,
    Sizing,
    example,
    puzzle,
    with_cell,
    with_field,
)
from alexnet_studio.networks.layers import Conv, Pool
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.worked import Worked, worked

SIZINGS: list[Sizing] = ["floor", "ceil", "same"]


def values(found: Worked) -> torch.Tensor:
    return torch.tensor([[cell.value for cell in row] for row in found.cells], dtype=torch.float64)


def asked(operation: Operation, window: int, stride: int, padding: int, sizing: Sizing) -> Example:
    made = example(operation)
    for field, value in (("window", window), ("stride", stride), ("padding", padding), ("sizing", sizing)):
        made = with_field(made, field, value)
    return made


@given(
    st.sampled_from(["conv", "max", "average"]),
    st.integers(1, 5),
    st.integers(1, 5),
    st.integers(0, 2),
    st.sampled_from(SIZINGS),
)
def test_windows_are_those_of_the_built_layer(
    operation: Operation, window: int, stride: int, padding: int, sizing: Sizing
) -> None:
    made = asked(operation, window, stride, padding, sizing)
    layer = (
        Conv("only", 1, window, stride, padding, activation="none", sizing=sizing)
        if operation == "conv"
        else Pool("only", window, stride, "max" if operation == "max" else "average", sizing)
    )
    network = build(Spec("one", "", "", (layer,), channels=1, image_size=5)).double()
    if operation == "conv":
        weight, bias = (network.get_parameter(f"only.{name}") for name in ("weight", "bias"))
        with torch.no_grad():
            weight.copy_(torch.tensor(made.kernel)[None, None])
            bias.zero_()
    wanted = network.activation(torch.tensor(made.grid, dtype=torch.float64)[None, None], "only")
    torch.testing.assert_close(values(worked(made)), wanted[0, 0].detach())


def test_normalisation_is_that_of_the_built_layer() -> None:
    made = replace(example("rnorm"), alpha=0.01)
    row = torch.tensor(made.grid[0], dtype=torch.float64)[None, :, None, None]
    # torch divides alpha by the window.
    wanted = functional.local_response_norm(row, made.window, made.alpha * made.window, made.beta, made.k)
    torch.testing.assert_close(values(worked(made))[0], wanted.flatten())


def test_dropout_scales_what_it_keeps() -> None:
    made = replace(example("dropout"), rate=0.2)
    wanted = torch.tensor(made.grid, dtype=torch.float64) * torch.tensor(made.kernel) / 0.8
    torch.testing.assert_close(values(worked(made)), wanted)
    assert 0 in {cell for row in made.kernel for cell in row}


def test_softmax_is_torch_s() -> None:
    made = example("softmax")
    wanted = torch.softmax(torch.tensor(made.grid, dtype=torch.float64), 1)
    torch.testing.assert_close(values(worked(made)), wanted)
    large = with_cell(made, "grid", 0, 0, "1000")
    assert worked(large).cells[0][0].value == pytest.approx(1.0)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_sum_written_out_gives_its_number(operation: Operation) -> None:
    """The text, read as arithmetic, is the value."""
    for row in worked(example(operation)).cells:
        for cell in row:
            left, _, right = cell.text.rpartition(" = ")
            assert calculated(left) == pytest.approx(float(right.replace("−", "-")), rel=1e-3)
            assert calculated(left) == pytest.approx(cell.value, rel=1e-6)


def calculated(text: str) -> float:
    formula = text.replace("×", "*").replace("−", "-").replace("²", "**2").replace("^", "**")
    formula = re.sub(r"\be\b", "2.718281828459045", formula)
    assert re.fullmatch(r"[\d\s.+*/(),\-exma]*", formula)
    return float(eval(formula, {"__builtins__": {}}, {"max": max}))


def test_seed_001_s_puzzle() -> None:
    """Padding 1 keeps 5 x 5; the seed prints 3 x 3 because it calls another net, without padding."""
    kept = worked(puzzle())
    assert (len(kept.cells), kept.before, kept.behind) == (5, 1, 1)
    assert len(worked(replace(puzzle(), padding=0)).cells) == 3
    assert (-1, -1) in kept.cells[0][0].seen


def test_what_is_left_when_nothing_fits() -> None:
    assert worked(replace(example("max"), window=9)).cells == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("stride", 0),
        ("stride", "two"),
        ("stride", 1.5),
        ("window", 6),
        ("padding", 3),
        ("rate", 1),
        ("k", "nan"),
    ],
)
def test_what_cannot_be_changes_nothing(field: str, value: object) -> None:
    made = example("conv")
    assert with_field(made, field, value) == made


def test_cells_take_numbers_as_people_write_them() -> None:
    made = with_cell(example("conv"), "grid", 1, 2, "−2,5")
    assert made.grid[1][2] == -2.5
    assert with_cell(made, "grid", 1, 2, "many") == made
    assert with_cell(made, "grid", 1, 2, "1e9") == made
    assert with_cell(example("dropout"), "kernel", 0, 0, "7").kernel[0][0] == 1.0


def test_a_larger_window_keeps_the_kernel_s_weights() -> None:
    made = with_field(example("conv"), "window", "5")
    assert len(made.kernel) == 5
    assert made.kernel[0] == (1, 0, -1, 0, 0)
    assert with_field(made, "window", 2).kernel == ((1, 0), (1, 0))
