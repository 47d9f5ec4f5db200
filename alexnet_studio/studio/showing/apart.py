"""Whether the towers have divided the work between them, over the film and over seeds."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.state.kernels import KernelState, SeedSeen
from alexnet_studio.studio.views.kernels import ApartView


def view_apart(kernels: KernelState) -> ApartView | None:
    """None for kernels of which nothing can be said: a single tower, or no colour."""
    shown = kernels.shown
    if shown is None or shown.apart is None:
        return None
    own = np.array([np.nan if one.apart is None else one.apart.value for one in kernels.film])
    steps = np.array([one.step for one in kernels.film])
    seeds = kernels.seeds or ()
    if shown.apart.is_clear:
        text = QCoreApplication.translate(
            "Kernels", "Towers’ specialisation {value}: tower {tower} sees more colour"
        )
    else:
        text = QCoreApplication.translate(
            "Kernels", "Towers’ specialisation {value}, no more than chance ({chance})"
        )
    return ApartView(
        own,
        tuple(np.interp(steps, seed.steps, seed.values, right=np.nan) for seed in seeds),
        shown.apart.chance,
        text.format(
            value=wording.decimal(shown.apart.value, 2),
            tower=shown.apart.coloured,
            chance=wording.decimal(shown.apart.chance, 2),
        ),
        QCoreApplication.translate(
            "Kernels",
            "Specialisation is the difference of the towers’ mean colourfulness over its pooled standard deviation. "
            "Dashed: 1.96 standard errors of towers cut at random. The paper says that one tower becomes grey and one "
            "coloured in every run.",
        ),
        _seeds(kernels.seeds),
    )


def _seeds(seeds: tuple[SeedSeen, ...] | None) -> str:
    if seeds is None:
        return ""
    if not seeds:
        return QCoreApplication.translate("Kernels", "no run beside this one differs in its seed only")
    last = sorted(float(seed.values[-1]) for seed in seeds)
    if len(last) == 1:
        text = QCoreApplication.translate("Kernels", "another seed ends at {lowest}")
    else:
        text = QCoreApplication.translate("Kernels", "{count} other seeds end at {lowest} to {highest}")
    return text.format(
        count=len(last), lowest=wording.decimal(last[0], 2), highest=wording.decimal(last[-1], 2)
    )
