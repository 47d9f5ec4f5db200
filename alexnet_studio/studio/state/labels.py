"""A person's corrections of the folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # costs the first paint time
    from alexnet_studio.images.corrections import Corrections


@dataclass(frozen=True, slots=True)
class LabelState:
    """A person's corrections of the folder on the screen, those that Undo and Redo go to, and what is shown of it.

    `filter` is "" (all), "train", "val", "test", "alike", "changed" or "left_out"; `words` are searched in paths.
    """

    now: Corrections | None = None
    past: tuple[Corrections, ...] = ()
    future: tuple[Corrections, ...] = ()
    filter: str = ""
    words: str = ""
    problem: str = ""  # of the skipped files that are listed; "" is all of them
