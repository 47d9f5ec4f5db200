"""A network changed to other classes, another image size, other channels, or another width."""

from __future__ import annotations

import math
from dataclasses import replace

from pydantic import ValidationError

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.layers import AnyLayer, Conv, Dense
from alexnet_studio.networks.spec import Spec


def variant(
    spec: Spec,
    *,
    classes: int | None = None,
    image_size: int | None = None,
    channels: int | None = None,
    width: float = 1.0,
) -> Spec:
    """`spec` with what is given in the place of its own.

    `width` scales kernels and hidden neurons, rounded to a multiple that towers and groups divide, and never
    the classifier. Raises `BadInput` ("network_argument") naming the argument that cannot be.
    """
    if not 0 < width <= 1000:
        raise _bad_argument("width", width, "a number above 0 and up to 1000")
    given = {"classes": classes, "image_size": image_size, "channels": channels}
    for name, value in given.items():
        if value is not None and not 1 <= value <= 1_000_000:
            raise _bad_argument(name, value, "a whole number from 1 to 1,000,000")
    try:
        return replace(
            spec,
            layers=spec.layers if width == 1.0 else _widened(spec, width),
            classes=spec.classes if classes is None else classes,
            image_size=spec.image_size if image_size is None else image_size,
            channels=spec.channels if channels is None else channels,
        )
    except ValidationError as error:
        raise _bad_argument("width", width, "a smaller number") from error


def _widened(spec: Spec, width: float) -> tuple[AnyLayer, ...]:
    unit = math.lcm(spec.towers, *(layer.groups for layer in spec.layers if isinstance(layer, Conv | Dense)))
    return tuple(_widened_layer(layer, width, unit) for layer in spec.layers)


def _widened_layer(layer: AnyLayer, width: float, unit: int) -> AnyLayer:
    if isinstance(layer, Conv) and layer.filters is not None:
        return replace(layer, filters=_scaled(layer.filters, width, unit))
    if isinstance(layer, Dense) and layer.neurons is not None:
        return replace(layer, neurons=_scaled(layer.neurons, width, unit))
    return layer


def _scaled(count: int, width: float, unit: int) -> int:
    return max(unit, round(count * width / unit) * unit)


def _bad_argument(name: str, value: float, wanted: str) -> BadInput:
    return BadInput(
        "network_argument",
        "The network's {argument} cannot be {value}. Give {wanted}.",
        argument=name,
        value=value,
        wanted=wanted,
    )
