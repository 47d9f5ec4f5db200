"""Ctrl+C and SIGTERM: a real process stops, keeps what it learned, and says by its exit code what stopped it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from alexnet_studio.runs import checkpoint, lock
from alexnet_studio.runs import folder as run_folder


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow)],
)
def test_fault_60_a_signal_saves_and_ends(pictures: Path, tmp_path: Path, number: int, code: int) -> None:
    run = tmp_path / "run"
    words = [
        "train",
        pictures,
        "--run",
        run,
        "--network",
        "mini",
        "--epochs",
        "500",
        "--device",
        "cpu",
        "--json",
    ]
    command = [sys.executable, "-m", "alexnet_studio", *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            if json.loads(line)["event"] == "step":
                break
        process.send_signal(number)
        rows = [json.loads(line) for line in process.stdout]
        assert process.wait(60) == code
        assert process.stderr.read() == ""
    ended = rows[-1]
    assert (ended["event"], ended["reason"]) == ("ended", "stopped")
    assert checkpoint.load(run_folder.open(run), "last").step == ended["step"] >= 1
    assert lock.holder(run) is None
    assert not [path for path in run.rglob(".*") if path.name != ".cache"]
