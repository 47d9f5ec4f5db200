"""One writer a run; a lock that nobody holds any more is no lock."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from alexnet_studio.ground import file_ops
from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.ground.file_ops import FileOps
from alexnet_studio.runs import lock


def _written(run: Path, age_s: float = 0.0, **fields: Any) -> None:
    own = {"pid": os.getpid(), "host": socket.gethostname(), "started": psutil.Process().create_time()}
    (run / lock.NAME).write_text(json.dumps({**own, "since": "2026-01-02 03:04 UTC", "key": "0", **fields}))
    os.utime(run / lock.NAME, (time.time() - age_s, time.time() - age_s))


def test_fault_58_a_second_writer_is_refused_with_who_the_first_is(tmp_path: Path) -> None:
    with lock.held(tmp_path):
        found = lock.holder(tmp_path)
        assert found is not None
        assert (found.pid, found.host) == (os.getpid(), socket.gethostname())
        with pytest.raises(BadInput) as caught, lock.held(tmp_path):
            pass
        assert caught.value.code == "run_in_use"
        assert f"process {os.getpid()} on {socket.gethostname()} since {found.since}" in caught.value.sentence
        assert lock.holder(tmp_path) == found
    assert lock.holder(tmp_path) is None
    assert not list(tmp_path.iterdir())


_HOLD = """
import sys, time
from pathlib import Path
from alexnet_studio.runs import lock
with lock.held(Path(sys.argv[1])):
    sys.stdout.write("held\\n")
    sys.stdout.flush()
    time.sleep(60)
"""


def test_fault_58_of_another_process_until_it_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", _HOLD, str(tmp_path)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        found = lock.holder(tmp_path)
        assert found is not None
        assert found.pid == other.pid
        with pytest.raises(BadInput), lock.held(tmp_path):
            pass
        other.kill()
        deadline = time.monotonic() + 10
        while lock.holder(tmp_path) is not None:
            assert time.monotonic() < deadline, "it has ended, though nobody has asked it how"
            time.sleep(0.01)
    assert (tmp_path / lock.NAME).exists()
    assert lock.holder(tmp_path) is None
    with lock.held(tmp_path):
        assert lock.holder(tmp_path) is not None


@pytest.mark.parametrize(
    ("age_s", "fields", "alive"),
    [
        (0, {"pid": 1, "started": psutil.Process(1).create_time()}, True),
        (0, {"pid": 1}, False),  # another process had that number
        (0, {"pid": 2**22 + 5}, False),
        (0, {"pid": -1}, False),
        (0, {}, False),  # this process has let go
        (60, {"host": "elsewhere", "pid": 2**22 + 5}, True),
        (16 * 60, {"host": "elsewhere", "pid": 1}, False),  # nobody renews it
    ],
)
def test_fault_58_a_stale_lock_is_known(
    tmp_path: Path, age_s: float, fields: dict[str, Any], alive: bool
) -> None:
    _written(tmp_path, age_s, **fields)
    assert (lock.holder(tmp_path) is not None) == alive
    if alive:
        with pytest.raises(BadInput), lock.held(tmp_path):
            pass
    else:
        with lock.held(tmp_path):
            assert lock.holder(tmp_path) is not None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"pid": "x"}', b"\xff", b"[" * 100_000])
def test_fault_58_a_torn_lock_counts_for_a_moment(tmp_path: Path, content: bytes) -> None:
    (tmp_path / lock.NAME).write_bytes(content)
    assert lock.holder(tmp_path) is not None
    os.utime(tmp_path / lock.NAME, (0, 0))
    assert lock.holder(tmp_path) is None
    with lock.held(tmp_path):
        pass


def test_fault_58_of_many_at_once_one_gets_it(tmp_path: Path) -> None:
    """Also where all find the same stale lock."""
    for _ in range(20):
        _written(tmp_path, pid=2**22 + 5)
        start, done = threading.Barrier(6), threading.Barrier(6, timeout=10)
        got: list[bool] = []
        failed: list[Failed] = []

        def hold(
            start: threading.Barrier, done: threading.Barrier, got: list[bool], failed: list[Failed]
        ) -> None:
            start.wait()
            try:
                with lock.held(tmp_path):
                    got.append(True)
                    done.wait()
            except BadInput:
                done.wait()
            except Failed as error:
                failed.append(error)
                done.abort()

        threads = [threading.Thread(target=hold, args=(start, done, got, failed)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (got, failed) == ([True], [])


def test_a_disk_without_links_has_locks_too(tmp_path: Path) -> None:
    class NoLinks(FileOps):
        def link(self, source: Path, target: Path) -> None:
            del source, target
            raise PermissionError(1, "Operation not permitted")

    with file_ops.through(NoLinks()), lock.held(tmp_path):
        assert lock.holder(tmp_path) is not None
        with pytest.raises(BadInput), lock.held(tmp_path):
            pass
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_gone_cannot_be_locked(tmp_path: Path) -> None:
    with pytest.raises(Failed) as caught, lock.held(tmp_path / "gone"):
        pass
    assert caught.value.code == "not_writable"
