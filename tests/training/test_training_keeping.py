"""Checkpoints within an epoch, written beside the training; and every way to stop while one is on its way."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
import tiny
from exactness import assert_same

from alexnet_studio.ground import file_ops
from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.ground.file_ops import FileOps
from alexnet_studio.ground.progress import Progress
from alexnet_studio.runs import checkpoint, lock
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Started, Step
from alexnet_studio.training.events import Saved
from alexnet_studio.training.trainer import Request, resume, train


class SlowDisk(FileOps):
    """Waits at each replacement of a checkpoint until `free` is set; `error` is then raised."""

    def __init__(self, error: OSError | None = None) -> None:
        self.free = threading.Event()
        self.reached = threading.Event()
        self._error = error

    def replace(self, source: Path, target: Path) -> None:
        if target.suffix == ".pt":
            self.reached.set()
            assert self.free.wait(20)
            if self._error is not None:
                raise self._error
        super().replace(source, target)


def _request(tmp_path: Path, name: str) -> Request:
    """Four steps in each of three epochs, and a validation of several batches."""
    data = tmp_path / "data"
    folder = tiny.scanned(data) if data.exists() else tiny.folder(data, each=8, val=6)
    return Request(folder, tmp_path / name, tiny.spec(dropout=0.5), tiny.recipe())


@pytest.fixture
def saves_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alexnet_studio.training.keeping.FIRST_S", 0.0)


@pytest.mark.usefixtures("saves_at_once")
def test_a_young_run_is_saved_within_its_first_epoch(tmp_path: Path) -> None:
    events = train(_request(tmp_path, "run"))
    seen = next(event for event in events if isinstance(event, Saved))
    assert (seen.step in {1, 2, 3, 4}, seen.epoch, seen.best) == (True, 0, False)
    found = checkpoint.load(run_folder.open(tmp_path / "run"), "last")
    assert (found.step, found.batch) == (seen.step, seen.step)
    events.close()


@pytest.mark.usefixtures("saves_at_once")
def test_training_goes_on_while_a_checkpoint_is_written(tmp_path: Path) -> None:
    disk = SlowDisk()
    with file_ops.through(disk):
        events = train(_request(tmp_path, "run"))
        steps = 0
        for event in events:
            assert not isinstance(event, Saved)
            steps += isinstance(event, Step)
            if steps == 3:
                assert disk.reached.wait(20)
                break
        disk.free.set()
        list(events)
    list(train(_request(tmp_path, "whole")))
    assert_same(tmp_path / "whole", tmp_path / "run")


@pytest.mark.usefixtures("saves_at_once")
def test_fault_50_a_full_disk_beside_the_training_pauses_it(tmp_path: Path) -> None:
    disk = SlowDisk(OSError(28, "No space left on device"))
    disk.free.set()
    with file_ops.through(disk), pytest.raises(Failed, match=r"is full \([\d,.]+ MB free\)"):
        list(train(_request(tmp_path, "run")))
    ended = History(tmp_path / "run" / "metrics.jsonl").read()[-1]
    assert isinstance(ended, Ended)
    assert (ended.reason, ended.code) == ("failed", "disk_full")
    list(resume(tmp_path / "run"))
    list(train(_request(tmp_path, "whole")))
    assert_same(tmp_path / "whole", tmp_path / "run")


@pytest.mark.usefixtures("saves_at_once")
def test_without_memory_for_a_copy_it_is_written_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(needed_bytes: int) -> bool:
        return needed_bytes < 0

    monkeypatch.setattr("alexnet_studio.training.snapshot.has_room", never)
    seen = [event for event in train(_request(tmp_path, "run")) if isinstance(event, Step | Saved)]
    assert isinstance(seen[1], Saved)  # right behind its step
    assert seen[1].step == 1
    list(train(_request(tmp_path, "whole")))
    assert_same(tmp_path / "whole", tmp_path / "run")


@pytest.mark.usefixtures("saves_at_once")
def test_fault_48_stopped_during_a_save(tmp_path: Path) -> None:
    disk = SlowDisk()
    with file_ops.through(disk):
        events = train(_request(tmp_path, "run"))
        for event in events:
            if isinstance(event, Step) and event.step >= 2 and disk.reached.wait(5):
                break
        threading.Timer(0.2, disk.free.set).start()
        began = time.monotonic()
        events.close()
        events.close()  # twice
    assert time.monotonic() - began < 2
    assert lock.holder(tmp_path / "run") is None
    assert checkpoint.load(run_folder.open(tmp_path / "run"), "last").step >= 2
    list(resume(tmp_path / "run"))
    list(train(_request(tmp_path, "whole")))
    assert_same(tmp_path / "whole", tmp_path / "run")


def test_fault_48_stopped_during_validation(tmp_path: Path) -> None:
    events = train(_request(tmp_path, "run"))
    for event in events:
        if isinstance(event, Progress) and event.what == "evaluate" and event.done:
            break
    began = time.monotonic()
    events.close()
    assert time.monotonic() - began < 2
    found = checkpoint.load(run_folder.open(tmp_path / "run"), "last")
    assert (found.step, found.epoch, found.batch) == (4, 0, 4)
    list(resume(tmp_path / "run"))
    list(train(_request(tmp_path, "whole")))
    assert_same(tmp_path / "whole", tmp_path / "run")


def test_fault_58_a_run_that_is_trained_is_not_trained_again(tmp_path: Path) -> None:
    events = train(_request(tmp_path, "run"))
    for event in events:
        if isinstance(event, Started):
            break
    with pytest.raises(BadInput) as caught:
        list(resume(tmp_path / "run"))
    assert caught.value.code == "run_in_use"
    assert isinstance(list(events)[-1], Ended)
    assert isinstance(list(resume(tmp_path / "run"))[-1], Ended)


@pytest.mark.usefixtures("saves_at_once")
def test_large_checkpoints_of_short_epochs_wait_and_the_best_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(train(_request(tmp_path, "whole")))
    monkeypatch.setattr("alexnet_studio.training.keeping.LARGE_BYTES", 0)
    monkeypatch.setattr("alexnet_studio.training.keeping.PAUSE", 1e9)
    events = list(train(_request(tmp_path, "run")))
    assert_same(tmp_path / "whole", tmp_path / "run")
    saved = [event for event in events if isinstance(event, Saved)]
    # The first one at once; then what was best so far when it ended, and where it ended.
    assert len(saved) <= 3
    assert (saved[0].epoch, saved[-1].epoch) == (0, 3)
    best = checkpoint.load(run_folder.open(tmp_path / "run"), "best")
    assert best.best is not None
    assert (best.epoch, best.batch) == (best.best.epoch, 0)
