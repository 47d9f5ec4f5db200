"""What a command has left out, told alike by all of them."""

from __future__ import annotations

from collections.abc import Sequence

from alexnet_studio.cli import output
from alexnet_studio.images.walk import Skipped

SHOWN = 20


def tell(skipped: Sequence[Skipped], command: str) -> None:
    """The first of them with their reasons; `command` is how all are listed."""
    for one in skipped[:SHOWN]:
        output.note(f"left out: {one.path} ({one.reason})")
    if len(skipped) > SHOWN:
        output.note(f"… and {len(skipped) - SHOWN:,} more; `{command}` lists all of them.")
