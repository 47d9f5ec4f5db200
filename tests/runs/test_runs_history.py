"""Rows survive a kill, a torn line and a resume."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Epoch, Note, Row, Started, Step


def _step(number: int) -> Step:
    return Step(number, 1, 2.25, 0.1, 0.5, 5, 0.02, 100.0)


def _epoch(number: int, step: int) -> Epoch:
    return Epoch(number, step, 2.0, 0.2, 0.6, None, None, None, 5, 1.5, 90.0)


def _written(path: Path, *rows: Row) -> History:
    history = History(path / "metrics.jsonl")
    for row in rows:
        history.append(row)
    return history


def test_every_kind_of_row_comes_back(tmp_path: Path) -> None:
    rows: tuple[Row, ...] = (
        Started(0, 0, 3, 4, 13, 3, 2, "tiny", "cpu", "float32", 2),
        _step(1),
        Note(1, "images_unreadable", "1 image was left out: 猫/ü.png"),
        _epoch(1, 4),
        Ended(4, 1, "stopped", 1, "", ""),
    )
    assert _written(tmp_path, *rows).read() == rows


def test_nothing_yet(tmp_path: Path) -> None:
    assert History(tmp_path / "metrics.jsonl").read() == ()


@pytest.mark.parametrize("cut", range(1, 40, 7))
def test_fault_49_a_torn_last_line_is_skipped_and_written_over(tmp_path: Path, cut: int) -> None:
    history = _written(tmp_path, _step(1), _step(2))
    history.path.write_bytes(history.path.read_bytes()[:-cut])
    assert history.read() == (_step(1),)
    _written(tmp_path, _step(2), _step(3))  # another process goes on
    assert history.read() == (_step(1), _step(2), _step(3))


@pytest.mark.parametrize("line", [b"{", b"12", b"null", b'{"event": "step"}', b'{"event": "dance"}', b"\xff"])
def test_fault_49_a_damaged_line_in_the_middle_is_named(tmp_path: Path, line: bytes) -> None:
    history = _written(tmp_path, _step(1), _step(2))
    first, second, _ = history.path.read_bytes().split(b"\n")
    history.path.write_bytes(first + b"\n" + line + b"\n" + second + b"\n")
    with pytest.raises(BadInput, match=r"Line 2 of .*metrics\.jsonl is damaged"):
        history.read()


def test_a_resume_cuts_what_the_checkpoint_does_not_know(tmp_path: Path) -> None:
    history = _written(tmp_path, _step(1), _step(2), _epoch(1, 2), _step(3), _step(4), _epoch(2, 4), _step(5))
    history.cut(4, 1)  # killed after the row of epoch 2 and before its checkpoint
    assert history.read() == (_step(1), _step(2), _epoch(1, 2), _step(3), _step(4))


def test_fields_of_a_newer_version_are_dropped(tmp_path: Path) -> None:
    history = _written(tmp_path, _step(1))
    history.path.write_text(history.path.read_text().replace('"step": 1', '"step": 1, "mood": "good"'))
    assert history.read() == (_step(1),)


def test_fault_49_a_deleted_file_comes_back_and_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    history = _written(tmp_path, _step(1))
    history.path.unlink()
    history.append(_step(2))
    assert history.read() == (_step(2),)
    with pytest.raises(Failed) as caught:
        History(tmp_path / "gone" / "metrics.jsonl").append(_step(1))
    assert caught.value.code == "not_writable"
