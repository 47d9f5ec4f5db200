"""Working threads give way to the window's: it needs a few milliseconds at a time, and needs them now."""

from __future__ import annotations

import os
import sys
import threading

_NICENESS = 10
_SWITCH_S = 0.0005


def give_way() -> None:
    """Called by a working thread before its work: the scheduler then prefers the window's thread.

    On Linux niceness belongs to a thread and is inherited by the threads that it starts, torch's among them.
    Elsewhere it belongs to the process, and nothing is done.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


def switch_often() -> None:
    """Let Python's lock change hands ten times as often as by default, for a window beside threads that compute."""
    sys.setswitchinterval(_SWITCH_S)
