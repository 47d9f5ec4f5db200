r"""Paths of more than 260 characters, which Windows opens only where they begin with \\?\."""

from __future__ import annotations

import ntpath
import sys

# Windows' own limit for a folder (CreateDirectory); that for a file is 260 with the closing zero.
_LONGEST = 247


def for_system(path: str) -> str:
    """`path` as it has to be given to the system; the same wherever there is no such limit."""
    return extended(path) if sys.platform == "win32" else path


def extended(path: str) -> str:
    r"""A long absolute path of Windows in the form without a limit: \\?\C:\… or \\?\UNC\server\share\….

    A short one stays as it is, and so does a relative one, which has no such form.
    """
    if len(path) <= _LONGEST or path.startswith(("\\\\?\\", "\\\\.\\")):
        return path
    plain = ntpath.normpath(path)  # in the long form neither "/" nor ".." means anything
    if plain.startswith("\\\\"):
        return f"\\\\?\\UNC{plain[1:]}"
    return f"\\\\?\\{plain}" if plain[1:3] == ":\\" else path
