"""A training in several processes of its own, one for each GPU: begun by torchrun, then seen as anybody's run is."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.ground import places
from alexnet_studio.ground.errors import Failed
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.setup_building import Values

if TYPE_CHECKING:
    from alexnet_studio.images.corrections import Corrections
    from alexnet_studio.networks.spec import Spec

_POLL_S = 0.1
_STARTER = """
import os, subprocess, sys
with open(sys.argv[1], "ab") as log:
    begun = subprocess.Popen(sys.argv[2:], stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
print(begun.pid, flush=True)
os._exit(0)
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be trained. `plan`: the network as a person has changed it; `source`: weights to begin from."""

    folder: Path
    run: Path
    network: str
    values: Values
    processes: int
    plan: Spec | None = None
    source: Path | None = None
    corrections: Corrections | None = None
    pins: tuple[str, ...] = ()  # whole paths, or relative to the folder

    @property
    def beside(self) -> Path:
        """Where the command line's files lie, and what the processes print."""
        return places.data() / "processes" / self.run.name


@dataclass(frozen=True, slots=True)
class Begun:
    run: Path


def command(asked: Asked) -> list[str]:
    """As a person would type it."""
    from alexnet_studio.training.command_words import form_words

    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(asked.processes)]
    network = asked.network if asked.plan is None else str(asked.beside / "network.json")
    labels = asked.beside / "labels.csv" if asked.corrections else None
    words = form_words(
        asked.folder, asked.run, network, dict(asked.values), source=asked.source, labels=labels
    )
    pins = [f"--pin={asked.folder / pin}" for pin in asked.pins]
    return [sys.executable, *launcher, "-m", "--", "alexnet_studio", "train", *words, *pins]


def spread(asked: Asked) -> Work:
    """`Begun` once the run can be opened; the processes go on without this window.

    Raises `Failed` ("processes_failed").
    """
    _write_files(asked)
    log = asked.beside / "output.txt"
    number = _detached(command(asked), log)
    began = False
    try:
        while not (asked.run / "metrics.jsonl").exists():
            if not _lives(number):
                raise _failed(_reason(log), log)
            time.sleep(_POLL_S)
            yield None
        began = True
    finally:
        if not began:
            _end(number)
    yield Begun(asked.run)


def _write_files(asked: Asked) -> None:
    from alexnet_studio.ground import files
    from alexnet_studio.images import corrections
    from alexnet_studio.networks import spec_file

    files.make_folder(asked.beside)
    if asked.plan is not None:
        files.write_json(asked.beside / "network.json", spec_file.to_json(asked.plan))
    if asked.corrections:
        corrections.write(asked.beside / "labels.csv", asked.corrections)


def _detached(words: Sequence[str], log: Path) -> int:
    """The number of a process that outlives the window, and is no child of it that would have to be waited for."""
    log.unlink(missing_ok=True)
    started = subprocess.run(
        [sys.executable, "-c", _STARTER, str(log), *words],
        env={name: value for name, value in os.environ.items() if not name.startswith("QT_")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if started.returncode:
        raise _failed(started.stderr.strip().rsplit("\n", 1)[-1], log)
    return int(started.stdout)


def _lives(number: int) -> bool:
    import psutil

    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _end(number: int) -> None:
    """torchrun ends its processes when it is told to end."""
    import psutil

    with contextlib.suppress(psutil.Error):
        psutil.Process(number).terminate()


def _failed(reason: str, log: Path) -> Failed:
    return Failed(
        "processes_failed",
        "The processes ended before they learned. {reason} More of it stands in {log}.",
        reason=reason,
        log=str(log),
    )


def _reason(log: Path) -> str:
    """The first sentence of a process of ours; torchrun's own lines are before and after it."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    not_ours = re.compile(r"\s|[*=-]{3}|[WEI]\d{4} |Setting OMP_NUM_THREADS|Traceback|\[")
    return next((line for line in lines if line and not not_ours.match(line)), "")
