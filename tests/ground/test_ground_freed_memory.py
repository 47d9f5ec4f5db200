"""Freed memory that stays: the same blocks again cost no fresh pages."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_ROUNDS = 6
_PROGRAM = f"""
import resource, sys
from alexnet_studio.ground.freed_memory import keep_freed_memory
if sys.argv[1] == "keep":
    keep_freed_memory()
def work():
    blocks = [bytearray(10 << 20) for _ in range(4)]
work()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range({_ROUNDS}):
    work()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators do as they did")
def test_blocks_that_come_and_go_together_are_not_taken_fresh_each_time() -> None:
    given_back, kept = (
        int(subprocess.run([sys.executable, "-c", _PROGRAM, how], capture_output=True, check=True).stdout)
        for how in ("as it is", "keep")
    )
    pages = _ROUNDS * 4 * (10 << 20) // 4096
    assert given_back > pages / 2
    assert kept < pages / 20
