"""Numbers in the paper and in widely copied tables that the network has not, each with the right one and why."""

from __future__ import annotations

from dataclasses import dataclass

# The networks whose table these numbers are claimed of: as printed, and as its code has it.
_NETWORKS = frozenset({"paper", "original-145"})


@dataclass(frozen=True, slots=True)
class Slip:
    """`layer` "" is the whole network; `column` as in the table; `right` and `claimed` are both spelled out."""

    layer: str
    column: str
    claimed: str
    right: str
    source: str
    why: str


_SLIPS = (
    Slip(
        "conv1", "neurons", "253,440", "290,400", "the paper, section 3.5",
        "55 × 55 × 96 = 290,400; the paper's number is 55 × 48 × 96",
    ),
    Slip(
        "conv3", "share", "no more than 1 %", "1.5 %", "the paper, section 7",
        "885,120 of 60,965,224 parameters are 1.45 %: conv3 alone sees both towers",
    ),
    Slip(
        "conv4", "share", "no more than 1 %", "1.1 %", "the paper, section 7",
        "663,936 of 60,965,224 parameters are 1.09 %",
    ),
    Slip(
        "conv3", "parameters", "885,504", "885,120", "a widely copied table",
        "it counts 768 biases for 384 kernels, and so comes to 60,965,608 in all; right is 60,965,224",
    ),
    Slip(
        "conv2", "output", "55 × 55", "27 × 27", "a widely copied table",
        "pool1 comes before conv2, not after it",
    ),
    Slip(
        "conv3", "output", "27 × 27", "13 × 13", "a widely copied table",
        "pool2 comes before conv3, not after it",
    ),
    Slip(
        "", "neurons", "650,000", "659,272", "the paper, abstract",
        "with 290,400 of conv1; with its 253,440 it is 622,312",
    ),
)  # fmt: skip


def slips(network: str) -> tuple[Slip, ...]:
    """Those claimed of the network called so; for others there are none."""
    return _SLIPS if network in _NETWORKS else ()
