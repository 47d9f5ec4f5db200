"""What "auto" is worth on this device with this network: steps in half precision against steps in float32."""

from __future__ import annotations

from dataclasses import replace

from alexnet_studio.ground.device import Device
from alexnet_studio.networks.spec import Spec
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.timing import idle_learner, noise, quick_size, timed_step

_STEPS = 3  # timed, after one to warm up
# Half precision must be worth its lost digits, and a choice must not hang on a busy moment.
_WORTH_IT = 1.1


def measured(spec: Spec, recipe: Recipe, device: Device) -> tuple[Device, str]:
    """The device in the faster precision, and what was measured, in a sentence ("" where there was no choice).

    `device.precision` is the half precision that the device has, as `devices.resolve` found it.
    """
    if recipe.precision != "auto" or device.precision == "float32":
        return device, ""
    single = replace(device, precision="float32")
    half_s, single_s = (_step_seconds(spec, recipe, one) for one in (device, single))
    gain = single_s / half_s
    chosen = device if gain >= _WORTH_IT else single
    compared = (
        f"{gain:.1f} times as fast as float32" if gain >= 1 else f"{1 / gain:.1f} times slower than float32"
    )
    return chosen, f"It computes in {chosen.precision}: here {device.precision} is {compared}."


def _step_seconds(spec: Spec, recipe: Recipe, device: Device) -> float:
    size = min(recipe.batch_size, quick_size(spec)) if device.kind == "cpu" else recipe.batch_size
    learner, batch = idle_learner(spec, recipe, device), noise(spec, size)
    return min([timed_step(learner, batch, device) for _ in range(_STEPS + 1)][1:])
