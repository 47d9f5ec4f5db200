"""A figure as a file or as pixels."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

SUFFIXES = (".png", ".svg", ".pdf")
_PNG_DPI = 192  # two pixels of the file for one of the layout: sharp on today's screens


def save(figure: Figure, path: Path) -> None:
    """Write `figure` in the format of the suffix.

    Raises ValueError for another suffix, and OSError when the file cannot be written. An error while drawing
    leaves an old file as it was.
    """
    path.write_bytes(encoded(figure, path.suffix))


def encoded(figure: Figure, suffix: str) -> bytes:
    """The bytes of a file ".png", ".svg" or ".pdf"; any other suffix is a ValueError that names them."""
    kind = suffix.lower()
    if kind not in SUFFIXES:
        raise ValueError(
            f"a figure is saved as {', '.join(SUFFIXES)}, not as {suffix or 'a file without suffix'}"
        )
    memory = BytesIO()
    # Without a date the same figure makes the same file.
    undated: dict[str, Any] = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}[kind]
    drawing: Any = figure
    drawing.savefig(memory, format=kind[1:], dpi=_PNG_DPI, facecolor=figure.get_facecolor(), metadata=undated)
    return memory.getvalue()


def pixels(figure: Figure, scale: float = 2.0) -> NDArray[np.uint8]:
    """(height, width, 4) RGBA at `scale` times the layout's pixels, for a clipboard."""
    canvas = FigureCanvasAgg(figure)
    before = figure.get_dpi()
    figure.set_dpi(96 * scale)
    try:
        canvas.draw()
        return np.array(canvas.buffer_rgba(), dtype=np.uint8)
    finally:
        figure.set_dpi(before)
