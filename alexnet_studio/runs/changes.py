"""`changes.json`: what was changed while a run trained, and at which step, so that resuming can do it again."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import read_json, write_json

NAME = "changes.json"
Kind = Literal["rate", "freeze", "thaw"]


@dataclass(frozen=True, slots=True)
class Change:
    """Made after `step` updates. "rate": from there on the schedule's rate times `factor` (of all such changes, the
    last counts); "freeze": the layer `layer` and all before it learn no more; "thaw": every layer learns again.
    """

    step: int
    kind: Kind
    factor: float = 1.0
    layer: str = ""


def read(run: Path) -> tuple[Change, ...]:
    """In the order in which they were made. Raises `BadInput` ("changes_damaged")."""
    path = run / NAME
    if not path.exists():
        return ()
    try:
        return tuple(map(_change, read_json(path)))
    except Exception as error:
        raise BadInput(
            "changes_damaged",
            "{path} is damaged: what was changed while the run trained is not known. Restore it from a copy, or "
            "remove it to go on without these changes.",
            path=str(path),
        ) from error


def add(run: Path, change: Change) -> None:
    """Write `change` behind those made before its step; later ones, of a future that did not come, are dropped.

    Raises `Failed` ("disk_full", "not_writable").
    """
    kept = [one for one in read(run) if one.step <= change.step]
    write_json(run / NAME, [asdict(one) for one in (*kept, change)])


def _change(document: Any) -> Change:
    change = Change(**document)
    sound = change.kind in get_args(Kind) and change.step >= 0
    if not (sound and 0 <= float(change.factor) < math.inf and isinstance(cast("object", change.layer), str)):
        raise ValueError(document)
    return change
