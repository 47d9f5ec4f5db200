"""Where cells, tiles and the parts of a drawing lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_studio.networks import catalogue
from alexnet_studio.networks.drawing import draw
from alexnet_studio.studio.widgets.cell_grid import CellGrid, flow
from alexnet_studio.studio.widgets.diagram_fit import fit, layer_at, layers_of, placed_labels
from alexnet_studio.studio.widgets.tile_layout import laid_out


@given(
    count=st.integers(1, 5_000),
    width=st.floats(20, 4_000),
    cell=st.floats(4, 200),
    gap=st.floats(0, 20),
    index=st.integers(0, 4_999),
)
def test_the_middle_of_every_cell_belongs_to_it(
    count: int, width: float, cell: float, gap: float, index: int
) -> None:
    grid = flow(count, width, cell, cell * 1.3, gap, gap)
    x, y, w, h = grid.cell(index % count)
    assert grid.cell_at(x + w / 2, y + h / 2) == index % count
    assert index % count in grid.visible(y, y + h)


def test_gaps_and_the_room_after_the_last_cell_belong_to_nothing() -> None:
    grid = CellGrid(count=5, columns=3, cell_width=10, cell_height=10, gap_x=2, gap_y=2)
    assert grid.cell_at(11, 5) is None
    assert grid.cell_at(25, 13) is None
    assert grid.cell_at(-1, 5) is None
    assert grid.cell_at(37, 5) is None
    assert (grid.rows, grid.width, grid.height) == (2, 34, 22)


def test_arrow_keys_stay_inside() -> None:
    grid = CellGrid(count=5, columns=3, cell_width=10, cell_height=10, gap_x=2, gap_y=2)
    assert grid.moved(0, 1, 0) == 1
    assert grid.moved(0, 0, 1) == 3
    assert grid.moved(2, 0, 1) == 2
    assert grid.moved(0, -1, 0) == 0


def test_of_a_million_cells_only_a_screenful_is_visible() -> None:
    grid = flow(1_000_000, 800, 72, 90, 8, 8)
    assert len(grid.visible(500_000, 500_900)) < 130


@pytest.mark.parametrize(
    ("count", "width", "columns"),
    [(48, 440, 16), (96, 900, 16), (24, 440, 12), (48, 200, 8), (48, 100, 4), (1, 440, 16)],
)
def test_kernels_stand_sixteen_a_row_and_fewer_where_it_is_narrow(
    count: int, width: float, columns: int
) -> None:
    assert laid_out(count, (11, 11), width, 1).columns == columns


@given(own=st.integers(3, 15), width=st.floats(120, 2_000), ratio=st.sampled_from([1.0, 1.5, 2.0, 3.0]))
def test_each_pixel_of_a_kernel_covers_whole_pixels_of_the_screen(
    own: int, width: float, ratio: float
) -> None:
    grid = laid_out(48, (own, own), width, 2.0, ratio)
    if grid.cell_width >= 15:
        pixels = grid.cell_width * ratio / own
        assert abs(pixels - round(pixels)) < 1e-6
    assert grid.width <= width + 1e-6


def test_every_layer_of_the_drawing_can_be_hit() -> None:
    drawing = draw(catalogue.get("paper"))
    place = fit(drawing, 900, 400, margin=4)
    for box in drawing.boxes:
        x, y = place.point(box.x + box.width / 2, box.y + box.height / 2)
        assert layer_at(drawing, place, x, y) is not None
    front = next(box for box in drawing.boxes if box.layer == "conv3" and box.tower == 2)
    assert layer_at(drawing, place, *place.point(front.x + 1, front.y + front.height - 1)) == "conv3"
    assert layer_at(drawing, place, 0, 0) is None
    assert {"conv1", "conv5", "fc8"} <= set(layers_of(drawing))


@pytest.mark.parametrize("width", [260, 420, 700, 1400])
def test_labels_of_the_drawing_never_touch(width: int) -> None:
    drawing = draw(catalogue.get("paper"))
    place = fit(drawing, width, 10_000)
    shown = placed_labels(drawing, place, width, 13, lambda text: 6.5 * len(text), "conv2")
    for first in shown:
        for second in shown:
            apart = first.x + first.width <= second.x or second.x + second.width <= first.x
            assert first is second or apart or abs(first.y - second.y) >= 13
    assert {"conv2", "tower 1", "tower 2"} <= {item.label.text for item in shown}
    bottom = max(y for box in drawing.boxes for face in place.faces(box) for _, y in face)
    assert all(item.y - 13 / 2 >= bottom - 1e-6 for item in shown if item.label.role in {"name", "size"})
