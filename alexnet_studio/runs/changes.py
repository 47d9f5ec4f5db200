"""`changes.json`: what was changed while a run trained, and at which step, so that resuming can do it again."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import read_json, write_json

NAME = "changes.json"
Kind = Literal["rate", "freeze", "thaw", "pin", "unpin"]


@dataclass(frozen=True, slots=True)
class Change:
    """Made after `step` updates. "rate": from there on the schedule's rate times `factor` (of all such changes, the
    last counts); "freeze": the layer `layer` and all before it learn no more; "thaw": every layer learns again;
    "pin", "unpin": `image`, of which the network's view is kept under `key` (`pins`), is looked at after each epoch.
    """

    step: int
    kind: Kind
    factor: float = 1.0
    layer: str = ""
    image: str = ""
    key: str = ""


def begin(run: Path, made: Sequence[Change]) -> None:
    """Those of a run that has none yet. Raises `Failed` ("disk_full", "not_writable")."""
    write_json(run / NAME, [asdict(one) for one in made])


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
    begin(run, (*kept, change))


def _is_key(change: Change) -> bool:
    """It becomes the name of a file: a run may be a stranger's."""
    pins = change.kind in {"pin", "unpin"}
    return not pins or re.fullmatch("[0-9a-f]{16}", change.key) is not None


def _change(document: Any) -> Change:
    change = Change(**document)
    sound = change.kind in get_args(Kind) and change.step >= 0
    words = all(isinstance(cast("object", one), str) for one in (change.layer, change.image, change.key))
    if not (sound and words and 0 <= float(change.factor) < math.inf and _is_key(change)):
        raise ValueError(document)
    return change
