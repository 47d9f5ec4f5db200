"""Opening files that may hold an image: regular files only, so that a FIFO named x.jpg cannot hang a scan."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from alexnet_studio.images.long_path import for_system

# O_NONBLOCK: opening a FIFO would otherwise wait for a writer. Regular files do not notice it.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class NotRegularError(OSError):
    """The path leads to a folder, a FIFO, a device or a socket."""


class TooLargeError(OSError):
    """The file has more bytes than its reader takes."""


def open_regular(path: Path) -> BinaryIO:
    """Open `path` for reading without ever waiting for it. Raises `OSError`; `why` puts it into words."""
    handle = os.open(for_system(str(path)), _FLAGS)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise NotRegularError(errno.EINVAL, "not a regular file", str(path))


def read_start(path: str, count: int) -> tuple[os.stat_result, bytes]:
    """What the system says of the file, and its first `count` bytes. Raises `OSError`.

    `path` is as `for_system` gives it. A scan does this for every file; through Python's file objects it
    would take twice as long.
    """
    handle = os.open(path, _FLAGS)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise NotRegularError(errno.EINVAL, "not a regular file", path)
        return found, os.read(handle, count)
    finally:
        os.close(handle)


def read_whole(path: Path, at_most: int) -> bytes:
    """The content of the file, opened once. Raises `OSError`; `TooLargeError` before any of it is read."""
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > at_most:
            raise TooLargeError(errno.EFBIG, f"{size:,} bytes; at most {at_most:,} are read", str(path))
        return file.read()


def why(error: OSError) -> str:
    """The reason as the end of a sentence that begins with "the file"."""
    match error:
        case NotRegularError() | IsADirectoryError():
            return "is not a regular file"
        case TooLargeError():
            return f"is too large ({error.strerror})"
        case FileNotFoundError():
            return "does not exist"
        case PermissionError():
            return "may not be read (no permission)"
        case _ if error.errno == errno.ELOOP:
            return "is a link that leads to itself"
        case _ if error.errno == errno.ENAMETOOLONG:
            return f"has a path of {len(str(error.filename)):,} characters, more than this system opens"
        case _:
            return f"cannot be read ({error.strerror or type(error).__name__})"
