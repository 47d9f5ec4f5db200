"""A run folder with nothing in it yet."""

from __future__ import annotations

from pathlib import Path

from alexnet_studio.runs import folder
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.record import DataSource, RecordedSplit, RunRecord


def blank_record(data: Path) -> RunRecord:
    return RunRecord(
        app_version="0.1.0",
        created="2026-01-02T03:04:05+00:00",
        network={"name": "tiny"},
        input={},
        recipe={},
        classes=("猫", "a dog"),
        data=DataSource(root=str(data), fingerprint="f", layout="classes"),
        split=RecordedSplit(train=("猫/1.png",), val=()),
        colour={},
        seed=1,
        device="cpu",
        precision="float32",
        threads=1,
        versions={},
    )


def blank_run(tmp_path: Path, name: str = "run") -> RunFolder:
    return folder.create(tmp_path / name, blank_record(tmp_path / "data"))
