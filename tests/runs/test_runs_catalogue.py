"""The list of runs shows what each came to, and does not stumble over a broken one."""

from __future__ import annotations

from pathlib import Path

from blank_run import blank_run

from alexnet_studio.runs.catalogue import runs_in
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Epoch, Started


def test_runs_are_summed_up(tmp_path: Path) -> None:
    run = blank_run(tmp_path)
    history = History(run.metrics)
    history.append(Started(0, 0, 2, 4, 13, 3, 2, "tiny", "cpu", "float32", 2))
    history.append(Epoch(1, 4, 2.0, 0.2, 0.6, 1.0, 0.5, 1.0, 2, 1.5, 90.0))
    history.append(Epoch(2, 8, 2.0, 0.2, 0.6, 1.0, 0.25, 1.0, 2, 1.5, 90.0))
    history.append(Ended(8, 2, "finished", 1))
    blank_run(tmp_path, "untrained")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{")
    (tmp_path / "holiday").mkdir()
    found = {summary.path.name: summary for summary in runs_in(tmp_path)}
    assert set(found) == {"run", "untrained", "broken"}
    done = found["run"]
    assert (done.network, done.classes, done.epochs, done.best_epoch, done.best_val_top1, done.reason) == (
        "tiny", 2, 2, 1, 0.5, "finished",
    )  # fmt: skip
    assert found["untrained"].reason is None
    assert "run.json" in found["broken"].problem


def test_no_folder_no_runs(tmp_path: Path) -> None:
    assert runs_in(tmp_path / "nowhere") == ()
