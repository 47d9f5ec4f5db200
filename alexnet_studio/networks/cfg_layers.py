"""One layer of a 2012 file as a layer of a spec; what it cannot say is refused with section and line."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import ValidationError

from alexnet_studio.networks.cfg_columns import Level
from alexnet_studio.networks.cfg_learning import Learning, Rates
from alexnet_studio.networks.cfg_sections import Section
from alexnet_studio.networks.cfg_sharing import Sharing, plain
from alexnet_studio.networks.layers import (
    Activation,
    AnyLayer,
    Conv,
    Dense,
    Dropout,
    MapNorm,
    Pool,
    ResponseNorm,
    Shared,
)

# They say where and how fast something is computed, not what.
_HARMLESS = frozenset(
    {
        "type",
        "gpu",
        "gpus",
        "partialSum",
        "dataIdx",
        "channels",
        "imgSize",
        "topk",
        "coeff",
        "sumWidth",
        "outputsX",
    }
)
_NEURONS: dict[str, Activation] = {
    "": "none",
    "ident": "none",
    "none": "none",
    "relu": "relu",
    "logistic": "sigmoid",
    "tanh": "tanh",
    "tanh[1,1]": "tanh",
}
_USUAL_SCALE, _USUAL_POWER = 1e-4, 0.75


class LayerReader:
    """Turns a level into a layer; each kind of section has a method."""

    def __init__(
        self, settings: dict[str, Section], learning: dict[str, Learning], recipe: dict[str, float]
    ) -> None:
        self._settings = settings
        self._rates = Rates(settings, learning, recipe)
        self._sharing = Sharing({name: one.weight_rate for name, one in learning.items()}, settings)
        self._channels = 0  # that arrive from each column; 0: not known, as before the first layer
        self._kinds: dict[str, Callable[[Level, str, bool], AnyLayer]] = {
            "conv": self._conv,
            "local": self._conv,
            "pool": self._pool,
            "cmrnorm": self._response_norm,
            "rnorm": self._map_norm,
            "fc": self._dense,
            "hs": self._dropout,
            "neuron": self._neuron,
        }

    def layer(self, level: Level, *, last: bool) -> AnyLayer:
        section = level.first
        kind = section.text("type")
        make = self._kinds.get(kind)
        if make is None:
            raise section.wrong(f"layers of type {kind} cannot be represented", "type")
        self._check_channels(level)
        self._sharing.saw(level)
        name = plain(level.name)
        try:
            made = make(level, name, last)
        except ValidationError as error:
            first = error.errors()[0]
            raise section.wrong(f"{first['loc'][-1]}: {first['msg']}") from error
        unknown = sorted(section.values.keys() - section.asked - _HARMLESS)
        if unknown:
            raise section.wrong(f"{unknown[0]} is not understood, so it cannot be left out", unknown[0])
        if isinstance(made, Conv) and made.filters is not None:
            self._channels = made.filters // len(level.sections)
        return made

    def _check_channels(self, level: Level) -> None:
        """A file says how many channels it expects: another number is a slip that would go unnoticed here."""
        section = level.first
        if "channels" not in section.values or section.text("type") == "fc":
            return
        channels = section.whole("channels", level.inputs)
        if self._channels and channels != self._channels:
            raise section.wrong(f"channels is {channels}, but its input has {self._channels}", "channels")

    def _conv(self, level: Level, name: str, last: bool) -> AnyLayer:
        del last
        section, count = level.first, level.inputs
        columns = len(level.sections)
        self._check_same(level, "randSparse", 0, "random sparse connections cannot be represented")
        if section.whole("modulesX", 1, 0):
            raise section.wrong("modulesX cannot be represented", "modulesX")
        own = section.whole("groups", count, 1)
        if own > 1 and columns > 1:
            raise section.wrong("groups within a column cannot be represented", "groups")
        deviation = section.number("initW", count, 0.01)
        return Conv(
            name,
            section.whole("filters", count) * columns,
            section.whole("filterSize", count),
            stride=section.whole("stride", count, 1),
            padding=section.whole("padding", count, 0),
            groups=own if columns == 1 else (1 if level.sees_all else columns),
            activation=_activation(section),
            deviation=deviation,
            bias=section.number("initB", 1, 0),
            sizing="ceil",
            rate=self._rates.rate(level),
            bias_rate=self._rates.bias_rate(level),
            decay=self._rates.decay(level),
            shared=self._shared(level),
            weights_of=self._sharing.source(level, name),
        )

    def _shared(self, level: Level) -> Shared:
        section = level.first
        given = section.text("sharedBiases", "1").lower()
        if section.text("type") == "local":
            return "nothing"  # the 2012 program did not ask a local layer for sharedBiases
        if given not in {"0", "1", "true", "false"}:
            raise section.wrong(f"sharedBiases must be 0 or 1, not {given}", "sharedBiases")
        return "all" if given in {"1", "true"} else "kernels"

    def _dense(self, level: Level, name: str, last: bool) -> AnyLayer:
        section, count = level.first, level.inputs
        columns = len(level.sections)
        outputs = section.whole("outputs") * columns
        return Dense(
            name,
            None if last else outputs,
            groups=1 if level.sees_all else columns,
            activation=_activation(section),
            deviation=section.number("initW", count, 0.01),
            bias=section.number("initB", 1, 0),
            rate=self._rates.rate(level),
            bias_rate=self._rates.bias_rate(level),
            decay=self._rates.decay(level),
            weights_of=self._sharing.source(level, name),
        )

    def _pool(self, level: Level, name: str, last: bool) -> AnyLayer:
        del last
        section = self._alone(level)
        methods = {"max": "max", "avg": "average"}
        method = section.text("pool")
        if method not in methods:
            raise section.wrong(f"pool={method} cannot be represented; max and avg can", "pool")
        if section.whole("start", 1, 0) != 0:
            raise section.wrong("a start other than 0 cannot be represented", "start")
        if section.whole("outputsX", 1, 0) != 0:
            raise section.wrong("outputsX other than 0 cannot be represented", "outputsX")
        size = section.whole("sizeX")
        return Pool(
            name,
            size,
            section.whole("stride", 1, 1),
            method="max" if method == "max" else "average",
            sizing="ceil",
            activation=_activation(section),
        )

    def _response_norm(self, level: Level, name: str, last: bool) -> AnyLayer:
        del last
        section = self._alone(level)
        if section.whole("blocked", 1, 0):
            raise section.wrong("blocked normalisation cannot be represented", "blocked")
        scale, power, least = self._norm(level)
        return ResponseNorm(
            name,
            section.whole("size"),
            alpha=scale,
            beta=power,
            k=least,
            divide_by_size=True,
            activation=_activation(section),
        )

    def _map_norm(self, level: Level, name: str, last: bool) -> AnyLayer:
        del last
        section = self._alone(level)
        if _activation(section) != "none":
            raise section.wrong("a neuron after this normalisation cannot be represented", "neuron")
        scale, power, least = self._norm(level)
        return MapNorm(name, section.whole("size"), alpha=scale, beta=power, k=least)

    def _dropout(self, level: Level, name: str, last: bool) -> AnyLayer:
        del last
        keep = self._alone(level).number("keep", 1, 0.5)
        settings = self._settings.get(level.first.name)
        enabled = settings is None or settings.text("enable", "true").lower() in {"true", "1", "yes"}
        return Dropout(name, round(1 - keep, 6) if enabled else 0.0)

    def _neuron(self, level: Level, name: str, last: bool) -> AnyLayer:
        """A stand-in: its activation is given to the layer before it."""
        del last
        return Pool(name, 1, 1, activation=_activation(self._alone(level)))

    def _alone(self, level: Level) -> Section:
        """The level's section, which sees its own column only."""
        if level.inputs != 1:
            raise level.first.wrong("only conv and fc can have several inputs", "inputs")
        return level.first

    def _norm(self, level: Level) -> tuple[float, float, float]:
        settings = self._rates.settings(level)
        if settings is None:
            return _USUAL_SCALE, _USUAL_POWER, 1.0
        return settings.number("scale"), settings.number("pow"), settings.number("minDiv", 1, 1)

    def _check_same(self, level: Level, key: str, wanted: int, problem: str) -> None:
        if level.first.whole(key, level.inputs, wanted) != wanted:
            raise level.first.wrong(problem, key)


def _activation(section: Section) -> Activation:
    neuron = section.text("neuron", "").replace(" ", "")
    if neuron not in _NEURONS:
        raise section.wrong(f"the neuron {neuron} cannot be represented", "neuron")
    return _NEURONS[neuron]
