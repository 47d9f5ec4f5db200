"""Whatever a disk does at whichever call of a training: what was saved stays, and the run can be gone on with."""

from __future__ import annotations

import contextlib
import itertools
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
import tiny
from exactness import assert_same
from faulty_files import ERRORS, FaultyFiles, PowerCut

from alexnet_studio.ground import file_ops
from alexnet_studio.ground.errors import Failed, StudioError
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.rows import Ended
from alexnet_studio.training.trainer import Request, resume, train

KINDS = {**ERRORS, "power": None}
WAYS = [("power", True), *itertools.product(ERRORS, (True, False))]


@pytest.fixture
def folder(tmp_path: Path) -> ImageFolder:
    return tiny.folder(tmp_path / "data", each=5)


@pytest.fixture(autouse=True)
def saves_at_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alexnet_studio.training.keeping.INTERVAL_S", 0.0)
    monkeypatch.setattr("alexnet_studio.training.keeping.FIRST_S", 0.0)


def _request(folder: ImageFolder, run: Path) -> Request:
    pinned = folder.root / folder.images[0].path
    recipe = tiny.recipe(epochs=2, batch_size=3)
    return Request(folder, run, tiny.spec(dropout=0.5), recipe, pins=(pinned,))


def _tried(folder: ImageFolder, run: Path, disk: FaultyFiles) -> None:
    """A training on `disk`: it ends, or says in one sentence why it does not."""
    with file_ops.through(disk), contextlib.suppress(PowerCut):
        try:
            events = list(train(_request(folder, run)))
        except StudioError as error:
            assert isinstance(error, Failed)
            assert error.code in {"disk_full", "not_writable"}
            assert str(run) in error.sentence
        else:
            assert isinstance(events[-1], Ended)


def _assert_goes_on(folder: ImageFolder, whole: Path, run: Path, *, frames_left_out: bool) -> None:
    if run_folder.is_run(run):
        list(resume(run))
    else:
        list(train(_request(folder, run)))
    assert_same(whole, run, frames_left_out=frames_left_out)
    assert not [path for path in run.rglob(".*") if path.name.endswith((".tmp", ".lock"))]


def _try_all(folder: ImageFolder, place: Path, numbers: Iterable[int]) -> int:
    """Fail at each of `numbers`, each in another way than the one before; the first that is behind the last call."""
    whole, run = place / "whole", place / "run"
    list(train(_request(folder, whole)))
    for number, (kind, lasting) in zip(numbers, itertools.cycle(WAYS)):
        disk = FaultyFiles(number, KINDS[kind], lasting=lasting)
        _tried(folder, run, disk)
        if not disk.was_hit:
            return number
        _assert_goes_on(folder, whole, run, frames_left_out=kind != "power")
        shutil.rmtree(run)
    raise AssertionError("unreachable")


def test_fault_51_a_training_on_a_disk_that_fails_now_and_then(tmp_path: Path, folder: ImageFolder) -> None:
    assert _try_all(folder, tmp_path, itertools.count(1, 83)) > 200


def test_fault_51_the_best_epoch_is_held_in_memory_while_a_disk_fails(
    tmp_path: Path, folder: ImageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alexnet_studio.training.keeping.LARGE_BYTES", 0)
    monkeypatch.setattr("alexnet_studio.training.keeping.PAUSE", 1e9)
    monkeypatch.setattr("alexnet_studio.training.keeping.INTERVAL_S", 1e9)
    assert _try_all(folder, tmp_path, itertools.count(1, 29)) > 80


@pytest.mark.slow
def test_fault_51_a_training_on_a_disk_that_fails_at_any_call(tmp_path: Path, folder: ImageFolder) -> None:
    assert _try_all(folder, tmp_path, itertools.count(1)) > 200
