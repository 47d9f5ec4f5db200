"""Which of a file's tensors belong to which layer: by name where the names are ours, else by order and shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.layers import is_classifier
from alexnet_studio.networks.spec import Spec


@dataclass(frozen=True, slots=True)
class Matching:
    """`weights` by our names; `pairs` are (ours, theirs); `left_out` are ours that the file could not fill."""

    weights: dict[str, Tensor]
    pairs: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...] = ()


def match(spec: Spec, own: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> Matching:
    """Fill `own`, the state_dict of the network of `spec`, from `given`.

    Tensors whose names agree are taken by name; otherwise layers are taken in order, which fits every file of this
    family whatever its names are (torchvision's features.0, a tutorial's conv.3). A classifier for another number
    of classes is left out. Raises `BadInput` ("weights_do_not_match") with the names and shapes that do not fit.
    """
    wanted, offered = _layers(own), _layers(given)
    if not wanted.keys() <= offered.keys():
        if len(wanted) != len(offered):
            raise _mismatch(
                spec,
                f"the file has {len(offered)} layers with weights ({_few(offered)}), "
                f"the network {len(wanted)} ({_few(wanted)})",
            )
        names = dict(zip(wanted, offered, strict=True))
    else:
        names = {name: name for name in wanted}
    last = spec.layers[-1]
    weights: dict[str, Tensor] = {}
    pairs: list[tuple[str, str]] = []
    left_out: list[str] = []
    for layer, parts in wanted.items():
        theirs = offered[names[layer]]
        replaceable = layer == last.name and is_classifier(last)
        if replaceable and _differs_in_classes(parts, theirs):
            left_out += [f"{layer}.{part}" for part in parts]
            continue
        for part, tensor in parts.items():
            weights[f"{layer}.{part}"] = _fitted(spec, f"{layer}.{part}", tensor, names[layer], part, theirs)
            pairs.append((f"{layer}.{part}", f"{names[layer]}.{part}"))
    return Matching(weights, tuple(pairs), tuple(left_out))


Parts = dict[str, Tensor]  # "weight", "bias", "running_mean", ...


def _layers(tensors: Mapping[str, Tensor]) -> dict[str, Parts]:
    """By what stands before the last dot, in the order of the file."""
    found: dict[str, Parts] = {}
    for name, tensor in tensors.items():
        layer, _, part = name.rpartition(".")
        if part != "num_batches_tracked":
            found.setdefault(layer, {})[part] = tensor
    return found


def _differs_in_classes(own: Parts, theirs: Parts) -> bool:
    ours, given = own.get("weight"), theirs.get("weight")
    return (
        ours is not None
        and given is not None
        and ours.shape[0] != given.shape[0]
        and ours[0].numel() == given[0].numel()
    )


def _fitted(spec: Spec, name: str, own: Tensor, layer: str, part: str, theirs: Parts) -> Tensor:
    given = theirs.get(part)
    if given is None:
        raise _mismatch(spec, f"the file has no {layer}.{part} for {name}")
    if given.shape == own.shape:
        return given
    # A fully connected layer and the convolution that does the same have the same numbers in the same order.
    if given.shape[0] == own.shape[0] and given[0].numel() == own[0].numel() and 2 in (given.ndim, own.ndim):
        return given.reshape(own.shape)
    raise _mismatch(spec, f"{layer}.{part} in the file is {_shape(given)}, but {name} is {_shape(own)}")


def _shape(tensor: Tensor) -> str:
    return " x ".join(map(str, tensor.shape))


def _few(names: Mapping[str, Parts]) -> str:
    listed = list(names)
    return ", ".join(listed[:4]) + (" and more" if len(listed) > 4 else "")


def _mismatch(spec: Spec, problem: str) -> BadInput:
    return BadInput(
        "weights_do_not_match",
        "These weights are not of the network {network}: {problem}. Name the network that they were trained in.",
        network=spec.name,
        problem=problem,
    )
