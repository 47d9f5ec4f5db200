"""Randomness as a function of its coordinates, not as a state."""

from __future__ import annotations

import hashlib

import numpy as np


def generator(*coordinates: int | str) -> np.random.Generator:
    """The generator that belongs to these coordinates, for instance `("order", seed, epoch)`.

    The same coordinates give the same numbers in every process, on every machine, whatever was drawn before.
    """
    digest = hashlib.blake2b(repr(coordinates).encode("utf-8"), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "little")))
