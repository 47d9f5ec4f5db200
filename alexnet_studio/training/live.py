"""What a person changed while a run trained, as it stands at a step."""

from __future__ import annotations

from alexnet_studio.networks.spec import Spec, first_conv
from alexnet_studio.runs.changes import Change


class Live:
    """`factor` is on the scheduled rate; `frozen` are the layers that do not learn, `first` the first convolution."""

    def __init__(self, spec: Spec, factor: float = 1.0, frozen: frozenset[str] = frozenset()) -> None:
        self._spec = spec
        self.first = first_conv(spec).name
        self.factor = factor
        self.frozen = frozen

    def after(self, change: Change) -> Live:
        if change.kind == "rate":
            return Live(self._spec, change.factor, self.frozen)
        if change.kind == "thaw":
            return Live(self._spec, self.factor)
        names = [layer.name for layer in self._spec.layers]
        # A layer that is no longer there freezes nothing: the network of a run does not change.
        frozen = frozenset(names[: names.index(change.layer) + 1]) if change.layer in names else self.frozen
        return Live(self._spec, self.factor, frozen)
