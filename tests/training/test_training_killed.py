"""kill -9, at any moment of a real process: gone on with, a run ends as one that was never killed, to the bit."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
import tiny
from exactness import assert_same

from alexnet_studio.runs import lock

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked")


class Mortal:
    """Trains in a child of another process, which can be killed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def begin(self, run: Path) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{run}\n")
        self._process.stdin.flush()
        return int(self._line())

    def status(self) -> int:
        """Waits for the child: 0 it ended, -9 it was killed."""
        return int(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextmanager
def mortal(data: Path, workers: int) -> Generator[Mortal]:
    command = [sys.executable, str(Path(__file__).with_name("mortal_training.py")), str(data), str(workers)]
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[2])])
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    ) as process:
        yield Mortal(process)
        assert process.stdin is not None
        process.stdin.close()


def _killed(tmp_path: Path, kills: int, workers: int) -> None:
    chance = random.Random(kills)  # the moments are as chance as the machine's load
    tiny.folder(tmp_path / "data", each=10, val=4)
    with mortal(tmp_path / "data", workers) as training:
        whole = tmp_path / "whole"
        training.begin(whole)
        began = time.monotonic()  # the first child begins when its parent has imported everything
        assert training.status() == 0
        life_s = time.monotonic() - began
        done = runs = 0
        while done < kills:
            runs += 1
            run = tmp_path / f"run {runs}"
            done += _killed_until_it_ends(training, run, life_s, kills - done, chance)
            assert_same(whole, run)
            assert lock.holder(run) is None


def _killed_until_it_ends(
    training: Mortal, run: Path, life_s: float, kills: int, chance: random.Random
) -> int:
    """How often it was killed, at most `kills` times."""
    done = 0
    while True:
        child = training.begin(run)
        if done < kills:
            if chance.random() < 0.3:
                _wait_for_a_save(run, life_s)
            else:
                time.sleep(chance.uniform(0, life_s))
            _kill(child)
        status = training.status()
        assert status in {0, -signal.SIGKILL}
        if status == 0:
            return done
        done += 1


def _wait_for_a_save(run: Path, life_s: float) -> None:
    """Until a checkpoint is being written."""
    deadline = time.monotonic() + life_s
    while time.monotonic() < deadline and not list(run.glob("checkpoints/.*.tmp")):
        time.sleep(0.0005)


def _kill(child: int) -> None:
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        return  # it had ended


def test_fault_51_killed_once(tmp_path: Path) -> None:
    _killed(tmp_path, kills=1, workers=0)


@pytest.mark.slow
def test_fault_51_killed_thirty_times(tmp_path: Path) -> None:
    _killed(tmp_path, kills=30, workers=0)


@pytest.mark.slow
def test_fault_51_killed_while_threads_load(tmp_path: Path) -> None:
    _killed(tmp_path, kills=5, workers=2)
