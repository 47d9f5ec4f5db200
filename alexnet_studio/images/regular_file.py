"""Opening files that may hold an image: regular files only, so that a FIFO named x.jpg cannot hang a scan."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


class NotRegularError(OSError):
    """The path leads to a folder, a FIFO, a device or a socket."""


def open_regular(path: Path) -> BinaryIO:
    """Open `path` for reading without ever waiting for it. Raises `OSError`; `why` puts it into words."""
    # O_NONBLOCK: opening a FIFO would otherwise wait for a writer. Regular files do not notice it.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise NotRegularError(errno.EINVAL, "not a regular file", str(path))


def why(error: OSError) -> str:
    """The reason as the end of a sentence that begins with "the file"."""
    match error:
        case NotRegularError() | IsADirectoryError():
            return "is not a regular file"
        case FileNotFoundError():
            return "does not exist"
        case PermissionError():
            return "may not be read (no permission)"
        case _ if error.errno == errno.ELOOP:
            return "is a link that leads to itself"
        case _:
            return f"cannot be read ({error.strerror or type(error).__name__})"
