"""A run that another process writes: half lines are awaited, shorter files read anew, and the end is the end."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

from blank_run import blank_run

from alexnet_studio.runs import lock
from alexnet_studio.runs.follow import Follower, follow
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Epoch, Row, Started, Step, as_json

STARTED = Started(0, 0, 2, 4, 13, 3, 2, "tiny", "cpu", "float32", 2)
ENDED = Ended(8, 2, "finished", 1)


def step(number: int) -> Step:
    return Step(number, 1, 1.0 / number, 0.5, 0.5, 2, 0.01, 100.0)


def epoch(number: int) -> Epoch:
    return Epoch(number, 4 * number, 2.0, 0.2, 0.6, 1.0, 0.5, 1.0, 2, 1.5, 90.0)


def line(row: Row) -> bytes:
    return json.dumps(as_json(row)).encode() + b"\n"


def steps(follower: Follower) -> list[int] | None:
    log = follower.poll()
    return None if log is None else [int(number) for number in log.steps[0]]


def test_a_half_written_line_is_awaited(tmp_path: Path) -> None:
    run = blank_run(tmp_path)
    follower = Follower(run.path)
    assert steps(follower) is None  # nothing was written yet
    second = line(step(2))
    run.metrics.write_bytes(line(STARTED) + line(step(1)) + second[:20])
    assert steps(follower) == [1]
    assert steps(follower) is None
    with run.metrics.open("ab") as file:
        file.write(second[20:])
    assert steps(follower) == [1, 2]


def test_a_history_that_was_cut_is_read_anew(tmp_path: Path) -> None:
    run = blank_run(tmp_path)
    follower = Follower(run.path)
    run.metrics.write_bytes(b"".join(line(step(number)) for number in (1, 2, 3, 4)))
    assert steps(follower) == [1, 2, 3, 4]
    History(run.metrics).cut(2, 0)
    assert steps(follower) == [1, 2]
    # Cut and grown beyond its old length between two looks.
    run.metrics.write_bytes(b"".join(line(step(number)) for number in (1, 20, 30, 40, 50)))
    assert steps(follower) == [1, 20, 30, 40, 50]


def test_a_file_that_is_replaced_by_a_longer_one_is_followed(tmp_path: Path) -> None:
    """As rsync does: under another name first, then in the place of the old one."""
    run = blank_run(tmp_path)
    follower = Follower(run.path)
    for last in (1, 3, 6):
        copy = tmp_path / "copy"
        copy.write_bytes(b"".join(line(step(number)) for number in range(1, last + 1)))
        copy.replace(run.metrics)
        assert steps(follower) == list(range(1, last + 1))
    run.metrics.unlink()  # the share is away for a moment
    assert steps(follower) is None


def test_the_end_is_the_end_unless_somebody_goes_on(tmp_path: Path) -> None:
    run = blank_run(tmp_path)
    run.metrics.write_bytes(line(STARTED) + line(step(1)) + line(ENDED))
    follower = Follower(run.path)
    follower.poll()
    assert follower.is_over()
    with lock.held(run.path):
        assert not follower.is_over()
    with run.metrics.open("ab") as file:
        file.write(line(STARTED))
    follower.poll()
    assert not follower.is_over()


def test_a_run_is_followed_to_its_end(tmp_path: Path) -> None:
    run = blank_run(tmp_path)

    def write() -> None:
        for row in (STARTED, step(1), step(2), epoch(1), ENDED):
            time.sleep(0.03)
            History(run.metrics).append(row)

    writer = threading.Thread(target=write)
    writer.start()
    seen = [log for log in follow(run.path, 0.01) if log is not None]
    writer.join()
    assert [row for _, row in seen[-1].others] == [STARTED, epoch(1), ENDED]
    assert len(seen) >= 2
