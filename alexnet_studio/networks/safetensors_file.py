"""safetensors, typed: tensors and a few strings in a file that holds no code."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Callable, Mapping
from io import BufferedReader
from pathlib import Path
from typing import Any, cast

import safetensors.torch as library
from torch import Tensor

# The format's own library takes 100 MB, and ten times as much memory to read them. A network of this family with the
# names of ImageNet's 22,000 classes needs one.
_LARGEST_HEADER = 16 << 20


class HeaderError(ValueError):
    """What the first bytes of a file promise is not what the file is. Its words are for a person."""


def load(path: Path) -> dict[str, Tensor]:
    """Raises `OSError`, `HeaderError` before any tensor is read, and `safetensors.SafetensorError`."""
    read = cast("Callable[[bytes], dict[str, Tensor]]", vars(library)["load"])
    with path.open("rb") as file:
        _header(file)
        file.seek(0)
        return read(file.read())


def metadata(path: Path) -> dict[str, str]:
    """The strings that came with the tensors; none where the file has no readable ones."""
    try:
        with path.open("rb") as file:
            found = _header(file).get("__metadata__", {})
        return {str(key): str(value) for key, value in found.items()}
    except (OSError, HeaderError, AttributeError):
        return {}


def _header(file: BufferedReader) -> dict[str, Any]:
    """Read once its length is known to be a sane one; the file is then known to hold what it names, and no more."""
    size = os.fstat(file.fileno()).st_size
    if size < 8:
        raise HeaderError("it ends before its header")
    (length,) = struct.unpack("<Q", file.read(8))
    if length > _LARGEST_HEADER:
        raise HeaderError(f"its header would be {length:,} bytes long")
    if 8 + length > size:
        raise HeaderError("it ends before its header does")
    try:
        document: dict[str, dict[str, Any]] = json.loads(file.read(length))
        tensors = [told for name, told in document.items() if name != "__metadata__"]
        end = 8 + length + max((told["data_offsets"][1] for told in tensors), default=0)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise HeaderError("its header is damaged") from error
    if end != size:
        raise HeaderError(f"its header speaks of {end:,} bytes, and it has {size:,}")
    return document


def dump(tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> bytes:
    """The content of a file with `tensors` (contiguous, on the CPU) and `metadata`."""
    write = cast("Callable[[dict[str, Tensor], dict[str, str]], bytes]", vars(library)["save"])
    return write(dict(tensors), dict(metadata))
