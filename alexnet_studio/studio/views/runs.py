"""What the list of runs shows."""

from __future__ import annotations

from dataclasses import dataclass

from alexnet_studio.studio.views.parts import EmptyView


@dataclass(frozen=True, slots=True)
class RunRow:
    """`cells` are the columns' texts, `keys` what they are sorted by; `problem` says why it cannot be opened.

    A group has `members`, the paths of its runs, and `result`, what they say together.
    """

    path: str
    cells: tuple[str, ...]
    keys: tuple[str | float, ...]
    problem: str = ""
    members: tuple[str, ...] = ()
    result: str = ""


@dataclass(frozen=True, slots=True)
class RunsView:
    """`comparison` is empty, or a table with its head."""

    folder: str = ""
    rows: tuple[RunRow, ...] = ()
    empty: EmptyView | None = None
    busy: str = ""
    notice: str = ""
    comparison: tuple[tuple[str, ...], ...] = ()
