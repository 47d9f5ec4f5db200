"""cuda-convnet's configuration files of 2012 as specs: what a layers file and its layer-params file describe.

A construct that a spec cannot say is an error that names the section and the line, never another network.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from alexnet_studio.networks import cfg_sections
from alexnet_studio.networks.cfg_columns import Chain, chain
from alexnet_studio.networks.cfg_layers import LayerReader
from alexnet_studio.networks.cfg_learning import Learning, learning_of, usual
from alexnet_studio.networks.cfg_sections import Section
from alexnet_studio.networks.layers import (
    AnyLayer,
    Conv,
    Dense,
    Dropout,
    Pool,
    ResponseNorm,
)
from alexnet_studio.networks.spec import Spec

_UNSUPPORTED = {
    "initWFunc": "initWFunc names Python code, which is not run",
    "initBFunc": "initBFunc names Python code, which is not run",
    "dropout": "dropout as a property of a layer cannot be read; give it a layer of type hs",
}
_IMAGE_SIZE, _CIFAR_SIZE = 224, 32


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
    learning = {name: learning_of(section) for name, section in settings.items() if "epsW" in section.values}
    recipe = usual(settings, learning)
    reader = LayerReader(settings, learning, recipe)
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
