"""A run's curves as TensorBoard's event files, for who looks at everything there. Needs the extra "tensorboard"."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.ground.files import as_studio_error
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Epoch, Layers, Row, Step

Scalar = tuple[str, float, int, float]  # name, value, step, seconds of training


def write(run: RunFolder, folder: Path) -> int:
    """Write into `folder`, which must not hold event files yet; the answer is the number of scalars.

    Losses and accuracies keep their names, "train/…" and "validation/…"; the time of each is the run's beginning and
    the seconds of training since. Raises `BadInput` ("extra_missing", "folder_taken") and `Failed`.
    """
    if folder.exists() and any(folder.glob("events.out.tfevents.*")):
        raise BadInput(
            "folder_taken",
            "{path} has event files already, and TensorBoard would draw both. Choose another folder.",
            path=str(folder),
        )
    began = datetime.fromisoformat(run.record.created).timestamp()
    writer = _writer(folder)
    count = 0
    try:
        for name, value, step, seconds in scalars(History(run.metrics).read()):
            writer.add_scalar(name, value, step, walltime=began + seconds)
            count += 1
    except OSError as error:
        raise as_studio_error(error, folder) from error
    finally:
        writer.close()
    return count


def scalars(rows: tuple[Row, ...]) -> Iterator[Scalar]:
    """Every number of the history that is a curve."""
    seconds = 0.0
    for row in rows:
        match row:
            case Step():
                seconds = row.seconds if row.seconds is not None else seconds
                yield "train/loss", row.loss, row.step, seconds
                yield "train/top1", row.top1, row.step, seconds
                yield f"train/top{row.k}", row.top5, row.step, seconds
                yield "learning rate", row.lr, row.step, seconds
                yield "images a second", row.images_per_second, row.step, seconds
            case Layers():
                for layer, sizes in row.layers.items():
                    for what, value in sizes.items():
                        yield f"{what}/{layer}", value, row.step, seconds
            case Epoch():
                known = {
                    "validation/loss": row.val_loss,
                    "validation/top1": row.val_top1,
                    f"validation/top{row.k}": row.val_top5,
                    "validation/balanced": row.val_balanced,
                }
                for name, value in known.items():
                    if value is not None:
                        yield name, value, row.step, seconds
            case _:
                pass


def _writer(folder: Path) -> Any:
    try:
        module: Any = importlib.import_module("torch.utils.tensorboard")
    except ImportError as error:
        raise BadInput(
            "extra_missing",
            "Event files need the package tensorboard. Install it with: pip install 'alexnet-studio[tensorboard]'",
        ) from error
    try:
        return module.SummaryWriter(str(folder))
    except OSError as error:
        raise Failed(
            "not_writable", "{path} cannot be written. Choose another folder.", path=str(folder)
        ) from error
