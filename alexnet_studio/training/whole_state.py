"""An optimiser's sums as those of the whole network, wherever its towers lie: a run goes on with one device or two."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, optim

from alexnet_studio.networks.two_devices import join, whole_name

Shares = list[list[int]]  # for each group of the optimiser, into how many parts each whole parameter is cut


def shares(groups: list[list[str]]) -> Shares:
    """Of the parameters' names in each group; the parts of one follow each other."""
    found: Shares = []
    for names in groups:
        counts: dict[str, int] = {}
        for name in names:
            counts[whole_name(name)] = counts.get(whole_name(name), 0) + 1
        found.append(list(counts.values()))
    return found


def save_whole(optimizer: optim.Optimizer, cut: Shares) -> None:
    """From now on `state_dict` and `load_state_dict` of `optimizer` speak of whole parameters."""
    if all(count == 1 for group in cut for count in group):
        return

    def joined(_optimizer: optim.Optimizer, state: dict[str, Any]) -> dict[str, Any]:
        whole: dict[str, Any] = {"state": {}, "param_groups": []}
        index = 0
        for group, counts in zip(state["param_groups"], cut, strict=True):
            places = iter(group["params"])
            begin = index
            for count in counts:
                parts = [state["state"].get(next(places), {}) for _ in range(count)]
                if parts[0]:
                    whole["state"][index] = {
                        name: _joined([part[name] for part in parts]) for name in parts[0]
                    }
                index += 1
            whole["param_groups"].append({**group, "params": list(range(begin, index))})
        return whole

    def parted(_optimizer: optim.Optimizer, state: dict[str, Any]) -> dict[str, Any]:
        parts: dict[str, Any] = {"state": {}, "param_groups": []}
        index = 0
        for group, counts in zip(state["param_groups"], cut, strict=True):
            begin = index
            for place, count in zip(group["params"], counts, strict=True):
                whole = state["state"].get(place, {})
                for part in range(count):
                    if whole:
                        parts["state"][index] = {
                            name: _part(value, part, count) for name, value in whole.items()
                        }
                    index += 1
            parts["param_groups"].append({**group, "params": list(range(begin, index))})
        return parts

    optimizer.register_state_dict_post_hook(joined)
    optimizer.register_load_state_dict_pre_hook(parted)


def _joined(parts: list[Any]) -> Any:
    return join(parts) if isinstance(parts[0], Tensor) else parts[0]


def _part(value: Any, part: int, count: int) -> Any:
    """A share of a sum; a count of steps is the same in each, but each needs its own."""
    if not isinstance(value, Tensor):
        return value
    return value.tensor_split(count)[part] if value.dim() else torch.clone(value)
