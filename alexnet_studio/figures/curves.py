"""The curves of a run: loss above, top-1 and top-5 error below, training and validation over the steps."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from alexnet_studio.figures.page import POINTS_PER_PIXEL, Page
from alexnet_studio.figures.palette import LIGHT, Palette
from alexnet_studio.figures.plot import Curve, Plot
from alexnet_studio.figures.smoothing import smoothed
from alexnet_studio.figures.words import ENGLISH, Words

Pair = tuple[Curve, Curve]  # training, validation

_MARGIN, _LEFT, _WIDTH, _HEIGHT = 24, 68, 680, 240
_UPPER, _LOWER = 108, 108 + _HEIGHT + 76
_THICK, _THIN, _FAINT = 1.8, 0.9, 0.7


def curves(
    loss: Pair,
    top1: Pair,
    top5: Pair,
    *,
    k: int = 5,
    title: str = "",
    smoothing: float = 0.6,
    words: Words = ENGLISH,
    palette: Palette = LIGHT,
) -> Figure:
    """Each pair is (training, validation) over steps; errors are shares in 0..1, `top5` counts the first `k`.

    Training curves are smoothed, with the measured values faint behind them; validation is drawn as it is.
    """
    page = Page(_LEFT + _WIDTH + 32, _LOWER + _HEIGHT + 56, palette)
    words = page.lettering.words(words)
    page.text(_MARGIN, 40, title, size=11, bold=True)
    _heading(page, _UPPER - 24, words.loss, words)
    _heading(page, _LOWER - 24, words.error, words, "top-1", words.thin.format(k=k) if k > 1 else "")
    last = max((float(x[-1]) for x, _ in (*loss, *top1, *top5) if len(x)), default=1.0)
    above, below = (Plot(page, _LEFT, top, _WIDTH, _HEIGHT, last=last) for top in (_UPPER, _LOWER))
    page.text(_LEFT + _WIDTH, _LOWER + _HEIGHT + 42, words.step, size=8, colour=palette.quiet, align="right")

    _draw(above, loss, _THICK, smoothing, palette)
    above.values_to(_highest(loss))
    if k > 1:
        _draw(below, top5, _THIN, smoothing, palette)
    _draw(below, top1, _THICK, smoothing, palette)
    below.shares()
    return page.figure


def _draw(plot: Plot, pair: Pair, thickness: float, smoothing: float, palette: Palette) -> None:
    (steps, values), validation = pair
    # One faint curve is enough: behind the thin pair a second one would only blur.
    if smoothing and thickness == _THICK:
        plot.curve((steps, values), palette.training_faint, _FAINT)
    plot.curve((steps, smoothed(steps, values, smoothing)), palette.training, thickness)
    plot.curve(validation, palette.validation, thickness)


def _highest(pair: Pair) -> float:
    """What nearly all values need: one spike, or a divergence, must not flatten the rest."""
    values = np.concatenate([pair[0][1], pair[1][1]])
    values = values[np.isfinite(values)]
    top = 1.15 * float(np.quantile(values, 0.98)) if len(values) else 0.0
    return top if top > 0 else 1.0


def _heading(page: Page, y: float, name: str, words: Words, prefix: str = "", note: str = "") -> None:
    """The plot's name, and after it a short line of each colour with what it stands for."""
    palette = page.palette
    x = float(_MARGIN)
    page.text(x, y, name, size=9.5, bold=True)
    x += page.lettering.width(name, 9.5, bold=True) / POINTS_PER_PIXEL + 20
    for colour, word in ((palette.training, words.training), (palette.validation, words.validation)):
        label = f"{prefix} {word}".strip()
        page.line(((x, y - 4), (x + 16, y - 4)), colour, 2)
        page.text(x + 23, y, label, colour=palette.quiet)
        x += 23 + page.lettering.width(label, 9) / POINTS_PER_PIXEL + 22
    page.text(x, y, note, colour=palette.quiet)
