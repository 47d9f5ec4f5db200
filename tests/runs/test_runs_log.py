"""A history read as columns: the same rows as one by one, from a cache, while it grows, and when it is damaged."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from alexnet_studio.runs import log_reader
from alexnet_studio.runs.history import History
from alexnet_studio.runs.log import STEP_COLUMNS, Log, parsed
from alexnet_studio.runs.log_reader import LogReader
from alexnet_studio.runs.rows import Ended, Epoch, Note, Row, Started, Step


def _step(number: int, seconds: float | None = None) -> Step:
    return Step(number, 1 + number // 100, 1 / (1 + number), 0.25, 0.5, 5, 0.02, 100.0, seconds)


def _rows(steps: int) -> list[Row]:
    rows: list[Row] = [Started(0, 0, 3, 100, 13, 3, 2, "tiny", "cpu", "float32", 2)]
    for number in range(1, steps + 1):
        rows.append(_step(number, number * 0.5 if number % 3 else None))
        if number % 100 == 0:
            rows.append(Epoch(number // 100, number, 2.0, 0.2, 0.6, 1.5, 0.5, 0.9, 5, 50.0, 90.0, 0.4))
            rows.append(Note(number, "stuck", "猫"))
    return rows


def _written(path: Path, rows: list[Row]) -> Path:
    history = History(path / "metrics.jsonl")
    for row in rows:
        history.append(row)
    return history.path


@pytest.fixture
def metrics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A history of 350 steps that is long enough for a cache, and is read in many blocks."""
    monkeypatch.setattr(log_reader, "_WORTH_CACHING", 100)
    monkeypatch.setattr(log_reader, "_BLOCK_BYTES", 1_000)
    return _written(tmp_path, _rows(350))


def rows_of(log: Log) -> list[Row]:
    """Columns back into rows, which is what they must be equal to."""
    found: list[Row] = []
    others = list(log.others)
    for index in range(log.steps.shape[1] + 1):
        while others and others[0][0] == index:
            found.append(others.pop(0)[1])
        if index < log.steps.shape[1]:
            one = Log(log.steps[:, : index + 1]).last_step()
            assert one is not None
            found.append(one)
    return found


def test_the_columns_are_the_rows(metrics: Path) -> None:
    assert rows_of(LogReader(metrics).now()) == list(History(metrics).read()) == _rows(350)


