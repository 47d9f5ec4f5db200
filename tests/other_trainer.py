"""A second process that writes a run as a training does: it holds the run's lock, and its history grows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_WRITES = """
import sys, time
from pathlib import Path
from alexnet_studio.runs import lock
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Step
run, step = Path(sys.argv[1]), int(sys.argv[2])
run.mkdir(parents=True, exist_ok=True)
with lock.held(run):
    print("holds", flush=True)
    while True:
        if (run / "run.json").exists():
            History(run / "metrics.jsonl").append(Step(step, 9, 0.125, 0.5, 0.5, 5, 0.01, 100.0))
            step += 1
        time.sleep(0.1)
"""


@contextmanager
def trained_elsewhere(run: Path, step: int = 10_000) -> Generator[subprocess.Popen[str]]:
    """Until the end of the block, from this step on."""
    words = [sys.executable, "-c", _WRITES, str(run), str(step)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "holds\n"
            yield other
        finally:
            other.kill()
