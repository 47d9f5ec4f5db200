"""A run's network for a command, with what a person should know about its weights."""

from __future__ import annotations

from pathlib import Path

from alexnet_studio.cli import output
from alexnet_studio.ground.device import DeviceChoice
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.insight.loaded import load as load_run
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.checkpoint import Which


def load(path: Path, checkpoint: Which, device: DeviceChoice | None = None) -> LoadedRun:
    """Another checkpoint than the one asked for is told beside the answer. Raises what `insight.loaded.load` does."""
    loaded = load_run(runs.open(path), checkpoint, device)
    if loaded.note:
        output.note(f"{path}: {loaded.note}")
    return loaded


def left_out(count: int) -> None:
    """Images that are gone or that cannot be decoded are no part of an answer: that is said beside it."""
    if count:
        output.note(
            "1 image was left out: it is gone or cannot be decoded."
            if count == 1
            else f"{count:,} images were left out: they are gone or cannot be decoded."
        )
