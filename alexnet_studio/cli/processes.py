"""`train` as one of several processes: the first prints and writes, and a cause of failure is named once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from alexnet_studio.cli import output
from alexnet_studio.cli.interruption import Interruption, each
from alexnet_studio.ground.errors import StudioError
from alexnet_studio.training.events import Event

if TYPE_CHECKING:
    from alexnet_studio.training.world import World

Begun = Callable[[output.ProgressBar, "World"], tuple[Iterator[Event | None], str]]
Follow = Callable[[Iterator[Event | None], output.ProgressBar, str], int]


def together(begun: Begun, follow: Follow, *, shown: bool) -> int:
    """The exit code of this process. `begun` starts its part, and `follow` prints what the first one tells."""
    from alexnet_studio.training import world as worlds

    with worlds.found() as world, output.progress_bar(shown=shown and world.leads) as bar:
        try:
            events, why = begun(bar, world)
            return follow(events, bar, why) if world.leads else _silently(events)
        except StudioError as error:
            if world.tells():
                raise
            return error.exit_code


def _silently(events: Iterator[Event | None]) -> int:
    interruption = Interruption()
    with interruption.watched():
        try:
            for _ in each(events, interruption):
                pass
        except StudioError:
            if interruption.number is None:
                raise
    return 0 if interruption.number is None else 128 + interruption.number
