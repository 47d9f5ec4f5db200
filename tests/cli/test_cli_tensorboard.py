"""What TensorBoard reads of a run is what its history says."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
from cli.answer import Command

from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Epoch, Step


@pytest.mark.filterwarnings("ignore")  # TensorBoard's own, of its own libraries
def test_tensorboard_reads_every_number(command: Command, trained: Path, tmp_path: Path) -> None:
    out = tmp_path / "events"
    answer = command("tensorboard", trained, "-o", out, "--json")
    assert answer.code == 0, answer.err
    module: Any = importlib.import_module("tensorboard.backend.event_processing.event_accumulator")
    read = module.EventAccumulator(str(out), size_guidance={"scalars": 0})
    read.Reload()
    rows = History(trained / "metrics.jsonl").read()
    for name, wanted in {
        "train/loss": [(row.step, row.loss) for row in rows if isinstance(row, Step)],
        "learning rate": [(row.step, row.lr) for row in rows if isinstance(row, Step)],
        "validation/top1": [(row.step, row.val_top1) for row in rows if isinstance(row, Epoch)],
    }.items():
        assert [(one.step, one.value) for one in read.Scalars(name)] == [
            (step, pytest.approx(value, rel=1e-6)) for step, value in wanted
        ]
    assert "gradient/conv1" in read.Tags()["scalars"]
    again = command("tensorboard", trained, "-o", out)
    assert again.code == 2 and "Choose another folder" in again.err
