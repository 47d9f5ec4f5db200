"""How many windows fit along a side, and what they need outside the image, for each of the three sizings."""

from __future__ import annotations

from dataclasses import dataclass

from alexnet_studio.networks.layers import Conv, Pool, Sizing
from alexnet_studio.networks.spec import Spec


@dataclass(frozen=True, slots=True)
class Windows:
    """A sliding window along one side: `kernel` pixels wide, every `stride` pixels.

    floor: (side + 2 padding - kernel) / stride + 1, rounded down (torch). ceil: the same rounded up, with zeros
    beyond the right and the bottom (layer.py:1004 of the 2012 code); a pooling window that would begin outside is
    left out, as torch does. same: side / stride rounded up, padded evenly, the odd pixel after (TensorFlow).
    """

    kernel: int
    stride: int
    padding: int
    sizing: Sizing
    pools: bool = False

    @classmethod
    def of(cls, layer: Conv | Pool) -> Windows:
        padding = layer.padding if isinstance(layer, Conv) else 0
        return cls(layer.kernel, layer.stride, padding, layer.sizing, isinstance(layer, Pool))

    def outputs(self, side: int) -> int:
        """How many; less than 1 where none fits."""
        if self.sizing == "same":
            return -(-side // self.stride)
        room = side + 2 * self.padding - self.kernel
        if self.sizing == "floor":
            return room // self.stride + 1
        count = -(-room // self.stride) + 1
        return count - 1 if self.pools and (count - 1) * self.stride >= side else count

    def margins(self, side: int) -> tuple[int, int]:
        """Pixels that the windows need before and after the image's own."""
        if self.sizing == "floor":
            return self.padding, self.padding
        span = (self.outputs(side) - 1) * self.stride + self.kernel
        if self.sizing == "same":
            total = max(0, span - side)
            return total // 2, total - total // 2
        return self.padding, max(self.padding, span - side - self.padding)

    def smallest(self, outputs: int) -> int:
        """The smallest side that gives so many."""
        before = (outputs - 1) * self.stride
        if self.sizing == "same":
            return before + 1
        if self.sizing == "floor":
            return max(1, before + self.kernel - 2 * self.padding)
        rounded_up = before - self.stride + 1 + self.kernel - 2 * self.padding
        return max(1, rounded_up, before + 1 if self.pools else 1)


def smallest_image(spec: Spec) -> int:
    """The smallest image size at which every layer has an output."""
    size = 1
    for layer in reversed(spec.layers):
        if isinstance(layer, Conv | Pool):
            size = Windows.of(layer).smallest(size)
    return size
