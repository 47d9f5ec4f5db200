"""Whether two runs are the same to the bit, but for what depends on the clock."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch

from alexnet_studio.runs import checkpoint
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.checkpoint_document import Checkpoint
from alexnet_studio.runs.film import Film
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Note, Started, as_json

_OF_THE_CLOCK = frozenset({"images_per_second", "seconds", "memory_mb"})
_ALWAYS_FILMED_UNTIL = 20  # later frames come by the clock


def curves(run: Path) -> list[dict[str, Any]]:
    """Every step and epoch, each exactly as often as it stands there."""
    return [
        {name: value for name, value in as_json(row).items() if name not in _OF_THE_CLOCK}
        for row in History(run / "metrics.jsonl").read()
        if not isinstance(row, Started | Note | Ended)
    ]


def assert_same(run: Path, other: Path, *, frames_left_out: bool = False) -> None:
    """Curves, film, what was kept of each epoch, and all that the last and the best checkpoint hold.
    `frames_left_out`: the film of `other` may lack some.
    """
    assert curves(run) == curves(other)
    film = _film(other)
    assert film == [frame for frame in _film(run) if not frames_left_out or frame in film]
    assert kept_of_epochs(run) == kept_of_epochs(other)
    for which in ("last", "best"):
        ours, theirs = (checkpoint.load(run_folder.open(path), which) for path in (run, other))
        assert _plain(ours) == _plain(theirs)
        assert (ours.note, theirs.note) == ("", "")


def kept_of_epochs(run: Path) -> dict[str, bytes]:
    """The answers to the validation images and to the pinned ones, as they lie on the disk."""
    files = [*run.glob("answers/*"), *run.glob("pins/*")]
    return {str(path.relative_to(run)): path.read_bytes() for path in files}


def _film(run: Path) -> list[tuple[int, int, bytes]]:
    film = Film(run / "kernels")
    return [
        (frame.step, frame.epoch, film.read(index).tobytes())
        for index, frame in enumerate(film.frames)
        if frame.step <= _ALWAYS_FILMED_UNTIL
    ]


def _plain(saved: Checkpoint) -> object:
    untimed = {name: value for name, value in saved.meters.items() if name not in _OF_THE_CLOCK}
    return _bytes(
        {
            name: getattr(replace(saved, meters=untimed), name)
            for name in ("step", "epoch", "batch", "weights", "optimizer", "schedule", "meters", "best")
        }
    )


def _bytes(value: Any) -> Any:
    """With bytes for tensors: a tensor that is compared is a tensor of answers."""
    if isinstance(value, torch.Tensor):
        return str(value.dtype), tuple(value.shape), np.ascontiguousarray(value.float().numpy()).tobytes()
    if isinstance(value, dict):
        return {name: _bytes(part) for name, part in cast("dict[object, Any]", value).items()}
    return value
