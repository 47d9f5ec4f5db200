"""What the status line and the line above the panels show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from alexnet_studio.studio.views.parts import ActionView


@dataclass(frozen=True, slots=True)
class ReadoutView:
    """A number of the toolbar with its caption."""

    value: str
    caption: str


@dataclass(frozen=True, slots=True)
class StatusView:
    device: str = ""
    skipped: str = ""
    saved: str = ""
    job: str = ""  # what is running, empty when nothing is
    done: int = 0
    total: int = 0  # 0: not known yet
    cancel: ActionView = field(default_factory=ActionView)
    device_tip: str = ""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """An error or a note as a line above the panels, never a modal box."""

    sentence: str
    kind: Literal["note", "error"] = "note"
    button: str = ""  # the remedy's text, empty without one
    intent: str = ""  # the action it triggers
