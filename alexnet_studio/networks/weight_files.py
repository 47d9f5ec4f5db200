"""Other people's weight files as named tensors. Loading one runs no code from it.

Read: PyTorch's `.pt` and `.pth` (a state_dict, alone or under a usual key), `.safetensors`, and the `.npy` in which
Caffe's AlexNet went around among TensorFlow users (a pickled dictionary of arrays).
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from alexnet_studio.ground import stored_archive
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks import safetensors_file
from alexnet_studio.networks.safetensors_file import HeaderError

_NESTED = ("state_dict", "model_state_dict", "model", "net", "weights")
_LARGEST_BYTES = 8 << 30
_MAGIC = b"\x93NUMPY"


def read(path: Path) -> dict[str, Tensor]:
    """Tensors of floats on the CPU, in the file's order.

    Raises `BadInput` ("weights_unreadable", "weights_not_finite").
    """
    try:
        small_enough = path.stat().st_size <= _LARGEST_BYTES
        tensors = _read(path) if small_enough else {}
    except Exception as error:
        # torch raises anything here: KeyError for a text file, UnpicklingError for one that would run code.
        raise _unreadable(path, _reason(error)) from error
    if not small_enough:
        raise _unreadable(path, "it is larger than any network of this family")
    if not tensors:
        raise _unreadable(path, "it holds no tensors")
    for name, tensor in tensors.items():
        if not bool(torch.isfinite(tensor).all()):
            raise BadInput(
                "weights_not_finite",
                "{name} in {path} holds values that are not finite. Take another copy of the file.",
                name=name,
                path=str(path),
            )
    return tensors


_REASON = "it is no state_dict, safetensors file or dictionary of arrays"


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, HeaderError):
        return str(error)
    if isinstance(error, pickle.UnpicklingError):
        return "it holds more than tensors, which could run code (save the state_dict alone)"
    return _REASON


def _read(path: Path) -> dict[str, Tensor]:
    with path.open("rb") as file:
        magic = file.read(len(_MAGIC))
    if path.suffix == ".safetensors":
        return _floats(safetensors_file.load(path))
    if magic == _MAGIC:
        return _of_arrays(path)
    with path.open("rb") as file:
        if magic.startswith(stored_archive.MAGIC):
            stored_archive.require_stored(file)
        loaded: object = torch.load(file, map_location="cpu", weights_only=True)
    return _floats(_unwrapped(loaded))


def _unwrapped(document: object) -> Mapping[str, object]:
    """The state_dict in `document`, which may hold it under a usual key."""
    if not isinstance(document, Mapping):
        raise TypeError(_REASON)
    named = cast("Mapping[str, object]", document)
    for key in _NESTED:
        inner = named.get(key)
        if isinstance(inner, Mapping):
            return _unwrapped(cast("object", inner))
    return named


def _floats(tensors: Mapping[str, object]) -> dict[str, Tensor]:
    """Counters of batches, which are whole numbers, are no weights."""
    found: dict[str, Tensor] = {}
    for name, value in tensors.items():
        if not isinstance(value, Tensor):
            raise TypeError(_REASON)
        if value.untyped_storage().nbytes() < value.nbytes:  # a few bytes that claim to be terabytes
            raise TypeError(_REASON)
        if value.is_floating_point():
            # DataParallel puts its name before every key.
            found[str(name).removeprefix("module.")] = value.detach().to(torch.float32).contiguous()
    return found


class _ArraysOnly(pickle.Unpickler):
    """Builds numpy arrays, dictionaries, lists and strings; a pickle that names anything else is refused."""

    _allowed = frozenset(
        {
            ("numpy.core.multiarray", "_reconstruct"),
            ("numpy._core.multiarray", "_reconstruct"),
            ("numpy", "ndarray"),
            ("numpy", "dtype"),
            ("_codecs", "encode"),
        }
    )

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self._allowed:
            raise pickle.UnpicklingError(f"it would run {module}.{name}")
        return super().find_class(module.replace("numpy.core", "numpy._core"), name)


def _of_arrays(path: Path) -> dict[str, Tensor]:
    """`{"conv1": [weights, biases], ...}`: kernels as (height, width, inputs, outputs), TensorFlow's order.

    Fully connected weights are (inputs, outputs), and those of fc6 see the map row by row, its channels last.
    """
    with path.open("rb") as file:
        major, _ = np.lib.format.read_magic(file)
        # numpy writes the second version where the first cannot tell the header's length, and reads up to 4 GB of one.
        if major != 1:
            raise TypeError(_REASON)
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
        if shape != () or dtype != np.dtype(object):
            raise TypeError(_REASON)
        held = _ArraysOnly(file, encoding="latin1").load()
    layers = cast("dict[str, list[Any]]", held.item() if isinstance(held, np.ndarray) else held)
    found: dict[str, Tensor] = {}
    channels = 0
    for name, (weight, bias) in layers.items():
        kernel = torch.from_numpy(np.array(weight, dtype=np.float32))  # pyright: ignore[reportUnknownMemberType]
        if kernel.ndim == 4:
            kernel = kernel.permute(3, 2, 0, 1)
            channels = len(kernel)
        elif kernel.ndim == 2:
            kernel = _channels_first(kernel, channels).T
            channels = 0
        else:
            raise TypeError(_REASON)
        found[f"{name}.weight"] = kernel.contiguous()
        found[f"{name}.bias"] = torch.from_numpy(np.array(bias, dtype=np.float32).reshape(-1))  # pyright: ignore[reportUnknownMemberType]
    return found


def _channels_first(weight: Tensor, channels: int) -> Tensor:
    """(inputs, outputs) of the first fully connected layer, its inputs in torch's order; others as they are."""
    if channels == 0:
        return weight
    inputs, outputs = weight.shape
    side = round((inputs / channels) ** 0.5)
    if side * side * channels != inputs:
        raise TypeError(_REASON)
    return weight.reshape(side, side, channels, outputs).permute(2, 0, 1, 3).reshape(inputs, outputs)


def _unreadable(path: Path, reason: str) -> BadInput:
    return BadInput(
        "weights_unreadable",
        "{path} cannot be read as weights: {reason}. Give a .pt, .pth, .safetensors or .npy file of a network's "
        "weights.",
        path=str(path),
        reason=reason,
    )
