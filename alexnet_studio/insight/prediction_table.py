"""What a network takes images for as the rows of a table, for a CSV file: the command line's and the window's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from alexnet_studio.insight.predict import Prediction, Top


def rows(
    predictions: Sequence[Prediction],
    safe: Callable[[str], str],
    threshold: float | None = None,
    copies: Sequence[Path | None] = (),
) -> Iterator[tuple[str, ...]]:
    """The head, then a row for each image. What was asked for beyond the classes comes behind them: how each view
    answered, unsure (below `threshold`), the copy; an image that cannot be read has its reason in the last column.

    `safe` makes a text one that a spreadsheet does not compute. `copies` is empty, or has one for each image.
    """
    width = max((len(one.top) for one in predictions), default=0)
    views = max((len(one.views) for one in predictions), default=0)
    with_copies = any(copy is not None for copy in copies)
    judged = threshold is not None and any(not one.error for one in predictions)
    yield (
        "image",
        *(f"{what}_{place}" for place in range(1, width + 1) for what in ("class", "probability")),
        *(f"{what}_of_view_{view}" for view in range(1, views + 1) for what in ("class", "probability")),
        *(("unsure",) if judged else ()),
        *(("copy",) if with_copies else ()),
        "error",
    )
    for place, one in enumerate(predictions):
        yield (
            safe(str(one.image)),
            *_cells(one.top, width, safe),
            *_cells(tuple(view.top[0] for view in one.views), views, safe),
            *((_judged(one, threshold),) if judged else ()),
            *((_name(copies[place], safe),) if with_copies else ()),
            one.error or "",
        )


def _cells(entries: Top, width: int, safe: Callable[[str], str]) -> tuple[str, ...]:
    cells = tuple(cell for name, share in entries for cell in (safe(name), f"{share:.6f}"))
    return cells + ("",) * (2 * width - len(cells))


def _judged(one: Prediction, threshold: float | None) -> str:
    if one.error or threshold is None:
        return ""
    return "yes" if one.is_unsure(threshold) else "no"


def _name(copy: Path | None, safe: Callable[[str], str]) -> str:
    return "" if copy is None else safe(str(copy))
