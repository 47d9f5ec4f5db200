"""Freed memory stays with the program: fresh pages cost a processor more than the arithmetic on what lies in them.

glibc takes each block above a threshold fresh from the system and gives it back when it is freed, and it gives back
the end of its heap above twice that threshold. The threshold begins at 128 KiB and grows to the size of each such block
that is freed, up to 32 MiB (mallopt(3), M_MMAP_THRESHOLD). A network's activations are megabytes, made and freed with
every batch: in a forward pass of `mini` a third of the time went into 270 fresh pages an image.
"""

from __future__ import annotations

import numpy as np

_BLOCK_BYTES = (32 << 20) - (
    64 << 10
)  # nearly the largest that moves the threshold; no page of it is touched


def keep_freed_memory() -> None:
    """At most 64 MiB that are free stay. Other allocators than glibc's do as they did."""
    np.empty(_BLOCK_BYTES, np.uint8)
