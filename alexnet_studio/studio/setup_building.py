"""From a network's name and recipe values to what the panels can show: spec, report, drawing, field errors."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.studio.state.setup import Setup

if TYPE_CHECKING:
    from alexnet_studio.networks.differences import Difference
    from alexnet_studio.networks.example import Example
    from alexnet_studio.networks.formulas import Formula
    from alexnet_studio.networks.layer_fields import LayerField
    from alexnet_studio.networks.layers import Activation, AnyLayer
    from alexnet_studio.networks.reports import LayerReport
    from alexnet_studio.networks.slips import Slip
    from alexnet_studio.networks.spec import Spec
    from alexnet_studio.networks.worked import Worked

Values = tuple[tuple[str, object], ...]


def build(network: str, values: Values, classes: int, plan: Spec | None = None) -> Setup:
    """Closed-form arithmetic, fast enough for every keystroke. What does not fit is told in the setup, not raised.

    `plan` is what a person made of the network, in its place.
    """
    from alexnet_studio.networks import spec_file
    from alexnet_studio.networks.variant import variant
    from alexnet_studio.training.recipe_errors import field_errors

    named = dict(values)
    setup = Setup(network, values, plan=plan, field_errors=tuple(field_errors(named).items()))
    size, width = named.get("image_size"), named.get("width", 1.0)
    if any(name in {"image_size", "width"} for name, _ in setup.field_errors):
        return setup
    side = size if isinstance(size, int) else None
    factor = float(width) if isinstance(width, int | float) else 1.0
    try:
        if plan is not None:
            spec = variant(plan, classes=classes, image_size=side, width=factor)
        else:
            spec = spec_file.resolve(network, classes=classes, image_size=side, width=factor)
        setup = replace(setup, draft=spec)
        return with_spec(setup, spec)
    except StudioError as error:
        return replace(setup, error=error)


def with_spec(setup: Setup, spec: Spec) -> Setup:
    """Raises `BadInput` where a layer would vanish or groups do not divide."""
    from alexnet_studio.networks import arithmetic, drawing

    report = arithmetic.report(spec)
    return replace(setup, spec=spec, draft=spec, report=report, drawing=drawing.draw(spec))


def unfitted(setup: Setup, spec: Spec) -> tuple[Spec, Values]:
    """The network of `setup` as it is before its values give it a size and a width, with values that make `spec` of it
    again. One that an opened run brought along has both already.
    """
    named = dict(setup.values)
    plain = setup.plan or catalogued(setup.network)
    if plain is not None and build(setup.network, setup.values, spec.classes, plain).spec == spec:
        return plain, setup.values
    return spec, tuple({**named, "image_size": None, "width": 1.0}.items())


def layers_with_weights(spec: Spec) -> tuple[str, ...]:
    """In their order: what can be frozen, and what has a gradient."""
    from alexnet_studio.networks import arithmetic

    return tuple(row.name for row in arithmetic.report(spec).rows if row.weights)


def feature_sizes(spec: Spec) -> tuple[tuple[str, int], ...]:
    """Each layer whose outputs can be an image's features, with how many these are; in the network's order."""
    from alexnet_studio.networks import arithmetic

    rows = arithmetic.report(spec).rows
    return tuple((row.name, math.prod(row.output)) for row in rows if row.kind != "dropout")


@lru_cache(maxsize=32)
def catalogued(name: str) -> Spec | None:
    """The network of the catalogue as it is there; None for one from elsewhere."""
    from alexnet_studio.networks import catalogue

    return catalogue.get(name) if name in catalogue.names() else None


@lru_cache(maxsize=64)
def layer_formulas(spec: Spec, layer: str) -> tuple[Formula, ...]:
    """Of one layer of a network that fits together."""
    from alexnet_studio.networks.arithmetic import report
    from alexnet_studio.networks.formulas import formulas

    pairs = zip(spec.layers, report(spec).rows, strict=True)
    return next((formulas(one, row) for one, row in pairs if one.name == layer), ())


@lru_cache(maxsize=8)
def crossing_sentences(spec: Spec) -> tuple[tuple[str, str], ...]:
    """A layer's name and what crosses between the towers for it."""
    from alexnet_studio.networks import tower_words

    return tower_words.crossing_sentences(spec)


