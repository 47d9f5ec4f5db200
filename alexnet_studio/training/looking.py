"""When conv1 is looked at: often in the first steps, where it changes most, then at most twice a second."""

from __future__ import annotations

import time

import numpy as np
from torch import nn

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.networks.spec import Spec, first_conv
from alexnet_studio.networks.two_devices import join, whole_name
from alexnet_studio.runs.film import Film
from alexnet_studio.training.events import KernelsSeen

_EVERY_STEP_UNTIL = 20
_INTERVAL_S = 0.5


class Onlooker:
    """Copies the first convolution's kernels off the device and puts them on the film."""

    def __init__(self, network: nn.Module, spec: Spec, film: Film) -> None:
        wanted = f"{first_conv(spec).name}.weight"
        # Of a network on two devices each tower has its own.
        self._weights = [one for name, one in network.named_parameters() if whole_name(name) == wanted]
        self._film = film
        self._complained = False
        self._looked_at = -np.inf
        self.problem = ""

    def look(self, step: int, epoch: int) -> KernelsSeen | None:
        """The kernels now, or None when it is not yet time again (each look waits for the device)."""
        now = time.perf_counter()
        if step > _EVERY_STEP_UNTIL and now - self._looked_at < _INTERVAL_S:
            return None
        self._looked_at = now
        kernels = join([one.detach().float().cpu() for one in self._weights]).numpy().copy()
        kernels.setflags(write=False)
        seen = KernelsSeen(step, epoch, kernels)
        self._keep(seen)
        return seen

    def _keep(self, seen: KernelsSeen) -> None:
        """A frame that cannot be written is left out, the first time with `problem` set; the training goes on."""
        try:
            self._film.append(seen.step, seen.epoch, seen.kernels)
        except StudioError as error:
            if not self._complained:
                self.problem = f"The kernels over time are not being saved: {error.sentence}"
            self._complained = True
