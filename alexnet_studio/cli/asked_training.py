"""A training of the command line: begun as it was typed, or gone on with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.cli import output
from alexnet_studio.cli.interruption import result
from alexnet_studio.training.asked import Asked, Wanted, asked, require_same
from alexnet_studio.training.events import Event

if TYPE_CHECKING:
    from alexnet_studio.training.world import World


def started(
    folder: Path,
    run: Path,
    wanted: Wanted,
    typed: dict[str, object],
    bar: output.ProgressBar,
    world: World | None = None,
) -> tuple[Iterator[Event | None], str]:
    """The training, and in a sentence what is trained and why. `world`: of several processes."""
    from alexnet_studio.training.trainer import train
    from alexnet_studio.training.world import ALONE

    found: Asked = result(asked(folder, run, wanted, typed), bar)
    return train(found.request, world or ALONE), found.why


def resumed(
    run: Path, folder: Path, typed: dict[str, object], wanted: Wanted, world: World | None = None
) -> Iterator[Event | None]:
    from alexnet_studio.training.trainer import resume
    from alexnet_studio.training.world import ALONE

    require_same(run, wanted)
    return resume(run, folder=folder, changes=typed, world=world or ALONE)
