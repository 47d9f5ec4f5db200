"""`inbox/`: orders to whoever trains a run, a file each, from this process, another one, or another machine.

The sender writes the order, the trainer reads it between two steps, does it, and writes the answer beside it,
which the sender takes away. Files appear whole (they are written under another name first).
"""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from collections.abc import Generator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from alexnet_studio.ground.errors import Failed
from alexnet_studio.ground.files import write_json

NAME = "inbox"
Kind = Literal["rate", "divide", "freeze", "thaw", "pin", "unpin", "save", "stop"]
_ANSWER = ".answer"
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Order:
    """ "rate": learn with the rate `value`; "divide": a `value`-th of it; "freeze": `layer` and all before it;
    "thaw": all layers learn again; "pin", "unpin": look at the image file `image` after each epoch, or no more;
    "save": a checkpoint now; "stop": save and end.
    """

    kind: Kind
    value: float = 0.0
    layer: str = ""
    image: str = ""
    name: str = ""  # of its file, set when it is read


@dataclass(frozen=True, slots=True)
class Answer:
    """`done` or refused, in an English sentence."""

    done: bool
    sentence: str


def send(run: Path, order: Order) -> str:
    """The name to ask `answer` with. Raises `Failed` ("disk_full", "not_writable")."""
    name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
    document = {key: value for key, value in asdict(order).items() if key != "name"}
    write_json(run / NAME / f"{name}.json", document)
    return name


def answer(run: Path, name: str) -> Answer | None:
    """Takes the answer to the order `name` away; None while there is none."""
    path = run / NAME / f"{name}{_ANSWER}"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        found = Answer(bool(document["done"]), str(document["sentence"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    with contextlib.suppress(OSError):
        path.unlink()
    return found


def ask(run: Path, order: Order, wait_s: float) -> Generator[None, None, Answer]:
    """Send, and look again and again for the answer. What nobody has answered in time, or is waited for no longer, is
    withdrawn. Raises `Failed` ("nobody_listens", "disk_full", "not_writable").
    """
    name = send(run, order)
    try:
        until = time.monotonic() + wait_s
        while time.monotonic() < until:
            found = answer(run, name)
            if found is not None:
                return found
            time.sleep(_POLL_S)
            yield None
    finally:
        withdraw(run, name)
    raise Failed(
        "nobody_listens",
        "Nobody has answered for {wait:g} seconds: {run} is not being trained, or its next step takes longer. "
        "Resume it, or wait longer.",
        wait=wait_s,
        run=str(run),
    )


def withdraw(run: Path, name: str) -> None:
    """An order that nobody answers must not wait for the next training."""
    with contextlib.suppress(OSError):
        (run / NAME / f"{name}.json").unlink()


class Inbox:
    """The trainer's side."""

    def __init__(self, run: Path) -> None:
        """What was sent before, to a training that had ended, is dropped."""
        self._folder = run / NAME
        for path in self._waiting():
            with contextlib.suppress(OSError):
                path.unlink()

    def take(self) -> tuple[Order, ...]:
        """The orders that wait, oldest first; what is no order is removed."""
        found: list[Order] = []
        for path in self._waiting():
            order = _order(path)
            with contextlib.suppress(OSError):
                path.unlink()
            if order is not None:
                found.append(order)
        return tuple(found)

    def reply(self, order: Order, *, done: bool, sentence: str) -> None:
        """Raises `Failed` ("disk_full", "not_writable")."""
        write_json(self._folder / f"{order.name}{_ANSWER}", {"done": done, "sentence": sentence})

    def _waiting(self) -> list[Path]:
        try:
            return sorted(path for path in self._folder.iterdir() if path.suffix == ".json")
        except OSError:
            return []


def _order(path: Path) -> Order | None:
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
        kind = document["kind"]
        if kind not in get_args(Kind):
            return None
        value, layer, image = (document.get(field, "") for field in ("value", "layer", "image"))
        return Order(kind, float(value), str(layer), str(image), path.stem)
    except (OSError, ValueError, TypeError, KeyError):
        return None
