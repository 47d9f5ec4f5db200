"""The runs of a folder, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # costs the first paint time
    from alexnet_studio.insight.comparison import Comparison
    from alexnet_studio.insight.groups import Group
    from alexnet_studio.runs.catalogue import RunSummary


@dataclass(frozen=True, slots=True)
class RunListState:
    """The runs of `folder`, once `is_read`; `comparison` holds some of them side by side."""

    folder: Path | None = None
    runs: tuple[RunSummary, ...] = ()
    groups: tuple[Group, ...] = ()  # among them
    is_read: bool = False
    is_open: bool = False
    comparison: Comparison | None = None
