"""The colours of the window, light and dark: one accent, everything else steps back behind the figures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """`#rrggbb` strings. Text on `ground`, `raised` and `accent_soft` reaches a contrast of at least 4.5."""

    dark: bool
    ground: str  # menu bar, toolbar, status line
    raised: str  # panels
    sunken: str  # fields of a form, the page behind thumbnails that are not there yet
    text: str
    quiet: str  # captions, units, axes
    faint: str  # disabled
    line: str
    grid: str  # inside a plot, weaker than `line`
    accent: str
    accent_weak: str  # bars that are not the first
    accent_soft: str  # the selected row
    on_accent: str
    training: str
    validation: str
    good: str
    bad: str
    bad_soft: str  # behind an error's sentence
    figure: str  # neutral grey behind kernels, the same in both modes


LIGHT = Colours(
    dark=False,
    ground="#f4f4f2",
    raised="#ffffff",
    sunken="#f4f4f2",
    text="#1d1f21",
    quiet="#63676b",
    faint="#a9adb0",
    line="#e3e3df",
    grid="#f1f1ef",
    accent="#0a6c74",
    accent_weak="#91bdc0",
    accent_soft="#e3f1f1",
    on_accent="#ffffff",
    training="#c8621b",
    validation="#2f6db5",
    good="#0a6c74",
    bad="#b3480a",
    bad_soft="#fbeee5",
    figure="#808080",
)

DARK = Colours(
    dark=True,
    ground="#17181a",
    raised="#1f2123",
    sunken="#27292c",
    text="#e6e6e3",
    quiet="#9a9ea3",
    faint="#5c5f63",
    line="#303336",
    grid="#292c2f",
    accent="#4fb7bf",
    accent_weak="#356569",
    accent_soft="#163a3d",
    on_accent="#0f1a1b",
    training="#eb8f4e",
    validation="#6ea8ea",
    good="#4fb7bf",
    bad="#eb8f4e",
    bad_soft="#3b2a1e",
    figure="#808080",
)
