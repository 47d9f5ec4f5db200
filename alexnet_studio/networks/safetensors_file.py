"""safetensors, typed: tensors and a few strings in a file that holds no code."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import safetensors.torch as library
from torch import Tensor

_LARGEST_HEADER = 100 << 20  # what the format's own library allows


def load(path: Path) -> dict[str, Tensor]:
    """Raises `OSError` and `safetensors.SafetensorError`."""
    read = cast("Callable[[bytes], dict[str, Tensor]]", vars(library)["load"])
    return read(path.read_bytes())


def metadata(path: Path) -> dict[str, str]:
    """The strings that came with the tensors; none where the file has no readable ones."""
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            document: Any = json.loads(file.read(min(length, _LARGEST_HEADER)))
        return {str(key): str(value) for key, value in document.get("__metadata__", {}).items()}
    except (OSError, ValueError, AttributeError, struct.error, RecursionError):
        return {}


def dump(tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> bytes:
    """The content of a file with `tensors` (contiguous, on the CPU) and `metadata`."""
    write = cast("Callable[[dict[str, Tensor], dict[str, str]], bytes]", vars(library)["save"])
    return write(dict(tensors), dict(metadata))
