"""The first part of a `run.json`: all of it but the lists of images, which can be a million lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from alexnet_studio.runs.folder import RECORD_NAME
from alexnet_studio.runs.record import RunRecord

_BLOCK_BYTES = 32_768
# As `ground.files.write_json` indents; nothing inside a string can look so, its newlines being escaped.
_SPLIT = b'\n "split": '


def read_head(path: Path) -> RunRecord | None:
    """The record with an empty split; None where the file is not laid out as this program writes it.

    Raises OSError and ValueError for what cannot be read at all.
    """
    found = _until_split(path / RECORD_NAME)
    if found is None:
        return None
    document: dict[str, Any] = json.loads(found + b'\n "split": {"train": [], "val": []}\n}')
    # The rest stands behind the split and is not looked at.
    rest: dict[str, Any] = {
        "colour": {},
        "seed": 0,
        "device": "",
        "precision": "",
        "threads": 0,
        "versions": {},
    }
    return RunRecord.model_validate({**rest, **document})


def _until_split(path: Path) -> bytes | None:
    head = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            head += block
            place = head.find(_SPLIT)
            if place >= 0:
                return head[:place]
            if len(head) > 64 * _BLOCK_BYTES:
                return None
    return None
