"""Freed memory that stays: the same blocks again cost no fresh pages, in a thread, too."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_ROUNDS = 6
_BLOCKS, _BLOCK_MB = 10, 10  # together more than one piece of a thread's own heap
_PROGRAM = f"""
import resource, sys, threading
from alexnet_studio.ground.freed_memory import keep_freed_memory

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def work():
    blocks = [bytearray({_BLOCK_MB} << 20) for _ in range({_BLOCKS})]

def measure():
    work()
    before = faults()
    for _ in range({_ROUNDS}):
        work()
    print(faults() - before)

if sys.argv[1] == "keep":
    keep_freed_memory()
measure()
thread = threading.Thread(target=measure)
thread.start()
thread.join()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators do as they did")
def test_blocks_that_come_and_go_together_are_not_taken_fresh_each_time() -> None:
    given_back, kept = (
        [int(word) for word in subprocess.check_output([sys.executable, "-c", _PROGRAM, how]).split()]
        for how in ("as it is", "keep")
    )
    pages = _ROUNDS * _BLOCKS * (_BLOCK_MB << 20) // 4096
    assert min(given_back) > pages / 4
    assert max(kept) < pages / 20
