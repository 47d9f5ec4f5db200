"""cuda-convnet's configuration files of 2012 as specs: what a layers file and its layer-params file describe.

A construct that a spec cannot say is an error that names the section and the line, never another network.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from alexnet_studio.networks import cfg_sections
from alexnet_studio.networks.cfg_columns import Chain, Level, chain
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
from alexnet_studio.networks.spec import Spec

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
_UNSUPPORTED = {
    "initWFunc": "initWFunc names Python code, which is not run",
    "initBFunc": "initBFunc names Python code, which is not run",
    "dropout": "dropout as a property of a layer cannot be read; give it a layer of type hs",
}
_NEURONS: dict[str, Activation] = {
    "": "none",
    "ident": "none",
    "none": "none",
    "relu": "relu",
    "logistic": "sigmoid",
    "tanh": "tanh",
    "tanh[1,1]": "tanh",
}
_IMAGE_SIZE, _CIFAR_SIZE = 224, 32
_USUAL_SCALE, _USUAL_POWER = 1e-4, 0.75


@dataclass(frozen=True, slots=True)
class Learning:
    """The numbers of a layer-params section, as the file has them."""

    weight_rate: float
    bias_rate: float
    momentum: float
    decay: float


@dataclass(frozen=True, slots=True)
class Imported:
    """`recipe` are the fields of a recipe that the file settles; `diary` its comments, line by line."""

    spec: Spec
    learning: dict[str, Learning]
    recipe: dict[str, float]
    diary: tuple[str, ...]


def read(layers: Path, params: Path | None = None) -> Imported:
    """The network of a layers file, with the constants and rates of its layer-params file.

    `params` None takes `layer-params-X.cfg` beside `layers-X.cfg` if there is one. The image is 224 pixels wide, or
    32 where the first convolution is small and dense as in the files for CIFAR. Raises `BadInput` ("cfg",
    "cfg_unreadable", "cfg_empty").
    """
    sections, remarks = cfg_sections.read(layers)
    beside = params or _beside(layers)
    settings, diary = cfg_sections.read(beside) if beside is not None else ({}, ())
    _check_known(sections, settings)
    plan = chain(sections)
    learning = {name: _learning(section) for name, section in settings.items() if "epsW" in section.values}
    recipe = _recipe(settings, learning)
    reader = _Reader(settings, learning, recipe)
    made = tuple(reader.layer(level, last=level is plan.levels[-1]) for level in plan.levels)
    spec = _spec(layers, plan, _without_idle(_with_neurons(made, plan)), bool(settings), (*remarks, *diary))
    return Imported(spec, learning, recipe, diary)


def _beside(layers: Path) -> Path | None:
    if not layers.name.startswith("layers"):
        return None
    path = layers.with_name("layer-params" + layers.name.removeprefix("layers"))
    return path if path.is_file() else None


def _check_known(sections: dict[str, Section], settings: dict[str, Section]) -> None:
    for section in settings.values():
        if section.name not in sections:
            raise section.wrong("the layers file has no such section")
    for section in (*sections.values(), *settings.values()):
        for key, problem in _UNSUPPORTED.items():
            if key in section.values:
                raise section.wrong(problem, key)


def _learning(section: Section) -> Learning:
    for key in ("epsW", "epsB"):
        if "[" in section.text(key, "0"):
            raise section.wrong(f"the schedule {section.text(key)} cannot be read; give a number", key)
    count = len(section.text("epsW").split(","))
    if section.number("wball", count, 0) != 0:
        raise section.wrong("wball cannot be represented", "wball")
    momentum = section.number("momW", count, 0)
    if section.number("momB", 1, momentum) != momentum:
        raise section.wrong("weights and biases have different momenta, which cannot be represented", "momB")
    return Learning(
        section.number("epsW", count), section.number("epsB", 1, 0), momentum, section.number("wc", count, 0)
    )


def _recipe(settings: dict[str, Section], learning: dict[str, Learning]) -> dict[str, float]:
    """The rate and decay that most layers have, and the momentum that all have."""
    if not learning:
        return {}
    momenta = {one.momentum for one in learning.values()}
    if len(momenta) > 1:
        odd = next(
            name for name, one in learning.items() if one.momentum != next(iter(learning.values())).momentum
        )
        raise settings[odd].wrong("another momentum than in the other layers cannot be represented", "momW")
    rates = Counter(one.weight_rate for one in learning.values() if one.weight_rate > 0)
    decays = Counter(one.decay for one in learning.values() if one.decay > 0)
    return {
        "lr": rates.most_common(1)[0][0] if rates else 0.0,
        "momentum": momenta.pop(),
        "weight_decay": decays.most_common(1)[0][0] if decays else 0.0,
    }


class _Reader:
    """Turns a level into a layer; each kind of section has a method."""

    def __init__(
        self, settings: dict[str, Section], learning: dict[str, Learning], recipe: dict[str, float]
    ) -> None:
        self._settings = settings
        self._learning = learning
        self._recipe = recipe
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
            rate=self._rate(level),
            bias_rate=self._bias_rate(level),
            decay=self._decay(level),
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
            rate=self._rate(level),
            bias_rate=self._bias_rate(level),
            decay=self._decay(level),
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
        settings = self._params(level)
        if settings is None:
            return _USUAL_SCALE, _USUAL_POWER, 1.0
        return settings.number("scale"), settings.number("pow"), settings.number("minDiv", 1, 1)

    def _params(self, level: Level) -> Section | None:
        """The layer-params section of the level, the same for both columns."""
        found = [self._settings[s.name] for s in level.sections if s.name in self._settings]
        if len(found) == 2:
            differing = found[1].same_as(found[0], frozenset())
            if differing:
                raise found[1].wrong(f"{differing} is another one than in [{found[0].name}]", differing)
        return found[0] if found else None

    def _check_same(self, level: Level, key: str, wanted: int, problem: str) -> None:
        if level.first.whole(key, level.inputs, wanted) != wanted:
            raise level.first.wrong(problem, key)

    def _rate(self, level: Level) -> float:
        return self._factor(level, "lr", lambda one: one.weight_rate)

    def _bias_rate(self, level: Level) -> float:
        return self._factor(level, "lr", lambda one: one.bias_rate)

    def _decay(self, level: Level) -> float:
        return self._factor(level, "weight_decay", lambda one: one.decay)

    def _factor(self, level: Level, field: str, of: Callable[[Learning], float]) -> float:
        self._params(level)
        learning = self._learning.get(level.first.name)
        usual = self._recipe.get(field, 0.0)
        if learning is None or usual == 0:
            return 1.0
        return float(f"{of(learning) / usual:.9g}")


def _activation(section: Section) -> Activation:
    neuron = section.text("neuron", "").replace(" ", "")
    if neuron not in _NEURONS:
        raise section.wrong(f"the neuron {neuron} cannot be represented", "neuron")
    return _NEURONS[neuron]


def _with_neurons(made: tuple[AnyLayer, ...], plan: Chain) -> tuple[AnyLayer, ...]:
    """`type=neuron` layers are put into the layer before them."""
    kept: list[AnyLayer] = []
    for level, layer in zip(plan.levels, made, strict=True):
        if level.first.text("type") != "neuron":
            kept.append(layer)
            continue
        assert isinstance(layer, Pool)
        before = kept[-1] if kept else None
        if not isinstance(before, Conv | Dense | Pool | ResponseNorm) or before.activation != "none":
            raise level.first.wrong("a neuron here cannot be represented: no layer before it can carry it")
        kept[-1] = replace(before, activation=layer.activation)
    return tuple(kept)


def _without_idle(layers: tuple[AnyLayer, ...]) -> tuple[AnyLayer, ...]:
    """Dropout that the file switches off changes nothing."""
    return tuple(layer for layer in layers if not (isinstance(layer, Dropout) and layer.rate == 0))


def _spec(
    path: Path, plan: Chain, layers: tuple[AnyLayer, ...], has_settings: bool, diary: tuple[str, ...]
) -> Spec:
    first, last = plan.levels[0], plan.levels[-1]
    if last.first.text("type") != "fc" or len(last.sections) > 1:
        raise last.first.wrong("the last layer must be one fc layer, whose outputs are the classes")
    columns = max(len(level.sections) for level in plan.levels)
    notes = (
        [] if has_settings else ["Without a layer-params file its normalisations have the usual constants."]
    )
    notes += ["The file's own notes:", *diary] if diary else []
    return Spec(
        name=re.sub(r"[^A-Za-z0-9_.-]", "-", path.stem)[:60] or "network",
        title=path.stem,
        source=f"{path.name}, a configuration file of cuda-convnet",
        layers=layers,
        towers=columns,
        channels=first.first.whole("channels", 1, 3),
        image_size=_image_size(first.first),
        classes=last.first.whole("outputs"),
        initialisation="paper",
        notes=" ".join(notes),
    )


def _image_size(first: Section) -> int:
    """A file says it only where its author wrote imgSize; the 2012 program took it from the data."""
    given = first.whole("imgSize", 1, 0)
    if given:
        return given
    if first.text("type") != "conv":
        return _CIFAR_SIZE
    small = first.whole("filterSize") <= 7 and first.whole("stride", 1, 1) == 1
    return _CIFAR_SIZE if small else _IMAGE_SIZE
