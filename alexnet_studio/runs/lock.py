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

from alexnet_studio.ground import file_ops, files
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import as_studio_error

NAME = ".lock"
_HEART = "holds a run: "
_BEAT_S = 60.0
_SILENT_S = 15 * _BEAT_S  # clocks of machines that share a disk differ by minutes at most
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})  # exFAT, some shares
_PATIENCE_S = 5.0
_UNFINISHED_S = 2.0  # without links a lock may be half written, or its writer may have been killed


@dataclass(frozen=True, slots=True)
class Holder:
    """`started` is when the process began, in seconds since 1970: a number of a process is given out again. `key`
    tells one holding of a process from another.
    """

    pid: int
    host: str
    started: float
    since: str
    key: str = ""


_UNKNOWN = Holder(0, "an unknown machine", 0.0, "")


def holder(run: Path) -> Holder | None:
    """Who writes `run` now; None when nobody does, or the one who did is gone."""
    path = run / NAME
    try:
        return _judged(path.read_bytes(), age_s=time.time() - path.stat().st_mtime)
    except OSError:
        return None


@contextmanager
def held(run: Path) -> Generator[None]:
    """The right to write `run`, until the end of the block.

    Raises `BadInput` ("run_in_use") and `Failed` ("disk_full", "not_writable").
    """
    key = secrets.token_hex(8)
    own = _own(key)
    over = threading.Event()
    heart = threading.Thread(target=_beat, args=(run / NAME, over), name=f"{_HEART}{key}", daemon=True)
    heart.start()
    try:
        _take(run / NAME, own)
        files.sweep(run)
        yield
    finally:
        over.set()
        heart.join()
        with contextlib.suppress(OSError):
            if (run / NAME).read_bytes() == own:
                file_ops.current().remove(run / NAME)


def _take(path: Path, own: bytes) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return _claim(path, own)
        except FileExistsError:
            with contextlib.suppress(FileNotFoundError):  # let go this moment
                _clear(path, deadline)
        except OSError as error:
            # The one who was quicker has swept the folder.
            if not isinstance(error, FileNotFoundError) or not path.exists():
                raise as_studio_error(error, path) from error


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


def _clear(path: Path, deadline: float) -> None:
    """Take a stale lock away. One at a time: two that find it stale must not remove each other's new one."""
    content = path.read_bytes()
    found = _judged(content, age_s=time.time() - path.stat().st_mtime)
    if found is not None or time.monotonic() > deadline:
        raise _in_use(path.parent, found or _UNKNOWN)
    guard = path.with_name(f"{NAME}.clearing.tmp")
    try:
        _filled(guard, b"")
    except FileExistsError:
        time.sleep(0.01)
        if time.time() - guard.stat().st_mtime > _UNFINISHED_S:  # somebody was killed in here
            file_ops.current().remove(guard)
        return
    except OSError as error:
        raise as_studio_error(error, path) from error
    try:
        if path.read_bytes() == content:
            file_ops.current().remove(path)
    except FileNotFoundError:
        return  # somebody else has taken it away
    except OSError as error:
        raise as_studio_error(error, path) from error
    finally:
        with contextlib.suppress(OSError):
            file_ops.current().remove(guard)


def _judged(content: bytes, age_s: float) -> Holder | None:
    """Whom a lock speaks of; None where that is nobody any more."""
    found = _parsed(content)
    if found is None:
        return _UNKNOWN if age_s < _UNFINISHED_S else None
    if found.host != socket.gethostname():
        return found if age_s < _SILENT_S else None
    alive = _beats(found.key) if found.pid == os.getpid() else _is_alive(found)
    return found if alive else None


def _beats(key: str) -> bool:
    """Whether this process holds it: it may have let go on a disk that did not let it remove the file."""
    return any(thread.name == f"{_HEART}{key}" for thread in threading.enumerate())


def _beat(path: Path, over: threading.Event) -> None:
    while not over.wait(_BEAT_S):
        with contextlib.suppress(OSError):
            os.utime(path)


def _own(key: str) -> bytes:
    since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    own = Holder(os.getpid(), socket.gethostname(), psutil.Process().create_time(), since, key)
    return json.dumps(asdict(own)).encode("utf-8")


def _parsed(content: bytes) -> Holder | None:
    try:
        document: Any = json.loads(content)
        return Holder(
            int(document["pid"]),
            str(document["host"]),
            float(document["started"]),
            str(document["since"]),
            str(document["key"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _is_alive(found: Holder) -> bool:
    try:
        process = psutil.Process(found.pid)
        # One that has ended keeps its number until whoever began it has asked how.
        return abs(process.create_time() - found.started) < 2.0 and process.status() != psutil.STATUS_ZOMBIE
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
