"""What a person sees and does with grids, tiles, tables, drawings and bars."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from person import Person
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from alexnet_studio.networks import catalogue
from alexnet_studio.networks.drawing import draw
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.bars import Bar, Bars
from alexnet_studio.studio.widgets.enlarged_tile import EnlargedTile
from alexnet_studio.studio.widgets.figure_actions import FigureActions, picture_of
from alexnet_studio.studio.widgets.image_grid import ImageGrid
from alexnet_studio.studio.widgets.layer_diagram import LayerDiagram
from alexnet_studio.studio.widgets.mark import Mark
from alexnet_studio.studio.widgets.picture_row import Picture, PictureRow
from alexnet_studio.studio.widgets.table import Table
from alexnet_studio.studio.widgets.table_rows import Column, Row
from alexnet_studio.studio.widgets.tile_block import TileBlock


def flat(red: int, green: int, blue: int, side: int = 5) -> NDArray[np.uint8]:
    return np.full((side, side, 3), (red, green, blue), np.uint8)


def colour_at(widget: QWidget, x: float, y: float) -> tuple[int, int, int]:
    colour = widget.grab().toImage().pixelColor(int(x), int(y))
    return colour.red(), colour.green(), colour.blue()


def test_tiles_are_painted_crisp_in_their_own_colours(person: Person, theme: Theme) -> None:
    block = TileBlock(theme)
    tile = np.zeros((5, 5, 3), np.uint8)
    tile[:, :2] = (255, 0, 0)
    tile[:, 2:] = (0, 0, 255)
    block.set_tiles(np.stack([tile] * 48))
    person.sees(block, 500, 120)
    x, y, width, _ = block.grid().cell(17)
    inside = [colour_at(block, x + 2 + share * width, y + 10) for share in (0.05, 0.37, 0.43, 0.95)]
    assert inside == [(255, 0, 0), (255, 0, 0), (0, 0, 255), (0, 0, 255)]
    assert colour_at(block, x + 0.5, y + 10) == (128, 128, 128)


def test_a_tile_is_picked_by_mouse_and_by_arrow_keys(person: Person, theme: Theme) -> None:
    block = TileBlock(theme)
    block.set_tiles(np.zeros((48, 7, 7, 3), np.uint8))
    person.sees(block, 500, 120)
    x, y, width, height = block.grid().cell(5)
    with person.hears(block.picked) as picked:
        person.clicks(block, QPoint(int(x + width / 2), int(y + height / 2)))
    assert picked == [5]
    with person.hears(block.picked) as picked:
        person.presses(block, Qt.Key.Key_Down)
    assert picked == [5 + block.grid().columns]


def test_the_enlarged_tile_reads_its_values(person: Person, theme: Theme) -> None:
    values = (np.arange(3 * 4 * 4).reshape(3, 4, 4) / 100).astype(np.float32)
    large = EnlargedTile(theme, side_px=160)
    large.set_tile(flat(9, 9, 9, side=4), values)
    person.sees(large, 160, 180)
    assert large.cell_at(2.5 * 40, 1.5 * 40) == (2, 1)
    assert large.text_at((2, 1)) == "3, 2:  +0.060  +0.220  +0.380"
    assert large.cell_at(161, 5) is None


def test_the_grid_asks_for_visible_pictures_only(person: Person, theme: Theme) -> None:
    grid = ImageGrid(theme)
    grid.set_keys(tuple(f"{n}.png" for n in range(100_000)), {})
    with person.hears(grid.missing_seen) as asked:
        person.sees(grid, 400, 300)
    assert asked[0][0] == "0.png"
    assert len(asked[0]) <= 25
    with person.hears(grid.missing_seen) as asked:
        grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    assert asked[0][-1] == "99999.png"


def test_more_pictures_leave_the_grid_where_it_is_and_others_begin_at_its_top(
    person: Person, theme: Theme
) -> None:
    grid, keys = ImageGrid(theme), tuple(f"{n}.png" for n in range(200))
    grid.set_keys(keys[:100], {})
    person.sees(grid, 400, 300)
    grid.verticalScrollBar().setValue(300)
    grid.set_keys(keys, {})
    assert grid.verticalScrollBar().value() == 300
    grid.set_keys(keys[::-1], {})
    assert grid.verticalScrollBar().value() == 0


def test_a_picture_that_arrives_is_painted_and_can_be_picked(person: Person, theme: Theme) -> None:
    grid = ImageGrid(theme)
    grid.set_keys(("a.png", "b.png"), {"a.png": "a"})
    person.sees(grid, 400, 200)
    grid.set_pixels("b.png", flat(10, 200, 30))
    x, y, width, _ = grid.geometry_now().cell(1)
    assert colour_at(grid, x + width / 2, y + 30) == (10, 200, 30)
    middle = QPoint(int(x + width / 2), int(y + 30))
    with person.hears(grid.picked) as picked:
        person.clicks(grid.viewport(), middle)
    with person.hears(grid.opened) as opened:
        person.double_clicks(grid.viewport(), middle)
    assert (picked, opened) == (["b.png"], ["b.png"])


def test_the_grid_is_walked_by_keys(person: Person, theme: Theme) -> None:
    grid = ImageGrid(theme)
    grid.set_keys(tuple(str(n) for n in range(30)), {})
    person.sees(grid, 400, 200)
    keys: list[str] = []
    grid.picked.connect(keys.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        person.presses(grid, key)
    assert keys == ["0", "1", str(1 + grid.geometry_now().columns)]


COLUMNS = (
    Column("name"),
    Column("", bar=True, rank=2),
    Column("count", numeric=True),
    Column("note", rank=3),
)


@pytest.fixture
def table(person: Person, theme: Theme) -> Table:
    made = Table(theme, COLUMNS)
    made.set_rows([Row((f"row {n}", "", str(n), "x" * 20), bar=n / 10) for n in range(10)])
    person.sees(made, 600, 300)
    return made


def test_a_row_is_picked_by_mouse_and_keys_but_not_by_the_program(person: Person, table: Table) -> None:
    rows: list[int] = []
    table.picked.connect(rows.append)
    table.select(3)
    assert rows == []
    person.presses(table, Qt.Key.Key_Down)
    person.clicks(table.viewport(), table.visualRect(table.model().index(1, 0)).center())
    assert rows == [4, 1]


def test_late_columns_leave_a_narrow_table(table: Table) -> None:
    assert not any(table.isColumnHidden(column) for column in range(4))
    table.resize(150, 300)
    assert [table.isColumnHidden(column) for column in range(4)] == [False, True, False, True]


def test_a_table_is_copied_as_text_that_no_spreadsheet_runs(person: Person, table: Table) -> None:
    table.set_rows([Row(("=cmd()", "", "1", "a\tb"))])
    FigureActions(table, ("csv",), lambda _: None, text=table.as_text)
    person.presses(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "name\tcount\tnote\n'=cmd()\t1\ta b"


def test_names_that_look_like_html_are_shown_as_they_are(table: Table) -> None:
    table.set_rows([Row(("<img src=x>", "", "1", ""))])
    tip = table.model().data(table.model().index(0, 0), Qt.ItemDataRole.ToolTipRole)
    assert tip == "<span>&lt;img src=x&gt;</span>"
    assert table.texts() == [["<img src=x>", "", "1", ""]]


def test_a_figure_is_copied_at_twice_its_size(person: Person, theme: Theme) -> None:
    block = TileBlock(theme)
    block.set_tiles(np.stack([flat(200, 0, 0)] * 16))
    person.sees(block, 300, 60)
    formats: list[str] = []
    actions = FigureActions(block, ("png", "svg"), formats.append)
    person.presses(block, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().image()
    assert (copied.width(), copied.height()) == (600, 120)
    assert picture_of(block).devicePixelRatio() == 2.0
    menu = actions.menu()
    assert [action.text() for action in menu.actions()] == ["Copy image", "Save as PNG …", "Save as SVG …"]
    menu.actions()[2].trigger()
    assert formats == ["svg"]


def test_a_layer_of_the_drawing_is_picked_and_lit(person: Person, theme: Theme) -> None:
    drawing = draw(catalogue.get("mini"))
    diagram = LayerDiagram(theme)
    diagram.set_drawing(drawing)
    person.sees(diagram, 800, 360)
    place = diagram.fit_now()
    assert place is not None
    boxes = [box for box in drawing.boxes if box.layer == "conv3"]
    assert len(boxes) == 2
    x, y = place.point(boxes[1].x + boxes[1].width / 2, boxes[1].y + boxes[1].height / 2)
    with person.hears(diagram.picked) as picked:
        person.clicks(diagram, QPoint(int(x), int(y)))
    assert picked == ["conv3"]
    soft = theme.colour("accent_soft")
    for box in boxes:  # both towers light up
        x, y = place.point(box.x + box.width / 2, box.y + box.height / 2)
        assert colour_at(diagram, x, y) == (soft.red(), soft.green(), soft.blue())
    with person.hears(diagram.picked) as picked:
        person.presses(diagram, Qt.Key.Key_Right)
    assert picked == ["conv4"]


def test_bars_tell_their_names_and_values(person: Person, theme: Theme) -> None:
    bars = Bars(theme)
    bars.set_bars((Bar("horse", 0.74, "74 %", right=True), Bar("很长的名字" * 40, 0.13, "13 %")))
    person.sees(bars, 300, 60)
    assert bars.accessibleName().startswith("horse 74 %, 很长的名字")
    accent = theme.colour("accent")
    image = bars.grab().toImage()
    row = [image.pixelColor(x, 9).name() for x in range(300)]
    assert row.count(accent.name()) > 80


@pytest.mark.parametrize(
    ("right", "strong"),
    [((None,) * 3, 0), ((False, True, False), 1), ((False, False, False), None)],
    ids=["unknown", "second", "not among them"],
)
def test_bars_are_as_long_as_their_shares_and_the_right_one_stands_out(
    person: Person, theme: Theme, right: tuple[bool | None, ...], strong: int | None
) -> None:
    bars, shares = Bars(theme), (0.8, 0.4, 0.1)
    bars.set_bars(tuple(Bar("x", share, "1 %", known) for share, known in zip(shares, right, strict=True)))
    person.sees(bars, 400, 100)
    image, row_px = bars.grab().toImage(), bars.sizeHint().height() // 3
    colours = theme.colour("accent").name(), theme.colour("accent_weak").name()
    painted: list[tuple[int, int]] = []
    for row in range(3):
        pixels = [image.pixelColor(x, int((row + 0.5) * row_px)).name() for x in range(400)]
        painted.append((pixels.count(colours[0]), pixels.count(colours[1])))
    lengths = [max(counts) for counts in painted]
    assert lengths[0] / lengths[1] == pytest.approx(2, rel=0.03)
    assert lengths[0] / lengths[2] == pytest.approx(8, rel=0.1)
    assert [counts[0] > counts[1] for counts in painted] == [row == strong for row in range(3)]


def test_a_row_of_pictures_shrinks_to_fit_before_it_wraps(person: Person, theme: Theme) -> None:
    row = PictureRow(theme, 64)
    row.set_pictures(tuple(Picture(str(n), "1.0", "horse", Mark.NO) for n in range(6)))
    person.sees(row, 300, 120)
    assert row.grid().columns == 6
    assert row.grid().width <= 300
    row.resize(120, 300)
    assert row.grid().columns == 2
    assert row.missing() == tuple("012345")
    row.set_pixels("3", flat(1, 2, 3))
    assert "3" not in row.missing()
