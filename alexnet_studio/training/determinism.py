"""Computing so that the same numbers come out each time, on CUDA too, where torch may otherwise add up in any order."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager

import torch

from alexnet_studio.ground.errors import BadInput

_NO_WAY = "does not have a deterministic implementation"


@contextmanager
def exact(wanted: bool) -> Generator[None]:
    """Where `wanted`, torch takes deterministic ways only, until the end of the block; CPUs always do.

    cuBLAS needs a workspace of its own for it, which must be asked for before its first use in the process. Raises
    `BadInput` ("not_deterministic") for an operation that has no such way on this device.
    """
    if not wanted:
        yield
        return
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    before = torch.are_deterministic_algorithms_enabled(), torch.backends.cudnn.benchmark
    torch.use_deterministic_algorithms(True)
    torch.backends.cudnn.benchmark = False
    try:
        yield
    except RuntimeError as error:
        if _NO_WAY not in str(error):
            raise
        raise BadInput(
            "not_deterministic",
            "{operation} has no deterministic way on this device. Leave --deterministic out, or use the CPU.",
            operation=str(error).split(" ")[0],
        ) from None
    finally:
        torch.use_deterministic_algorithms(before[0])
        torch.backends.cudnn.benchmark = before[1]
