"""What the queue of trainings shows."""

from __future__ import annotations

from dataclasses import dataclass, field

from alexnet_studio.studio.views.parts import ActionView, EmptyView


@dataclass(frozen=True, slots=True)
class QueueRow:
    """`run` names the entry; `can` are what can be done with it; `sentence` says all that its last cell says."""

    run: str
    cells: tuple[str, ...]
    can: frozenset[str] = frozenset()
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class QueueView:
    """`title` is what the queue is called where there is little room, with the number of those that wait."""

    title: str = ""
    command: str = ""  # that does the same without a window
    rows: tuple[QueueRow, ...] = ()
    summary: str = ""
    problem: str = ""
    notice: str = ""
    empty: EmptyView | None = None
    add: ActionView = field(default_factory=ActionView)
    repeat: ActionView = field(default_factory=ActionView)
    start: ActionView = field(default_factory=ActionView)
    pause: ActionView = field(default_factory=ActionView)
    clear: ActionView = field(default_factory=ActionView)
