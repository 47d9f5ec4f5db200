"""Whether this process was started as one of several; without torch, which a command that is alone need not load."""

from __future__ import annotations

import os


def is_asked_for() -> bool:
    """torchrun, and whatever sets its variables, tells each process how many there are."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1
