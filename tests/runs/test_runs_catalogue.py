"""The list of runs shows what each came to, reads little of each, and does not stumble over a broken one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from blank_run import blank_record, blank_run

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs import activity, folder, lock
from alexnet_studio.runs.catalogue import Catalogue, RunSummary, runs_in, summary
from alexnet_studio.runs.history import History
from alexnet_studio.runs.record import RecordedSplit
from alexnet_studio.runs.rows import Ended, Epoch, Note, Started, Step
from alexnet_studio.runs.tail import Tail


def _started() -> Started:
    return Started(0, 0, 2, 4, 13, 3, 2, "tiny", "cpu", "float32", 2)


def _epoch(number: int, top1: float, steps: int = 4) -> Epoch:
    return Epoch(number, steps * number, 2.0, 0.2, 0.6, 1.0, top1, 1.0, 2, 1.5, 90.0)


def _step(number: int, epoch: int) -> Step:
    return Step(number, epoch, 1.0 / number, 0.5, 0.5, 2, 0.01, 100.0)


def _aged(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def _summed(tmp_path: Path, *rows: Started | Step | Epoch | Note | Ended, age: float = 0) -> RunSummary:
    run = blank_run(tmp_path)
    history = History(run.metrics)
    for row in rows:
        history.append(row)
    if rows:
        _aged(run.metrics, age)
    return summary(run.path)


def test_runs_are_summed_up(tmp_path: Path) -> None:
    run = blank_run(tmp_path)
    history = History(run.metrics)
    for row in (_started(), _step(3, 1), _epoch(1, 0.5), _epoch(2, 0.25), Ended(8, 2, "finished", 1)):
        history.append(row)
    group = tmp_path / "group"
    group.mkdir()
    blank_run(group, "seed-1")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{")
    (tmp_path / "holiday").mkdir()
    found = {run.name: run for run in runs_in(tmp_path)}
    assert set(found) == {"run", "seed-1", "broken"}
    done = found["run"]
    assert (done.network, done.classes, done.epochs, done.best_epoch, done.best_val_top1, done.state) == (
        "tiny", 2, 2, 1, 0.5, "finished",
    )  # fmt: skip
    assert done.loss == pytest.approx(1 / 3)
    assert done.size_bytes == sum(path.stat().st_size for path in run.path.rglob("*") if path.is_file())
    assert found["broken"].state == "damaged"
    assert "run.json" in found["broken"].problem


@pytest.mark.parametrize(("age", "state"), [(1, "running"), (300, "interrupted")])
def test_a_run_without_an_end_is_running_while_it_grows(tmp_path: Path, age: float, state: str) -> None:
    found = _summed(tmp_path, _started(), _step(1, 1), _step(5, 2), Note(5, "stuck", "It is stuck."), age=age)
    assert (found.state, found.epochs) == (state, 1)


def test_long_epochs_are_waited_for(tmp_path: Path) -> None:
    slow = Epoch(1, 4, 2.0, 0.2, 0.6, 1.0, 0.5, 1.0, 2, 400.0, 90.0)
    assert _summed(tmp_path, _started(), slow, age=700).state == "running"


@pytest.mark.parametrize("reason", ["finished", "stopped", "diverged", "failed"])
def test_how_it_ended(tmp_path: Path, reason: str) -> None:
    assert _summed(tmp_path, _started(), Ended(4, 1, reason, None)).state == reason  # pyright: ignore[reportArgumentType]


def test_a_run_that_is_written_is_left_alone(tmp_path: Path) -> None:
    run = _summed(tmp_path, _started(), _step(1, 1)).path
    with pytest.raises(BadInput, match="being trained"):
        activity.require_unwritten(run)
    _aged(run / "metrics.jsonl", 300)
    activity.require_unwritten(run)


def test_who_holds_the_lock_writes(tmp_path: Path) -> None:
    run = _summed(tmp_path, _started(), Ended(4, 1, "stopped", None), age=3000).path
    with lock.held(run):
        assert summary(run).state == "running"
        with pytest.raises(BadInput, match="being trained"):
            activity.require_unwritten(run)
    assert summary(run).state == "stopped"


def test_a_killed_training_is_interrupted_at_once(tmp_path: Path) -> None:
    run = _summed(tmp_path, _started(), _step(1, 1)).path
    holding = "import sys, time; from pathlib import Path; from alexnet_studio.runs import lock\n"
    holding += "with lock.held(Path(sys.argv[1])):\n print(flush=True)\n time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", holding, str(run)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert summary(run).state == "running"
        process.kill()
    assert summary(run).state == "interrupted"


@pytest.mark.parametrize("best", [1, 2, 7, 50, 99, 100])
def test_the_best_epoch_is_found_in_a_long_history(tmp_path: Path, best: int) -> None:
    run = blank_run(tmp_path)
    rows: list[Started | Step | Epoch] = [_started()]
    for number in range(1, 101):
        rows += [_step(number * 10 + i, number) for i in range(10)]
        rows.append(_epoch(number, 0.9 if number == best else number / 1000, 10))
    lines = "".join(map(_line, (*rows, Ended(1010, 100, "finished", best))))
    run.metrics.write_text(lines, encoding="utf-8")
    assert run.metrics.stat().st_size > 100_000
    tail = Tail(run.metrics)
    assert not tail.is_all
    assert len(tail.rows) < 100
    assert tail.epoch(best) == _epoch(best, 0.9, 10)
    assert tail.epoch(101) is None
    assert len(tail.epochs()) == 100
    found = summary(run.path)
    assert (found.best_epoch, found.best_val_top1) == (best, 0.9)


def _line(row: Started | Step | Epoch | Ended) -> str:
    import json

    from alexnet_studio.runs.rows import as_json

    return json.dumps(as_json(row)) + "\n"


def test_the_list_of_images_is_not_read(tmp_path: Path) -> None:
    paths = tuple(f"a dog/{number}.png" for number in range(20_000))
    record = blank_record(tmp_path / "data").model_copy(update={"split": RecordedSplit(train=paths, val=())})
    run = folder.create(tmp_path / "run", record)
    text = (run.path / "run.json").read_text(encoding="utf-8")
    # What stands behind the beginning of the split does not matter to a list.
    (run.path / "run.json").write_text(text[: text.index("a dog/15000")], encoding="utf-8")
    assert summary(run.path).classes == 2
    assert runs_in(tmp_path)[0].problem == ""


def test_a_record_that_was_written_by_hand_is_read_whole(tmp_path: Path) -> None:
    run = blank_run(tmp_path)
    (run.path / "run.json").write_text(run.record.model_dump_json(), encoding="utf-8")
    assert summary(run.path).network == "tiny"


def test_what_has_changed_is_seen(tmp_path: Path) -> None:
    run = blank_run(tmp_path)
    catalogue = Catalogue(tmp_path)
    assert [found.epochs for found in catalogue.runs()] == [0]
    History(run.metrics).append(_epoch(1, 0.5))
    assert [found.epochs for found in catalogue.runs()] == [1]
    _aged(run.metrics, 300)
    assert [found.state for found in catalogue.runs()] == ["interrupted"]


def test_no_folder_no_runs(tmp_path: Path) -> None:
    assert runs_in(tmp_path / "nowhere") == ()
