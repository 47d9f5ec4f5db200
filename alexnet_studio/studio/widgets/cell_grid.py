"""Where the cells of a grid lie and what is under a point: plain arithmetic, no Qt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CellGrid:
    """`count` cells of one size in reading order, `columns` a row, `gap` pixels apart. All lengths in pixels."""

    count: int
    columns: int
    cell_width: float
    cell_height: float
    gap_x: float
    gap_y: float

    @property
    def rows(self) -> int:
        return -(-self.count // self.columns)

    @property
    def width(self) -> float:
        return self.columns * (self.cell_width + self.gap_x) - self.gap_x

    @property
    def height(self) -> float:
        return max(0.0, self.rows * (self.cell_height + self.gap_y) - self.gap_y)

    def cell(self, index: int) -> tuple[float, float, float, float]:
        """x, y, width, height."""
        row, column = divmod(index, self.columns)
        return (
            column * (self.cell_width + self.gap_x),
            row * (self.cell_height + self.gap_y),
            self.cell_width,
            self.cell_height,
        )

    def cell_at(self, x: float, y: float) -> int | None:
        """The cell under a point; None in a gap, beside the grid, and after the last cell."""
        if x < 0 or y < 0:
            return None
        column, in_x = divmod(x, self.cell_width + self.gap_x)
        row, in_y = divmod(y, self.cell_height + self.gap_y)
        if column >= self.columns or in_x >= self.cell_width or in_y >= self.cell_height:
            return None
        index = int(row) * self.columns + int(column)
        return index if index < self.count else None

    def visible(self, top: float, bottom: float) -> range:
        """The cells that touch the band between two heights."""
        pitch = self.cell_height + self.gap_y
        first = max(0, int(top // pitch)) * self.columns
        last = max(0, int(bottom // pitch) + 1) * self.columns
        return range(min(first, self.count), min(last, self.count))

    def moved(self, index: int, columns: int, rows: int) -> int:
        """The cell reached from `index` by arrow keys; the same one where the grid ends."""
        target = index + columns + rows * self.columns
        return target if 0 <= target < self.count else index


def flow(
    count: int, width: float, cell_width: float, cell_height: float, gap_x: float, gap_y: float
) -> CellGrid:
    """As many columns as `width` has room for, at least one."""
    columns = max(1, int((width + gap_x) // (cell_width + gap_x)))
    return CellGrid(count, columns, cell_width, cell_height, gap_x, gap_y)
