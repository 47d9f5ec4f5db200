"""Writing a torch document through Python: a full disk is known as one, and the bytes are hashed on their way."""

from __future__ import annotations

import hashlib
from typing import IO, Any, cast

import torch


class HashingWriter:
    """A file object for torch.save, which, given a path, turns a full disk into an error about positions."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._error: OSError | None = None
        self.hash = hashlib.sha256()

    def save(self, document: dict[str, Any]) -> None:
        try:
            torch.save(document, cast("IO[bytes]", self))
        except (OSError, RuntimeError):
            # While unwinding, torch may replace the system's error by one of its own.
            if self._error is not None:
                raise self._error from None
            raise

    def write(self, data: bytes) -> int:
        self.hash.update(data)
        try:
            return self._file.write(data)
        except OSError as error:
            self._error = error
            raise

    def flush(self) -> None:
        self._file.flush()
