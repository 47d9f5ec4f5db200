"""Freed memory stays with the program: fresh pages cost a processor more than the arithmetic on what lies in them.

glibc takes each block above a threshold fresh from the system and gives it back when it is freed, it gives back the end
of a heap that is free, and it gives each thread a heap of its own, made of pieces of 64 MiB that go back whole. A
network's activations are megabytes, made and freed with every batch: in a forward pass of `mini` a third of the time
went into 270 fresh pages an image, and a training beside the window, which is in a thread, was slower for it than one
without. mallopt(3) says what the numbers mean.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_MOST_FREE_BYTES = 256 << 20
_LARGEST_BLOCK_BYTES = 32 << 20  # no larger threshold is taken


def keep_freed_memory() -> None:
    """At most 256 MiB that are free stay, in one heap for all threads that begin after this.

    Other allocators than glibc's do as they did.
    """
    if sys.platform != "linux":
        return
    mallopt: Any = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_TRIM_THRESHOLD, _MOST_FREE_BYTES)
        mallopt(_M_MMAP_THRESHOLD, _LARGEST_BLOCK_BYTES)
        mallopt(_M_ARENA_MAX, 1)
