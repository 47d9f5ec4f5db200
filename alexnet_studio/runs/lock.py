"""Who writes a run: one at a time. `.lock` names the process, the machine, and since when.

A lock outlives a killed process, and says enough to be known as stale: on its own machine by the process that is no
more (or is another one of the same number), elsewhere by its time, which its holder renews every minute.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from alexnet_studio.ground import file_ops
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import as_studio_error

NAME = ".lock"
_BEAT_S = 60.0
_SILENT_S = 15 * _BEAT_S  # clocks of machines that share a disk differ by minutes at most
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})  # exFAT, some shares
_UNFINISHED_S = 2.0  # without links a lock may be half written, or its writer may have been killed


@dataclass(frozen=True, slots=True)
class Holder:
    """`started` is when the process began, in seconds since 1970: a number of a process is given out again."""

    pid: int
    host: str
    started: float
    since: str


def holder(run: Path) -> Holder | None:
    """Who writes `run` now; None when nobody does, or the one who did is gone."""
    path = run / NAME
    try:
        content, age = path.read_bytes(), time.time() - path.stat().st_mtime
    except OSError:
        return None
    found = _parsed(content)
    if found is None:
        return Holder(0, "an unknown machine", 0.0, "") if age < _UNFINISHED_S else None
    if found.host != socket.gethostname():
        return found if age < _SILENT_S else None
    alive = _beats(path) if found.pid == os.getpid() else _is_alive(found)
    return found if alive else None


@contextmanager
def held(run: Path) -> Generator[None]:
    """The right to write `run`, until the end of the block.

    Raises `BadInput` ("run_in_use") and `Failed` ("disk_full", "not_writable").
    """
    own = _taken(run)
    over = threading.Event()
    heart = threading.Thread(target=_beat, args=(run / NAME, over), name=_heart(run / NAME), daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()
        with contextlib.suppress(OSError):
            if (run / NAME).read_bytes() == own:
                file_ops.current().remove(run / NAME)


def _taken(run: Path) -> bytes:
    own = _own()
    for _ in range(3):
        try:
            _claim(run / NAME, own)
        except FileExistsError:
            found = holder(run)
            if found is not None:
                raise _in_use(run, found) from None
            _clear(run / NAME)
        except OSError as error:
            raise as_studio_error(error, run / NAME) from error
        else:
            return own
    raise _in_use(run, Holder(0, "an unknown machine", 0.0, ""))


def _claim(path: Path, own: bytes) -> None:
    """Whole at once, so that nobody finds half a lock. Raises OSError; FileExistsError where there is one."""
    ops = file_ops.current()
    aside = path.with_name(f"{NAME}.{secrets.token_hex(4)}.tmp")
    try:
        _filled(aside, own)
        try:
            ops.link(aside, path)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _filled(path, own)
    finally:
        with contextlib.suppress(OSError):
            ops.remove(aside)


def _filled(path: Path, content: bytes) -> None:
    with file_ops.current().open(path, "xb") as file:
        file.write(content)


def _clear(path: Path) -> None:
    """Take a stale lock away. Moved aside first: two that find it stale must not remove each other's new one."""
    aside = path.with_name(f"{NAME}.{secrets.token_hex(4)}.tmp")
    try:
        stale = path.read_bytes()
        file_ops.current().replace(path, aside)
        if aside.read_bytes() != stale:
            file_ops.current().replace(aside, path)
        else:
            file_ops.current().remove(aside)
    except FileNotFoundError:
        return  # somebody else was quicker
    except OSError as error:
        raise as_studio_error(error, path) from error


def _heart(path: Path) -> str:
    return f"holds {path.resolve()}"


def _beats(path: Path) -> bool:
    """Whether this process holds it: it may have let go on a disk that did not let it remove the file."""
    return any(thread.name == _heart(path) for thread in threading.enumerate())


def _beat(path: Path, over: threading.Event) -> None:
    while not over.wait(_BEAT_S):
        with contextlib.suppress(OSError):
            os.utime(path)


def _own() -> bytes:
    since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    own = Holder(os.getpid(), socket.gethostname(), psutil.Process().create_time(), since)
    return json.dumps(asdict(own)).encode("utf-8")


def _parsed(content: bytes) -> Holder | None:
    try:
        document: Any = json.loads(content)
        return Holder(
            int(document["pid"]), str(document["host"]), float(document["started"]), str(document["since"])
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _is_alive(found: Holder) -> bool:
    try:
        return abs(psutil.Process(found.pid).create_time() - found.started) < 2.0
    except (psutil.NoSuchProcess, ValueError):
        return False
    except psutil.Error:
        return True  # it is somebody else's, and may not be asked


def _in_use(run: Path, found: Holder) -> BadInput:
    return BadInput(
        "run_in_use",
        "The run {run} is being trained by process {pid} on {host} since {since}. Stop it there, or wait for its end.",
        run=str(run),
        pid=found.pid,
        host=found.host,
        since=found.since or "a moment ago",
    )
