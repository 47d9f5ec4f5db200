"""A queue of trainings: one on each device, gone on with, and not stopped by one that fails."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from cli.answer import Command
from other_trainer import trained_elsewhere

from alexnet_studio.runs.catalogue import summary
from alexnet_studio.training.queue_slots import machine_slots, place

TINY = "--network mini --width 0.25 --batch-size 12 --device cpu"


def _line(pictures: Path, run: Path, more: str = "--epochs 1") -> str:
    return f"train '{pictures}' --run '{run}' {TINY} {more}\n"


@pytest.mark.slow
def test_what_fails_stops_nothing_and_what_is_finished_is_left(
    command: Command, pictures: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    file = tmp_path / "night.txt"
    file.write_text(
        "# the night's work\n"
        + _line(pictures, first)
        + _line(tmp_path / "nowhere", tmp_path / "none")
        + f"alexnet-studio {_line(pictures, second)}",
        encoding="utf-8",
    )
    answer = command("queue", file)
    assert answer.code == 1
    assert "first: epoch   1/1" in answer.out
    assert summary(first).state == summary(second).state == "finished"
    again = command("queue", file, "--json")
    assert again.code == 1
    states = [(one["line"], one["state"]) for one in again.document]
    assert states == [(2, "finished"), (3, "failed"), (4, "finished")]
    assert "nowhere" in again.document[1]["sentence"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_interrupted_it_saves_and_goes_on(command: Command, pictures: Path, tmp_path: Path) -> None:
    run, file = tmp_path / "long", tmp_path / "night.txt"
    file.write_text(_line(pictures, run, "--epochs 4000"), encoding="utf-8")
    words = [sys.executable, "-m", "alexnet_studio", "queue", str(file)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while "epoch" not in process.stdout.readline():
            time.sleep(0)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    stopped = summary(run)
    assert (stopped.state, stopped.epochs >= 1) == ("stopped", True)
    file.write_text(_line(pictures, run, f"--epochs {stopped.epochs + 1}"), encoding="utf-8")
    assert command("queue", file).code == 0
    assert (summary(run).state, summary(run).epochs) == ("finished", stopped.epochs + 1)


@pytest.mark.slow
def test_fault_58_what_another_process_trains_keeps_its_device_and_is_gone_on_with_after_it(
    command: Command, pictures: Path, tmp_path: Path
) -> None:
    first, second, file = tmp_path / "first", tmp_path / "second", tmp_path / "night.txt"
    file.write_text(_line(pictures, first) + _line(pictures, second), encoding="utf-8")
    with trained_elsewhere(first) as other:
        killing = threading.Timer(3.0, other.kill)
        killing.start()
        answer = command("queue", file, "--json")
        assert not killing.is_alive(), "it has waited"
    assert answer.code == 0
    assert [one["state"] for one in answer.document] == ["finished", "finished"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("evaluate run\n", "Line 1"),
        ("\ntrain photos\n", "Line 2"),
        ("train photos --run r --epochs none\n", "--epochs"),
        ("train photos --run 'r\n", "quotation"),
        ("train photos --run r\ntrain photos --run ./r\n", "that of line 1"),
        ("# nothing\n", "no train command"),
    ],
)
def test_a_wrong_line_is_told_before_anything_starts(
    command: Command, tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "queue.txt").write_text(text, encoding="utf-8")
    answer = command("queue", tmp_path / "queue.txt")
    assert answer.code == 2
    assert told in answer.err
    assert answer.err.count("\n") == 1


def test_each_device_is_one_slot() -> None:
    cards = machine_slots(("cpu", "cuda:0", "cuda:1", "cuda:0,cuda:1"))
    assert cards == ("cuda:0", "cuda:1")
    assert machine_slots(("auto", "cpu", "cuda")) == ("cuda",)
    assert machine_slots(("cpu",)) == ("cpu",)
    assert place("auto", cards, {"cuda:0"}) == ({"cuda:1"}, "cuda:1")
    assert place("auto", cards, set(cards)) is None
    assert place("auto", ("cpu",), set()) == ({"cpu"}, None)
    assert place("cuda", cards, {"cuda:0"}) is None
    assert place("cuda:0,cuda:1", cards, {"cuda:1"}) is None
    assert place("cuda:0,cuda:1", cards, set()) == (set(cards), None)
    assert place("cpu", cards, set(cards)) == ({"cpu"}, None)
