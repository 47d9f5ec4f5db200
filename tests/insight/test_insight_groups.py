"""Which runs of a folder are one result together, and which."""

from __future__ import annotations

import shutil
import statistics
from pathlib import Path

import pytest

from alexnet_studio.ground import places
from alexnet_studio.insight.groups import Groups
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.catalogue import runs_in
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Epoch


def _run(path: Path, top1: float, val: int) -> None:
    path.mkdir(parents=True)
    shutil.copy(places.resources() / "example-run" / "run.json", path)
    record = runs.open(path).record
    split = record.split.model_copy(update={"val": record.split.train[:val]})
    runs.write_record(path, record.model_copy(update={"split": split}))
    History(path / "metrics.jsonl").append(Epoch(1, 4, 2.0, 0.2, 0.6, 1.0, top1, 1.0, 3, 1.5, 90.0))


def test_seeds_have_a_mean_and_folds_a_share_and_others_are_no_group(tmp_path: Path) -> None:
    shares = [0.5, 0.7, 0.9]
    for number, top1 in enumerate(shares, 1):
        _run(tmp_path / "five" / f"seed-{number}", top1, 10)
    _run(tmp_path / "parts" / "fold-1", 0.75, 4)
    _run(tmp_path / "parts" / "fold-2", 1.0, 12)
    _run(tmp_path / "mine" / "seed-1", 0.5, 10)
    _run(tmp_path / "mine" / "other", 0.5, 10)
    _run(tmp_path / "alone" / "seed-1", 0.5, 10)
    groups = Groups()
    found = {group.folder.name: group for group in groups.among(runs_in(tmp_path))}
    assert found.keys() == {"five", "parts"}
    five, parts = found["five"], found["parts"]
    assert (five.kind, parts.kind) == ("seeds", "folds")
    assert five.pooled.mean == pytest.approx(statistics.fmean(shares))
    assert five.pooled.sd == pytest.approx(statistics.stdev(shares))
    assert (parts.pooled.right, parts.pooled.images) == (15, 16)
    inside = groups.among(runs_in(tmp_path / "parts"))
    assert [group.folder.name for group in inside] == ["parts"]
