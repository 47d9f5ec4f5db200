"""Ctrl+C and SIGTERM: a real process stops, keeps what it learned, and says by its exit code what stopped it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from own_process import OwnProcess

from alexnet_studio.ground import places
from alexnet_studio.runs import checkpoint, lock
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.feature_draft import Draft


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
    process = OwnProcess(words, os.environ)
    process.until(lambda: '"event": "step"' in process.out())
    process.send_signal(number)
    told = process.told(60)
    assert (told.code, told.err) == (code, "")
    rows = [json.loads(line) for line in told.out.splitlines()]
    ended = rows[-1]
    assert (ended["event"], ended["reason"]) == ("ended", "stopped")
    assert checkpoint.load(run_folder.open(run), "last").step == ended["step"] >= 1
    assert lock.holder(run) is None
    assert not [path for path in run.rglob(".*") if path.name != ".cache"]


@pytest.mark.slow
def test_a_map_is_left_in_the_middle_of_a_stage(tmp_path: Path) -> None:
    run = Path(shutil.copytree(places.resources() / "example-run", tmp_path / "run"))
    count = 2_000
    with Draft(run / "features", "fc7", images=count, dimensions=20) as draft:
        draft.features[:] = np.random.default_rng(0).normal(size=(count, 20))
        draft.finish(
            paths=[f"{i}.png" for i in range(count)], classes=["a"] * count, checkpoint="", source=""
        )
    words = ["map", run, "--method", "tsne", "-o", tmp_path / "map.png"]
    command = [sys.executable, "-m", "alexnet_studio", *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        while not (below := psutil.Process(process.pid).children()):
            assert process.poll() is None
            time.sleep(0.02)
        while below[0].cpu_times().user < 1:  # past its imports: it calculates
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert process.stderr is not None
        assert process.stderr.read().splitlines()[-1] == "Interrupted."
    assert not below[0].is_running()
    assert not (tmp_path / "map.png").exists()
    assert not list((run / "features" / "maps").glob("fc7.tsne.*"))
