"""Looking at conv1: which moment of the film, and how its values become colours."""

from __future__ import annotations

from alexnet_studio.studio import kernel_pictures
from alexnet_studio.studio.desk import Desk


class KernelIntents:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show_frame(self, frame: int) -> None:
        kernel_pictures.show(self._desk.state.kernels, frame)

    def set_normalisation(self, name: str) -> None:
        kernels = self._desk.state.kernels
        if kernels.per_kernel != (name == "kernel"):
            kernels.per_kernel = name == "kernel"
            kernel_pictures.draw(kernels)
