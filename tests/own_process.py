"""The front door in processes of their own: forks of one that has imported torch and done nothing, so that each is a
fresh process that begins at once. (`python -m alexnet_studio` takes three seconds to load what they all load.)
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path

from alexnet_studio.__main__ import main

# What `train` imports, and what torch's optimisers import with their first step.
_LOADED = ["alexnet_studio.cli.train_command", "alexnet_studio.training.trainer", "torch._dynamo"]


@dataclass(frozen=True)
class Told:
    code: int
    out: str
    err: str


class OwnProcess:
    """One that runs `alexnet-studio WORDS`; its output goes to files, so that it never waits for a reader."""

    def __init__(self, words: Sequence[object], environment: Mapping[str, str]) -> None:
        self._folder = Path(tempfile.mkdtemp())
        self._out, self._err = self._folder / "out", self._folder / "err"
        given = [str(word) for word in words]
        self._process = _forks().Process(
            target=_live, args=(given, dict(environment), self._out, self._err), daemon=True
        )
        self._process.start()

    def send_signal(self, number: int) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        self._process.kill()

    def out(self) -> str:
        """What it has printed so far."""
        return self._out.read_text(encoding="utf-8") if self._out.exists() else ""

    def until(self, is_so: Callable[[], bool], seconds: float = 90) -> None:
        """Waits; fails where the process ends before."""
        end = time.monotonic() + seconds
        while not is_so():
            assert self._process.is_alive() and time.monotonic() < end, self.told(0).err
            time.sleep(0.02)

    def told(self, seconds: float = 120) -> Told:
        """What it said, once it has ended; it is killed where it has not by then. To be asked once."""
        self._process.join(seconds)
        self._process.kill()
        self._process.join()
        code = self._process.exitcode
        assert code is not None
        said = Told(code, self.out(), self._err.read_text(encoding="utf-8") if self._err.exists() else "")
        shutil.rmtree(self._folder)
        return said


@cache
def _forks() -> SpawnContext | ForkServerContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    return context


def _live(words: list[str], environment: dict[str, str], out: Path, err: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for number, path in ((1, out), (2, err)):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(handle, number)
        os.close(handle)
    sys.argv = ["alexnet-studio", *words]
    sys.exit(main())
