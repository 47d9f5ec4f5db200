"""A confusion matrix as a picture of one pixel a cell, for paper and for the screen. Numpy only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def shades(cells: NDArray[np.int64], paper: str, right: str, wrong: str) -> NDArray[np.uint8]:
    """(classes, classes, 3) of counts `cells`; each row by its own images, the darker the larger its share.

    The colours are `#rrggbb`: `right` on the diagonal, `wrong` beside it. The root of the share is drawn, so that one
    image of a hundred can be seen.
    """
    painted = np.empty((*cells.shape, 3), np.uint8)
    painted[:] = _rgb(paper)
    rows, columns = np.nonzero(cells)  # of a thousand classes nearly all cells are empty
    strength = np.sqrt(cells[rows, columns] / cells.sum(axis=1)[rows])[:, None]
    full = np.where((rows == columns)[:, None], _rgb(right), _rgb(wrong))
    painted[rows, columns] = (_rgb(paper) * (1 - strength) + full * strength).round()
    return painted


def _rgb(colour: str) -> NDArray[np.float64]:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float64)
