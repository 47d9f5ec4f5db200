"""How far a queue is, told by the runs alone."""

from __future__ import annotations

import shutil
from pathlib import Path

from alexnet_studio.ground import places
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs import lock
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended
from alexnet_studio.training.command_words import parsed
from alexnet_studio.training.queue_file import Entry
from alexnet_studio.training.queue_state import occupied, standing


def _entry(run: Path, *words: str) -> Entry:
    return Entry(1, "", (), parsed(["photos", "--run", str(run), *words]))


def _run(path: Path, ended: Ended, device: str = "auto") -> Path:
    path.mkdir()
    shutil.copy(places.resources() / "example-run" / "run.json", path)
    record = runs.open(path).record
    runs.write_record(path, record.model_copy(update={"recipe": {**record.recipe, "device": device}}))
    History(path / "metrics.jsonl").append(ended)
    return path


def test_what_has_not_begun_waits(tmp_path: Path) -> None:
    found = standing(_entry(tmp_path / "none"))
    assert (found.state, found.is_settled, found.sentence) == ("waiting", False, "")


def test_what_has_ended_says_how(tmp_path: Path) -> None:
    finished = standing(_entry(_run(tmp_path / "a", Ended(4, 1, "finished", 1))))
    failed = standing(_entry(_run(tmp_path / "b", Ended(4, 1, "failed", 1, "No memory is left."))))
    stopped = standing(_entry(_run(tmp_path / "c", Ended(4, 1, "stopped", 1))))
    assert (finished.state, finished.is_settled) == ("finished", True)
    assert (failed.state, failed.is_settled, failed.sentence) == ("failed", False, "No memory is left.")
    assert (stopped.state, stopped.is_settled) == ("stopped", False)


def test_what_is_finished_is_read_once_until_somebody_goes_on_with_it(tmp_path: Path) -> None:
    entry = _entry(_run(tmp_path / "a", Ended(4, 1, "finished", 1)))
    first = standing(entry)
    assert standing(entry, first) is first
    with lock.held(entry.run):
        assert standing(entry, first).state == "running"
    shutil.rmtree(entry.run)
    assert standing(entry, first).state == "waiting"


def test_what_is_trained_keeps_its_device_also_before_its_record_is_written(tmp_path: Path) -> None:
    slots = ("cuda:0", "cuda:1")
    second = _entry(_run(tmp_path / "a", Ended(4, 1, "stopped", 1), device="cuda:1"))
    begins = _entry(tmp_path / "b", "--device", "cpu")
    waits = _entry(tmp_path / "c", "--device", "cuda:0")
    begins.run.mkdir()
    with lock.held(second.run), lock.held(begins.run):
        found = [standing(entry) for entry in (second, begins, waits)]
        assert [one.state for one in found] == ["running", "running", "waiting"]
        assert occupied(found, slots) == {"cuda:1", "cpu"}
    assert occupied([standing(entry) for entry in (second, begins, waits)], slots) == set()
