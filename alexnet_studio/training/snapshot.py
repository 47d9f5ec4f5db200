"""A training's state as it stands at one step, copied aside, so that it can be written while the training goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import fields
from typing import Any, cast

import psutil
import torch
from torch import Tensor

from alexnet_studio.runs.checkpoint_document import Checkpoint

# The system hands memory out at its first touch, which takes 15 times as long as the copy: 0.6 s for 490 MB.
_WORTH_PREPARING_BYTES = 16_000_000
# torch.save makes bytes of each tensor on its way, and something must be left for everybody else.
_SPARE_BYTES = 500_000_000

_Place = tuple[object, ...]  # of a tensor in a checkpoint: ("weights", "conv1.weight")


class Snapshot:
    """Memory on the CPU for one copy of weights, momentum and the rest (490 MB for the paper's network and SGD),
    kept from one copy to the next.
    """

    def __init__(self) -> None:
        self._buffers: dict[_Place, Tensor] = {}
        self._preparing: threading.Thread | None = None

    @property
    def is_asked_for(self) -> bool:
        return self._preparing is not None

    @property
    def bytes(self) -> int:
        """Of the last copy."""
        return _bytes(self._buffers)

    def prepare(self, live: Checkpoint) -> None:
        """Begin to get the memory for copies of `live`, in a thread: a copy that comes earlier waits for it."""
        found = _tensors(live)
        if _bytes(found) >= _WORTH_PREPARING_BYTES and has_room(_bytes(found)):
            self._buffers = {place: _like(tensor) for place, tensor in found.items()}
        buffers = tuple(self._buffers.values())
        self._preparing = threading.Thread(target=_touch, args=(buffers,), name="memory of checkpoints")
        self._preparing.start()

    def of(self, live: Checkpoint) -> Checkpoint | None:
        """The copy, valid until the next one is made. None where there is not enough memory for it."""
        self.close()
        found = _tensors(live)
        missing = {
            place: tensor for place, tensor in found.items() if not _is_like(self._buffers.get(place), tensor)
        }
        if missing and not has_room(_bytes(missing)):
            return None
        self._buffers |= {place: _like(tensor) for place, tensor in missing.items()}

        def copied(tensor: Tensor, place: _Place) -> Tensor:
            return self._buffers[place].copy_(tensor)

        return _mapped_checkpoint(live, copied)

    def close(self) -> None:
        """Wait until the memory is there."""
        if self._preparing is not None:
            self._preparing.join()


def has_room(needed_bytes: int) -> bool:
    return psutil.virtual_memory().available > needed_bytes + _SPARE_BYTES


def _tensors(live: Checkpoint) -> dict[_Place, Tensor]:
    found: dict[_Place, Tensor] = {}

    def noted(tensor: Tensor, place: _Place) -> Tensor:
        found[place] = tensor
        return tensor

    _mapped_checkpoint(live, noted)
    return found


def _mapped_checkpoint(live: Checkpoint, change: Callable[[Tensor, _Place], Tensor]) -> Checkpoint:
    parts = {part.name: _mapped(getattr(live, part.name), (part.name,), change) for part in fields(live)}
    return Checkpoint(**parts)


def _mapped(value: Any, place: _Place, change: Callable[[Tensor, _Place], Tensor]) -> Any:
    """`value` with every tensor changed, and with lists and dicts of its own."""
    if isinstance(value, Tensor):
        return change(value, place)
    if isinstance(value, dict):
        named = cast("dict[object, Any]", value)
        return {name: _mapped(part, (*place, name), change) for name, part in named.items()}
    if isinstance(value, list):
        listed = cast("list[Any]", value)
        return [_mapped(part, (*place, index), change) for index, part in enumerate(listed)]
    return value


def _like(tensor: Tensor) -> Tensor:
    return torch.empty_like(tensor, device="cpu")


def _is_like(buffer: Tensor | None, tensor: Tensor) -> bool:
    return buffer is not None and (buffer.shape, buffer.dtype, buffer.stride()) == (
        tensor.shape,
        tensor.dtype,
        tensor.stride(),
    )


def _bytes(found: dict[_Place, Tensor]) -> int:
    return sum(tensor.nbytes for tensor in found.values())


def _touch(buffers: tuple[Tensor, ...]) -> None:
    for buffer in buffers:
        buffer.zero_()
