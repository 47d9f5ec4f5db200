"""`manifest.json`: the SHA-256 of each checkpoint, by which a damaged one is known."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from alexnet_studio.ground import file_ops
from alexnet_studio.ground.files import write_json

NAME = "manifest.json"


def read(folder: Path) -> dict[str, str]:
    """The hash of each file; none when the manifest is missing or damaged: nothing unverified is loaded."""
    try:
        return held(folder)
    except OSError:
        return {}


def held(folder: Path) -> dict[str, str]:
    """As `read`, for who is about to replace it: raises OSError where it is there and cannot be read."""
    try:
        with file_ops.current().open_to_read(folder / NAME) as file:
            document: Any = json.loads(file.read())
        return {str(name): str(digest) for name, digest in document["sha256"].items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def write(folder: Path, digests: dict[str, str]) -> None:
    write_json(folder / NAME, {"schema_version": 1, "sha256": digests})


def digest_of(path: Path) -> str:
    with file_ops.current().open_to_read(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
