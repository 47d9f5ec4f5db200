"""A packed run carries what it answered; what is damaged in it is told."""

from __future__ import annotations

import os
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alexnet_studio.ground import places
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs import evaluations
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.evaluations import EvaluationFile
from alexnet_studio.runs.pack import pack


@pytest.fixture
def example() -> EvaluationFile:
    (kept,) = evaluations.kept(places.resources() / "example-run")
    return evaluations.read(kept)


def test_a_packed_run_shows_its_evaluation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALEXNET_STUDIO_CACHE", str(tmp_path / "cache"))
    list(pack(places.resources() / "example-run", tmp_path / "packed.zip", weights=False))
    with zipfile.ZipFile(tmp_path / "packed.zip") as archive:
        assert any(name.endswith("evaluations/validation-center.npz") for name in archive.namelist())
    (kept,) = evaluations.kept(runs.open(tmp_path / "packed.zip").path)
    assert len(evaluations.read(kept).paths) == 140


def test_the_newest_evaluation_comes_first_and_none_is_none(tmp_path: Path, example: EvaluationFile) -> None:
    assert evaluations.kept(tmp_path) == ()
    for age, name in enumerate(("test", "validation", "photos-0a1b2c")):
        path = evaluations.write(tmp_path, replace(example, name=name))
        os.utime(path, ns=(10**18 - age, 10**18 - age))
    assert [path.name for path in evaluations.kept(tmp_path)] == [
        "test-center.npz",
        "validation-center.npz",
        "photos-0a1b2c-center.npz",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"labels": np.array([0])},
        {"classes": ()},
        {"classes": ("one",)},
        {"thumbnails": np.zeros((3, 64, 64, 3), np.uint8)},
        {"own": np.zeros((140, 2), np.float32)},
    ],
)
def test_arrays_that_do_not_belong_together_are_refused(
    tmp_path: Path, example: EvaluationFile, change: dict[str, object]
) -> None:
    path = evaluations.write(tmp_path, replace(example, **change))
    with pytest.raises(BadInput, match="is damaged"):
        evaluations.read(path)
