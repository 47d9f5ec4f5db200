"""Several processes of the command line, found by the variables that torchrun sets."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from pathlib import Path

from own_process import OwnProcess, Told


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def started(
    count: int, words: Sequence[object], *, apart: Sequence[Sequence[object]] = ()
) -> list[OwnProcess]:
    """`apart[rank]` are words of one process alone."""
    port = free_port()
    found: list[OwnProcess] = []
    for rank in range(count):
        own = apart[rank] if rank < len(apart) else ()
        place = {
            "RANK": str(rank),
            "LOCAL_RANK": str(rank),
            "WORLD_SIZE": str(count),
            "MASTER_ADDR": "127.0.0.1",
            "MASTER_PORT": str(port),
        }
        found.append(OwnProcess([*words, *own], {**os.environ, **place}))
    return found


def ended(processes: Sequence[OwnProcess], *, seconds: float = 120) -> list[Told]:
    """What each said, once all have ended."""
    return [process.told(seconds) for process in processes]


def together(count: int, words: Sequence[object], *, apart: Sequence[Sequence[object]] = ()) -> list[Told]:
    return ended(started(count, words, apart=apart))


def words(folder: Path, run: Path, **options: object) -> list[object]:
    """A training of `mini` at 32 pixels without dropout in float32, so that processes only differ in their sums."""
    chosen: dict[str, object] = {
        "network": "mini",
        "image-size": 32,
        "dropout": 0,
        "precision": "float32",
        "device": "cpu",
        "epochs": 1,
        "batch-size": 6,
        **options,
    }
    given = [part for name, value in chosen.items() for part in (f"--{name}", value)]
    return ["train", folder, "--run", run, *given, "--json"]