def test_the_second_time_nothing_is_parsed(metrics: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = LogReader(metrics).now()
    monkeypatch.delattr(log_reader, "parsed")
    reader = LogReader(metrics)
    assert reader.is_quick()
    assert rows_of(reader.now()) == rows_of(first) == _rows(350)


def test_what_is_appended_after_the_cache_is_read_too(metrics: Path) -> None:
    LogReader(metrics).now()
    History(metrics).append(_step(351))
    assert rows_of(LogReader(metrics).now()) == [*_rows(350), _step(351)]


def _flip(cache: Path) -> None:
    content = bytearray(cache.read_bytes())
    content[-100] ^= 1
    cache.write_bytes(content)


def _cut(cache: Path) -> None:
    cache.write_bytes(cache.read_bytes()[:-8])


def _boast(cache: Path) -> None:
    """A number of rows that no memory holds."""
    head, _, rest = cache.read_bytes().partition(b"\n")
    document = json.loads(head)
    document["rows"] = 10**15
    cache.write_bytes(json.dumps(document).encode() + b"\n" + rest)


def _empty(cache: Path) -> None:
    cache.write_bytes(b"")


def _other_json(cache: Path) -> None:
    cache.write_bytes(b"[]\n")


@pytest.mark.parametrize("spoil", [_flip, _cut, _boast, _empty, _other_json])
def test_fault_49_a_damaged_cache_is_made_anew(metrics: Path, spoil: Callable[[Path], None]) -> None:
    LogReader(metrics).now()
    cache = metrics.with_suffix(".columns")
    sound = cache.read_bytes()
    spoil(cache)
    assert rows_of(LogReader(metrics).now()) == _rows(350)
    assert cache.read_bytes() == sound


def test_a_history_that_was_cut_and_grew_again_is_noticed(metrics: Path) -> None:
    reader = LogReader(metrics)
    reader.now()
    History(metrics).cut(120, 1)
    for number in range(121, 500):
        History(metrics).append(_step(number, 7.0))
    expected = [*_rows(350)[: 120 + 3], *(_step(number, 7.0) for number in range(121, 500))]
    assert rows_of(reader.now()) == expected
    assert reader.generation == 1
    assert rows_of(LogReader(metrics).now()) == expected


def test_an_edit_that_keeps_the_size_is_noticed(metrics: Path) -> None:
    LogReader(metrics).now()
    metrics.write_bytes(metrics.read_bytes().replace(b'"lr": 0.02', b'"lr": 0.01'))
    os.utime(metrics, ns=(1, 1))
    assert set(LogReader(metrics).now().steps[STEP_COLUMNS.index("lr")]) == {0.01}


def test_a_follower_reads_only_what_is_new(tmp_path: Path) -> None:
    metrics = tmp_path / "metrics.jsonl"
    reader = LogReader(metrics)
    assert rows_of(reader.now()) == []
    _written(tmp_path, _rows(5))
    assert rows_of(reader.now()) == _rows(5)
    with metrics.open("ab") as file:
        file.write(b'{"event": "note", "step": 5, "co')
    assert rows_of(reader.now()) == _rows(5)  # torn: not yet, and not as damage
    with metrics.open("ab") as file:
        file.write(b'de": "x", "sentence": "y"}\n')
    log = reader.now()
    assert rows_of(log) == [*_rows(5), Note(5, "x", "y")]
    assert (log.damaged, reader.generation) == ((), 0)
    metrics.unlink()
    assert (rows_of(reader.now()), reader.generation) == ([], 1)


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"12",
        b"null",
        b"",
        b'{"event": "step"}',
        b'{"event": "dance"}',
        b"\xff",
        b'{"event": "step"},{"a": 1}',
    ],
)
def test_fault_49_a_damaged_line_in_the_middle_is_named_and_the_others_are_read(
    tmp_path: Path, line: bytes
) -> None:
    metrics = _written(tmp_path, _rows(20))
    lines = metrics.read_bytes().split(b"\n")
    lines[7] = line
    metrics.write_bytes(b"\n".join(lines))
    log = LogReader(metrics).now()
    assert log.damaged == (8,)
    assert rows_of(log) == [row for index, row in enumerate(_rows(20)) if index != 7]


def test_the_tail_is_the_end_with_the_beginning_of_the_run(metrics: Path) -> None:
    log = LogReader(metrics).tail(60)
    rows = _rows(350)
    assert list(log.steps[0]) == list(range(291, 351))
    assert [row for _, row in log.others if isinstance(row, Started)] == rows[:1]
    assert rows_of(log)[-1] == rows[-1]
    whole = LogReader(metrics).tail(10_000)
    assert rows_of(whole) == rows


def test_a_run_that_has_ended_says_so(tmp_path: Path) -> None:
    metrics = _written(tmp_path, [*_rows(3), Ended(3, 0, "stopped", None)])
    assert LogReader(metrics).now().others[-1] == (3, Ended(3, 0, "stopped", None))


def test_a_cache_that_cannot_be_written_is_done_without(metrics: Path) -> None:
    metrics.with_suffix(".columns").mkdir()
    assert rows_of(LogReader(metrics).now()) == _rows(350)


def test_numbers_in_quotes_are_no_numbers() -> None:
    line = json.dumps({"event": "step", **dict.fromkeys(STEP_COLUMNS, "x")}).encode() + b"\n"
    assert parsed(line, 4).damaged == (4,)
