"""Which images of an evaluation are listed, and what stands below each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.state.evaluation import EvaluationSeen, Listing

LISTED = 5000  # of more images nobody looks at the last ones


def listed(
    seen: EvaluationSeen, listing: Listing, threshold: float
) -> tuple[Listing, tuple[str, ...], dict[str, str]]:
    """The paths in their order with their captions. Without mistakes, the least sure images stand in for them."""
    from alexnet_studio.insight import per_class

    file = seen.file
    if listing.kind == "cell":
        rows = per_class.in_cell(file, listing.truth, listing.guess)
    elif listing.kind == "unsure":
        rows = np.flatnonzero(file.sureness < threshold)
        rows = rows[np.argsort(file.sureness[rows], kind="stable")]
    else:
        rows = per_class.mistakes(file)
        if not len(rows):
            listing, rows = Listing("doubtful"), np.argsort(file.sureness, kind="stable")
    chosen = [int(row) for row in rows[:LISTED]]
    return listing, tuple(seen.keys[row] for row in chosen), _captions(seen, chosen)


def _captions(seen: EvaluationSeen, rows: Sequence[int]) -> dict[str, str]:
    """The class, or what it was taken for, with how sure the network was."""
    file, names = seen.file, seen.file.classes
    mistaken = QCoreApplication.translate("Evaluation", "{share} {guess}, is {truth}")
    right = QCoreApplication.translate("Evaluation", "{share} {truth}")
    captions: dict[str, str] = {}
    for row in rows:
        guess = int(file.guesses[row])
        text = right if guess == file.labels[row] else mistaken
        captions[seen.keys[row]] = text.format(
            guess=names[guess] if guess >= 0 else "–",
            truth=names[int(file.labels[row])],
            share=wording.percent(float(file.sureness[row]), 0),
        )
    return captions
