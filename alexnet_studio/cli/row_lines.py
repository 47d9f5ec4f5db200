"""The rows of a training as lines for a person."""

from __future__ import annotations

from alexnet_studio.runs.rows import Ended, Epoch, Layers, Note, Row, Started, Step


def describe(row: Row, epochs: int) -> str | None:
    """A row as a line for a person; None for rows that would only scroll by."""
    match row:
        case Started():
            return (
                f"{row.network} on {row.device}, {row.precision}: {row.train_images:,} training and "
                f"{row.val_images:,} validation images, {row.classes} classes"
            )
        case Epoch():
            rate = f"{row.images_per_second:,.0f} images/s"
            return f"epoch {row.epoch:3d}/{epochs}   {_training(row)}{_validation(row)}   {rate}"
        case Note():
            return row.sentence
        case Ended():
            best = f"; best epoch {row.best_epoch}" if row.best_epoch else ""
            return row.sentence or f"{row.reason} after epoch {row.epoch}{best}"
        case Step() | Layers():
            return None


def _training(row: Epoch) -> str:
    return f"loss {row.train_loss:.3f}   top-1 {_percent(row.train_top1)}"


def _validation(row: Epoch) -> str:
    if row.val_loss is None:
        return ""
    return f"   validation {row.val_loss:.3f}   top-1 {_percent(row.val_top1)}   top-{row.k} {_percent(row.val_top5)}"


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:5.1f} %"
