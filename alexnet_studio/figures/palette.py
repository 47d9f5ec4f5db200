"""The colours that mean something, the same on the screen and on paper. Imports no toolkit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """`#rrggbb` strings. `*_faint` is the unsmoothed curve behind the smoothed one."""

    paper: str
    text: str
    quiet: str  # captions, units, axes
    grid: str
    accent: str
    accent_weak: str  # bars that are not the first
    accent_soft: str  # faces of the network's drawing
    training: str
    training_faint: str
    validation: str
    validation_faint: str
    agrees: str
    differs: str
    runs: tuple[
        str, ...
    ]  # of several runs in one plot: after Okabe and Ito, told apart by colour-blind eyes too


LIGHT = Palette(
    paper="#ffffff",
    text="#1d1f21",
    quiet="#63676b",
    grid="#e3e3df",
    accent="#0a6c74",
    accent_weak="#91bdc0",
    accent_soft="#e3f1f1",
    training="#c8621b",
    training_faint="#f1d8c6",
    validation="#2f6db5",
    validation_faint="#cbdbed",
    agrees="#0a6c74",
    differs="#b3480a",
    runs=("#0072b2", "#d55e00", "#009e73", "#b8589a", "#3f9fd8", "#c98a00", "#6a51a3", "#4d4d4d"),
)

DARK = Palette(
    paper="#1f2123",
    text="#e6e6e3",
    quiet="#9a9ea3",
    grid="#303336",
    accent="#4fb7bf",
    accent_weak="#356569",
    accent_soft="#163a3d",
    training="#eb8f4e",
    training_faint="#523c2e",
    validation="#6ea8ea",
    validation_faint="#31435a",
    agrees="#4fb7bf",
    differs="#eb8f4e",
    runs=("#4da3e0", "#f08a4b", "#35c196", "#e08fc0", "#9ad3f7", "#f2b544", "#ab98e8", "#c8c8c8"),
)
