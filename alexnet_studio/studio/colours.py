"""The colours of the window, light and dark: one accent, everything else steps back behind the figures."""

from __future__ import annotations

from dataclasses import dataclass

from alexnet_studio.figures import palette


@dataclass(frozen=True, slots=True)
class Colours:
    """`#rrggbb` strings. Text on `ground`, `raised` and `accent_soft` reaches a contrast of at least 4.5."""

    dark: bool
    ground: str  # menu bar, toolbar, status line
    raised: str  # panels
    sunken: str  # fields of a form, the square of a picture that is not there yet
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
    runs: tuple[str, ...]  # of several runs in one plot
    figure: str  # neutral grey behind kernels, the same in both modes


def _colours(
    shared: palette.Palette, *, dark: bool, ground: str, sunken: str, faint: str, grid: str, bad_soft: str
) -> Colours:
    """What means something is taken from the figures, so that screen and paper agree."""
    return Colours(
        dark=dark,
        ground=ground,
        raised=shared.paper,
        sunken=sunken,
        text=shared.text,
        quiet=shared.quiet,
        faint=faint,
        line=shared.grid,
        grid=grid,
        accent=shared.accent,
        accent_weak=shared.accent_weak,
        accent_soft=shared.accent_soft,
        on_accent="#0f1a1b" if dark else "#ffffff",
        training=shared.training,
        validation=shared.validation,
        good=shared.agrees,
        bad=shared.differs,
        bad_soft=bad_soft,
        runs=shared.runs,
        figure="#808080",
    )


LIGHT = _colours(
    palette.LIGHT,
    dark=False,
    ground="#f4f4f2",
    sunken="#f4f4f2",
    faint="#a9adb0",
    grid="#f1f1ef",
    bad_soft="#fbeee5",
)
DARK = _colours(
    palette.DARK,
    dark=True,
    ground="#17181a",
    sunken="#27292c",
    faint="#62666a",
    grid="#292c2f",
    bad_soft="#3b2a1e",
)
