"""Which of a file's tensors belong to which layer: by name where the names are ours, else by order and shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.layers import Dense, is_classifier
from alexnet_studio.networks.spec import Spec


@dataclass(frozen=True, slots=True)
class Matching:
    """`weights` by our names; `pairs` are (ours, theirs); `left_out` are ours that the file could not fill."""

    weights: dict[str, Tensor]
    pairs: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...] = ()


def match(
    spec: Spec,
    own: Mapping[str, Tensor],
    given: Mapping[str, Tensor],
    *,
    new_head: bool = False,
    other_classes: bool = False,
) -> Matching:
    """Fill `own`, the state_dict of the network of `spec`, from `given`.

    Tensors whose names agree are taken by name; otherwise layers are taken in order, which fits every file of this
    family whatever its names are (torchvision's features.0, a tutorial's conv.3). A classifier for another number
    of classes is left out; with `new_head` so are the first fully connected layer that does not fit and all after
    it, as where 4096 - 4096 - 1000 becomes 4096 - 1024 - 10, or where the images are of another size. `other_classes`:
    a classifier for as many is left out, too: its rows are known to belong to other names. Raises
    `BadInput` ("weights_do_not_match") with the names and shapes that do not fit, or that the network has no place for:
    without them it would compute something else than the network of the file.
    """
    wanted, offered = _layers(own), _layers(given)
    names = _names(spec, wanted, offered, new_head=new_head)
    anew = _head(spec, wanted, offered, names) if new_head else _classifier(spec, wanted, offered, names)
    if other_classes and is_classifier(spec.layers[-1]):
        anew |= {spec.layers[-1].name}
    weights: dict[str, Tensor] = {}
    pairs: list[tuple[str, str]] = []
    for layer, parts in wanted.items():
        if layer in anew:
            continue
        theirs = offered[names[layer]]
        _require_place(spec, [f"{names[layer]}.{part}" for part in theirs if part not in parts])
        for part, tensor in parts.items():
            weights[f"{layer}.{part}"] = _fitted(spec, f"{layer}.{part}", tensor, names[layer], part, theirs)
            pairs.append((f"{layer}.{part}", f"{names[layer]}.{part}"))
    left_out = tuple(f"{layer}.{part}" for layer in wanted if layer in anew for part in wanted[layer])
    return Matching(weights, tuple(pairs), left_out)


def _names(
    spec: Spec, wanted: Mapping[str, Parts], offered: Mapping[str, Parts], *, new_head: bool
) -> dict[str, str]:
    """The file's name for each of our layers; with a new head, only of those that the file has."""
    if wanted.keys() <= offered.keys():
        spare = [name for name in offered if name not in wanted and not new_head]
        _require_place(spec, [f"{name}.{part}" for name in spare for part in offered[name]])
        return {name: name for name in wanted}
    if new_head and next(iter(wanted), "") in offered:
        return {name: name for name in wanted if name in offered}
    missing = [name for name in wanted if name not in offered]
    if 2 * len(missing) <= len(wanted) and not new_head:
        raise _mismatch(spec, f"the file has no {_few(missing)}")
    if len(wanted) != len(offered) and not new_head:
        raise _mismatch(
            spec,
            f"the file has {len(offered)} layers with weights ({_few(offered)}), "
            f"the network {len(wanted)} ({_few(wanted)})",
        )
    return dict(zip(wanted, offered, strict=not new_head))


def _classifier(
    spec: Spec, wanted: Mapping[str, Parts], offered: Mapping[str, Parts], names: Mapping[str, str]
) -> frozenset[str]:
    """The last layer, where it tells another number of classes apart."""
    last = spec.layers[-1]
    if is_classifier(last) and _differs_in_classes(wanted[last.name], offered[names[last.name]]):
        return frozenset({last.name})
    return frozenset()


def _head(
    spec: Spec, wanted: Mapping[str, Parts], offered: Mapping[str, Parts], names: Mapping[str, str]
) -> frozenset[str]:
    """The first layer that does not fit and all after it, where these are fully connected or the classifier.

    Those after it are not taken even where they fit: they would see what they were not trained on.
    """
    kinds = {layer.name: layer for layer in spec.layers}
    listed = list(wanted)
    for place, layer in enumerate(listed):
        if not _fits(wanted[layer], offered.get(names.get(layer, ""), {})):
            of_head = isinstance(kinds[layer], Dense) or is_classifier(kinds[layer])
            return frozenset(listed[place:]) if of_head else frozenset()
    return frozenset()


def _fits(own: Parts, theirs: Parts) -> bool:
    ours, given = own.get("weight"), theirs.get("weight")
    return (
        ours is not None
        and given is not None
        and ours.shape[0] == given.shape[0]
        and ours[0].numel() == given[0].numel()
    )


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


def _require_place(spec: Spec, spare: Sequence[str]) -> None:
    if spare:
        raise _mismatch(spec, f"the network has no place for {_few(spare)}")


def _shape(tensor: Tensor) -> str:
    return " x ".join(map(str, tensor.shape))


def _few(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:4]) + (" and more" if len(listed) > 4 else "")


def _mismatch(spec: Spec, problem: str) -> BadInput:
    return BadInput(
        "weights_do_not_match",
        "These weights are not of the network {network}: {problem}. Name the network that they were trained in.",
        network=spec.name,
        problem=problem,
    )
