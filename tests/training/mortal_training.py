"""A process whose children train, to be killed: it has imported everything and computed nothing, so that a fork is a
fresh process that starts at once.

    python mortal_training.py DATA < commands

A command is a line `RUN`: a child begins that run, or goes on with it. Its number is printed, and, once it is no more,
its exit status.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import tiny

from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.training import keeping
from alexnet_studio.training.trainer import Request, resume, train


def main(data: Path, say: Callable[[str], object], workers: int) -> None:
    importlib.import_module(
        "torch._dynamo"
    )  # every optimiser of torch loads it with its first step, in 1.5 s
    # A copy in memory, and a thread that writes it, at nearly every step.
    keeping.INTERVAL_S = keeping.FIRST_S = keeping.BEFORE_VALIDATION_S = 0.02
    folder = tiny.scanned(data)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _live(folder, Path(line.strip()), workers)
        say(f"{child}\n")
        sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        say(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _live(folder: ImageFolder, run: Path, workers: int) -> None:
    """Never returns: what the parent would do at its end is not for a child to do."""
    status = 1
    try:
        if run_folder.is_run(run):
            list(resume(run))
        else:
            recipe = tiny.recipe(epochs=8, batch_size=4, schedule="plateau", workers=workers)
            pinned = folder.root / folder.images[0].path
            list(train(Request(folder, run, tiny.spec(dropout=0.5), recipe, pins=(pinned,))))
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.stdout.write, workers=int(sys.argv[2]))
