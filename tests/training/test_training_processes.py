"""Several processes on one computer, as torchrun starts them, against one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import several
import tiny
import torch

from alexnet_studio.runs import checkpoint
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.answers import KeptAnswers
from alexnet_studio.runs.history import History
from alexnet_studio.runs.pins import PinRecords
from alexnet_studio.runs.rows import Ended, Epoch, Note, Row

_LONG = {"epochs": 500, "schedule": "constant", "lr": 0.001}


def _rows(run: Path) -> tuple[Row, ...]:
    return History(run / "metrics.jsonl").read()


def _weights(run: Path) -> dict[str, torch.Tensor]:
    return checkpoint.load(run_folder.open(run), "last").weights


def _epochs(run: Path) -> list[Epoch]:
    return [row for row in _rows(run) if isinstance(row, Epoch)]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """22 training images, the last batch of six being four, of five two; and 2 x 5 to validate with."""
    return tiny.folder(tmp_path / "photos", classes=2, each=11, val=5).root


@pytest.mark.parametrize("count", [2, pytest.param(3, marks=pytest.mark.slow)])
def test_fault_72_processes_end_as_one_does(photos: Path, tmp_path: Path, count: int) -> None:
    # Of the last batch one of three processes has nothing.
    options = {"label-smoothing": 0.1, "balance": "loss", "batch-size": 5} if count == 3 else {}
    options = {**options, "pin": photos / "train" / "class1" / "3.png"}
    alone = several.together(1, several.words(photos, tmp_path / "one", **options))
    told = several.together(count, several.words(photos, tmp_path / "many", **options))
    assert [one.code for one in (*alone, *told)] == [0] * (1 + count), told
    assert all(not other.out and not other.err for other in told[1:])
    wanted, got = _weights(tmp_path / "one"), _weights(tmp_path / "many")
    assert max(float((wanted[name] - got[name]).abs().max()) for name in wanted) < 1e-5
    ours, theirs = (KeptAnswers(run_folder.open(tmp_path / name)).of(1) for name in ("one", "many"))
    assert np.array_equal(ours.guesses, theirs.guesses) and np.array_equal(ours.among, theirs.among)
    (ours_seen,), (theirs_seen,) = (
        PinRecords(run_folder.open(tmp_path / name)).read() for name in ("one", "many")
    )
    assert [row for row, _ in ours_seen.near] == [row for row, _ in theirs_seen.near]
    one, many = _epochs(tmp_path / "one")[-1], _epochs(tmp_path / "many")[-1]
    assert (one.val_top1, one.val_top5, one.train_top1) == (many.val_top1, many.val_top5, many.train_top1)
    assert one.val_loss == pytest.approx(many.val_loss, abs=1e-5)
    assert one.train_loss == pytest.approx(many.train_loss, abs=1e-5)


def _until(run: Path, event: str) -> None:
    end = time.monotonic() + 90
    metrics = run / "metrics.jsonl"
    while not (metrics.exists() and f'"event": "{event}"' in metrics.read_text(encoding="utf-8")):
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("dying", [1, pytest.param(0, marks=pytest.mark.slow)])
def test_fault_71_74_a_process_dies_the_others_end_and_one_goes_on_with_a_note(
    photos: Path, tmp_path: Path, dying: int
) -> None:
    run = tmp_path / "run"
    processes = several.started(2, several.words(photos, run, **_LONG))
    _until(run, "epoch")
    while not (run / "checkpoints" / "last.pt").exists():
        time.sleep(0.05)
    processes[dying].send_signal(signal.SIGKILL)
    began = time.monotonic()
    told = several.ended(processes)
    assert time.monotonic() - began < 60
    other = told[1 - dying]
    assert other.code == 1 and other.err.count("Another process of this training has ended") == 1, other
    assert "Traceback" not in other.err
    saved = checkpoint.load(run_folder.open(run), "last")
    assert saved.step > 0
    # What is left goes on, in one process: with a note, and no image twice in an epoch.
    words = several.words(photos, run, epochs=saved.epoch + 1)
    again = several.together(1, [*words[:4], "--epochs", saved.epoch + 1, "--resume", "--json"])
    assert again[0].code == 0, again
    assert any(isinstance(row, Note) and row.code == "processes_changed" for row in _rows(run))


def test_fault_73_a_batch_that_cannot_be_shared(photos: Path, tmp_path: Path) -> None:
    told = several.together(2, several.words(photos, tmp_path / "run", **{"batch-size": 1}))
    assert [one.code for one in told] == [2, 2]
    errors = told[0].err + told[1].err
    assert errors.count("cannot be shared by 2 processes") == 1 and "Traceback" not in errors
    assert not (tmp_path / "run").exists()


def test_fault_76_processes_that_disagree(photos: Path, tmp_path: Path) -> None:
    told = several.together(2, several.words(photos, tmp_path / "run"), apart=[(), ("--seed", 7)])
    errors = told[0].err + told[1].err
    assert [one.code for one in told] == [2, 2]
    assert errors.count("another value of seed in its recipe") == 1, errors


@pytest.mark.slow
def test_a_signal_to_all_saves_and_stops(photos: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    processes = several.started(2, several.words(photos, run, **_LONG))
    _until(run, "epoch")
    for process in processes:
        process.send_signal(signal.SIGTERM)
    told = several.ended(processes)
    assert [one.code for one in told] == [143, 143], told
    assert not told[1].err
    assert checkpoint.load(run_folder.open(run), "last").step > 0
    assert isinstance(_rows(run)[-1], Ended)


def test_fault_75_a_port_in_use_is_one_sentence(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        monkeypatch.setattr(several, "free_port", lambda: held.getsockname()[1])
        first, *others = several.started(2, several.words(photos, tmp_path / "run"))
        told = several.ended([first])[0]
        for other in others:
            other.kill()
            other.told()
    assert told.code == 1 and "the port is free" in told.err and "Traceback" not in told.err, told


def test_fault_75_a_name_that_nobody_knows_is_one_sentence() -> None:
    """At once: torch by itself asks for ten minutes. In a process of its own, as these may ask nobody for a name."""
    named = {"RANK": "1", "WORLD_SIZE": "2", "MASTER_ADDR": "no such host", "MASTER_PORT": "29500"}
    done = subprocess.run(
        [sys.executable, "-c", "from alexnet_studio.training import world\nwith world.found(): pass"],
        env={**os.environ, **named},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    last = done.stderr.strip().splitlines()[-1]
    assert "The processes do not find each other at no such host:29500" in last, done.stderr


@pytest.mark.slow
def test_torchrun_itself_and_one_line_that_serves_requeued_jobs(photos: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    launcher = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc-per-node",
        "2",
        "-m",
        "--",
    ]
    for epochs in (1, 2):
        words = [*several.words(photos, run, epochs=epochs), "--resume"]
        if epochs == 2:
            words = ["train", photos, "--run", run, "--epochs", 2, "--resume", "--json"]
        done = subprocess.run(
            [*launcher, "alexnet_studio", *map(str, words)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        assert rows[0]["event"] == "started" and rows[-1]["reason"] == "finished"
    assert [epoch.epoch for epoch in _epochs(run)] == [1, 2]
