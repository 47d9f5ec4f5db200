"""Runs get other names, and go to the trash whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from blank_run import blank_run

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs import folder
from alexnet_studio.runs.history import History
from alexnet_studio.runs.moving import rename, to_trash
from alexnet_studio.runs.rows import Ended, Started


def test_a_run_gets_another_name(tmp_path: Path) -> None:
    run = blank_run(tmp_path)
    History(run.metrics).append(Ended(0, 0, "stopped", None))
    assert rename(run.path, "猫 at 64 px") == tmp_path / "猫 at 64 px"
    assert folder.open(tmp_path / "猫 at 64 px").record == run.record
    assert not run.path.exists()


@pytest.mark.parametrize("name", ["", "a/b", "..", ".hidden", "CON", "nul.txt", "dot.", "what?", "x" * 300])
def test_names_that_are_no_folders_everywhere_are_refused(tmp_path: Path, name: str) -> None:
    run = blank_run(tmp_path)
    with pytest.raises(BadInput) as told:
        rename(run.path, name)
    assert told.value.code == "run_name"
    assert run.path.is_dir()


def test_another_run_is_not_replaced(tmp_path: Path) -> None:
    run, other = blank_run(tmp_path), blank_run(tmp_path, "other")
    for one in (run, other):
        History(one.metrics).append(Ended(0, 0, "stopped", None))
    with pytest.raises(BadInput, match="already"):
        rename(run.path, "other")


def test_what_is_being_trained_stays(tmp_path: Path) -> None:
    run = blank_run(tmp_path)
    History(run.metrics).append(Started(0, 0, 2, 4, 13, 3, 2, "tiny", "cpu", "float32", 2))
    with pytest.raises(BadInput, match="being trained"):
        rename(run.path, "other")
    with pytest.raises(BadInput, match="being trained"):
        to_trash(run.path)
    with pytest.raises(BadInput, match="not a run"):
        to_trash(tmp_path)
    assert run.path.is_dir()


@pytest.mark.skipif(sys.platform != "linux", reason="where the trash is")
def test_the_trash_holds_the_run(tmp_path: Path) -> None:
    run = blank_run(tmp_path)
    History(run.metrics).append(Ended(0, 0, "stopped", None))
    # The library asks for the place of the trash when it is imported: a process of its own.
    subprocess.run(
        [sys.executable, "-m", "alexnet_studio", "trash", str(run.path)],
        check=True,
        timeout=60,
        env={"XDG_DATA_HOME": str(tmp_path / "home"), "PATH": ""},
    )
    assert not run.path.exists()
    trashed = tmp_path / "home" / "Trash" / "files" / "run"
    assert folder.open(trashed).record == run.record