@lru_cache(maxsize=8)
def memory_sentences(spec: Spec) -> tuple[str, ...]:
    """What each tower holds while training; nothing where there is one tower."""
    from alexnet_studio.networks import tower_words

    return (tower_words.memory_sentence(spec),) if spec.towers > 1 else ()


def example_of(spec: Spec, layer: str) -> Example | None:
    """What `layer` does on a few numbers, with its own settings where they fit; None for what has no example."""
    from alexnet_studio.networks import layer_example

    return next((layer_example.example_of(one) for one in spec.layers if one.name == layer), None)


@lru_cache(maxsize=8)
def worked(example: Example) -> Worked:
    """The example's answer."""
    from alexnet_studio.networks import worked

    return worked.worked(example)


@lru_cache(maxsize=64)
def windows_of(spec: Spec, layer: str) -> tuple[int, int, int, int, int, int] | None:
    """Side, padding before and behind, kernel, stride and outputs along a side, of a layer with a sliding window."""
    from alexnet_studio.networks.arithmetic import report
    from alexnet_studio.networks.layers import Conv, Pool

    for one, row in zip(spec.layers, report(spec).rows, strict=True):
        if one.name == layer and isinstance(one, Conv | Pool):
            side, before, behind = row.input[1], row.padding, row.padding + row.overhang
            return side, before, behind, one.kernel, one.stride, row.output[1]
    return None


def first_fixed(spec: Spec) -> str:
    """The first layer that fixes the size of the images; nothing for a network of convolutions."""
    from alexnet_studio.networks import spec as specs

    return specs.first_fixed(spec)


def activation_named(spec: Spec, layer: str) -> Activation:
    from alexnet_studio.networks.layers import activation_of

    for one in spec.layers:
        if one.name == layer:
            return activation_of(one)
    return "none"


def slips_of(spec: Spec) -> tuple[Slip, ...]:
    """Numbers that others have of this network: only of the network as it is, at its own size."""
    from alexnet_studio.networks import slips

    plain = catalogued(spec.name)
    same = plain is not None and (spec.layers, spec.image_size) == (plain.layers, plain.image_size)
    return slips.slips(spec.name) if same and spec.classes == 1000 else ()


@lru_cache(maxsize=8)
def rows_so_far(draft: Spec) -> tuple[LayerReport, ...]:
    """The rows of a plan up to the first layer that cannot be."""
    from alexnet_studio.networks.arithmetic import so_far

    return so_far(draft)[0]


def activation_of(layer: AnyLayer) -> Activation:
    from alexnet_studio.networks import layers

    return layers.activation_of(layer)


def layer_fields(layer: AnyLayer) -> tuple[LayerField, ...]:
    from alexnet_studio.networks import layer_fields as of

    return of.layer_fields(layer)


def layer_kinds() -> tuple[str, ...]:
    from alexnet_studio.networks.editing import KINDS

    return KINDS


def gives_classes(spec: Spec) -> bool:
    """Whether it can be trained: a network that ends with features cannot."""
    from alexnet_studio.networks.spec import classifier

    return classifier(spec) is not None


@lru_cache(maxsize=8)
def compared(spec: Spec, name: str, of_run: Spec | None) -> tuple[Spec, tuple[Difference, ...]]:
    """A run's network, or else the network `name` of the catalogue for as many classes, and what it has otherwise
    than `spec`.

    Kept: the view asks for it again whenever anything in the window has changed.
    """
    from alexnet_studio.networks import catalogue
    from alexnet_studio.networks.differences import differences

    other = of_run or catalogue.get(name, classes=spec.classes)
    return other, differences(spec, other)


@lru_cache(maxsize=8)
def as_pytorch(spec: Spec, values: Values) -> str:
    """The network with its recipe as a script; the network alone where it cannot be trained as things are."""
    from alexnet_studio.networks.pytorch_source import network_source
    from alexnet_studio.training.pytorch_source import training_source
    from alexnet_studio.training.recipe_errors import validated

    try:
        return training_source(spec, validated(**dict(values)))
    except StudioError:
        try:
            return network_source(spec)
        except StudioError as error:
            return f"# {error.sentence}\n"


@lru_cache(maxsize=1)
def network_choices() -> tuple[tuple[str, str], ...]:
    from alexnet_studio.networks import catalogue

    return tuple((name, catalogue.get(name).title) for name in catalogue.names())
