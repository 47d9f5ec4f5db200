"""What a person may ask of a collection, beyond where it comes from and goes to; and which source takes what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.source import Kind

SIDES = range(8, 1025)
TILE_SIDES = range(8, 4097)


@dataclass(frozen=True, slots=True)
class Options:
    """Every field stands for an option of `collect`, None where it is not given.

    `names`: readable class names, see `class_labels.read_names`; `truth`: the ground truth of ImageNet's validation
    images; `side`: every image becomes a square of so many pixels; `tiles`: every photo is cut into such squares. The
    others are headings of a table's columns.
    """

    names: Path | None = None
    truth: Path | None = None
    side: int | None = None
    tiles: int | None = None
    path_column: str | None = None
    label_column: str | None = None
    split_column: str | None = None
    group_column: str | None = None

    def given(self) -> tuple[str, ...]:
        return tuple(field.name for field in fields(self) if getattr(self, field.name) is not None)


# In the order in which a form asks for them.
TAKEN: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        "idx": ("names", "side"),
        "cifar": ("names", "side"),
        "imagenet": ("names", "truth", "side"),
        "table": ("path_column", "label_column", "split_column", "group_column", "names", "side"),
        "photos": ("tiles", "names"),
    }
)
_CALLED: Mapping[Kind, str] = MappingProxyType(
    {
        "idx": "IDX files",
        "cifar": "a CIFAR archive",
        "imagenet": "ImageNet",
        "table": "a table of paths and labels",
        "photos": "a folder of class folders",
    }
)


def require_sides(options: Options) -> None:
    """Raises `BadInput` ("side_out_of_range")."""
    for side, sides in ((options.side, SIDES), (options.tiles, TILE_SIDES)):
        if side is not None and side not in sides:
            raise BadInput(
                "side_out_of_range",
                "Images of {side} pixels a side are not made. Give a number from {least} to {most}.",
                side=side,
                least=sides[0],
                most=sides[-1],
            )


def require_taken(options: Options, kind: Kind, source: Path) -> None:
    """What would do nothing is refused: a person would believe that it did. Raises `BadInput` ("option_unused")."""
    for name in options.given():
        if name not in TAKEN[kind]:
            raise BadInput(
                "option_unused",
                "{path} is {what}, for which {option} does nothing. Leave it out.",
                path=str(source),
                what=_CALLED[kind],
                option=f"--{name.replace('_', '-')}",
            )
