"""`manifest.json`: the SHA-256 of each checkpoint, by which a damaged one is known."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from alexnet_studio.ground.files import write_json

NAME = "manifest.json"


def read(folder: Path) -> dict[str, str]:
    """The hash of each file; none when the manifest is missing or damaged: nothing unverified is loaded."""
    try:
        document: Any = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return {str(name): str(digest) for name, digest in document["sha256"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def write(folder: Path, digests: dict[str, str]) -> None:
    write_json(folder / NAME, {"schema_version": 1, "sha256": digests})


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
