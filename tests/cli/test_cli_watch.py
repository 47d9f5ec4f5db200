"""Curves in a terminal, of a run that another process writes."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from cli.answer import Command

from alexnet_studio.cli.terminal_plot import Line, plot


@pytest.fixture
def growing(trained: Path, tmp_path: Path) -> Path:
    """A copy of the trained run that has not ended yet."""
    run = Path(shutil.copytree(trained, tmp_path / "growing"))
    lines = (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (run / "metrics.jsonl").write_text("".join(lines[:-1]), encoding="utf-8")
    return run


def _watching(run: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "alexnet_studio", "watch", str(run), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_away_from_a_terminal_one_line_an_epoch(command: Command, trained: Path) -> None:
    for words in ((), ("--once",)):
        answer = command("watch", trained, *words)
        assert answer.code == 0
        assert [line.startswith("epoch") for line in answer.out.splitlines()] == [False, True, True, False]
    rows = command("watch", trained, "--json").rows
    assert [row["event"] for row in rows if row["event"] != "layers"] == [
        "started",
        "epoch",
        "epoch",
        "ended",
    ]
    assert command("watch", trained.parent / "nowhere").code == 2


def test_the_end_is_awaited(growing: Path) -> None:
    with _watching(growing) as process:
        assert process.stdout is not None
        seen = [process.stdout.readline() for _ in range(3)]
        assert seen[2].startswith("epoch   2/2")
        ended = {"event": "ended", "step": 10, "epoch": 2, "reason": "stopped", "best_epoch": 1}
        with (growing / "metrics.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(ended)[:30])
            file.flush()
            time.sleep(0.2)
            file.write(json.dumps(ended)[30:] + "\n")
        assert process.stdout.readline() == "stopped after epoch 2; best epoch 1\n"
        assert process.wait(30) == 0


def test_ctrl_c_ends_it(growing: Path) -> None:
    with _watching(growing) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130


def test_lines_are_drawn_from_corner_to_corner() -> None:
    x = np.arange(101.0)
    drawn = plot("a rising line", [Line("y", x, x)], 40, 12, low=0.0)
    assert len(drawn) == 12
    assert max(map(len, drawn)) <= 40
    body = [text.split("│")[1] for text in drawn[1:-1]]
    heights = [min(row for row in range(len(body)) if body[row][c] != "⠀") for c in range(len(body[0]))]
    assert heights[0] == len(body) - 1
    assert heights[-1] == 0
    assert heights == sorted(heights, reverse=True)
    assert drawn[1].split("│")[0].strip() == "100"
    assert drawn[-2].split("│")[0].strip() == "0"


def test_points_are_marked_and_gaps_left_out() -> None:
    y = np.array([0.0, np.nan, 1.0])
    drawn = plot("marks", [Line("y", np.arange(3.0), y, "o")], 30, 8)
    assert sum(text.split("│")[-1].count("o") for text in drawn[1:-1]) == 2
    assert plot("nothing", [Line("y", np.empty(0), np.empty(0))], 30, 8)[0] == "nothing"
