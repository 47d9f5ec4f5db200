"""From a network's name and recipe values to what the panels can show: spec, report, drawing, field errors."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.studio.state import Setup

if TYPE_CHECKING:
    from alexnet_studio.networks.differences import Difference
    from alexnet_studio.networks.spec import Spec

Values = tuple[tuple[str, object], ...]


def build(network: str, values: Values, classes: int) -> Setup:
    """Closed-form arithmetic, fast enough for every keystroke. What does not fit is told in the setup, not raised."""
    from alexnet_studio.networks import spec_file
    from alexnet_studio.training.recipe import field_errors

    named = dict(values)
    setup = Setup(network, values, field_errors=tuple(field_errors(named).items()))
    size, width = named.get("image_size"), named.get("width", 1.0)
    if any(name in {"image_size", "width"} for name, _ in setup.field_errors):
        return setup
    try:
        spec = spec_file.resolve(
            network,
            classes=classes,
            image_size=size if isinstance(size, int) else None,
            width=float(width) if isinstance(width, int | float) else 1.0,
        )
        return with_spec(setup, spec)
    except StudioError as error:
        return replace(setup, error=error)


def with_spec(setup: Setup, spec: Spec) -> Setup:
    """Raises `BadInput` where a layer would vanish or groups do not divide."""
    from alexnet_studio.networks import arithmetic, drawing

    return replace(setup, spec=spec, report=arithmetic.report(spec), drawing=drawing.draw(spec))


def gives_classes(spec: Spec) -> bool:
    """Whether it can be trained: a network that ends with features cannot."""
    from alexnet_studio.networks.spec import classifier

    return classifier(spec) is not None


@lru_cache(maxsize=8)
def compared(spec: Spec, name: str) -> tuple[Spec, tuple[Difference, ...]]:
    """The network `name` of the catalogue for as many classes, and what it has otherwise than `spec`.

    Kept: the view asks for it again whenever anything in the window has changed.
    """
    from alexnet_studio.networks import catalogue
    from alexnet_studio.networks.differences import differences

    other = catalogue.get(name, classes=spec.classes)
    return other, differences(spec, other)


@lru_cache(maxsize=8)
def as_pytorch(spec: Spec, values: Values) -> str:
    """The network with its recipe as a script; the network alone where it cannot be trained as things are."""
    from alexnet_studio.networks.pytorch_source import network_source
    from alexnet_studio.training.pytorch_source import training_source
    from alexnet_studio.training.recipe import validated

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
