"""Which trainings a repetition is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.images.grouping import grouped

Kind = Literal["seeds", "folds", "leave-one-out"]
_SEEDS = re.compile(r"\d{1,10}(-\d{1,10})?(,\d{1,10}(-\d{1,10})?)*")
_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Repeat:
    """`typed` are the recipe's fields as if a person had typed them."""

    name: str
    typed: Mapping[str, object]


def kinds(seeds: str, typed: Mapping[str, object], *, leave_one_out: bool) -> Kind:
    """The one that was asked for. Raises `BadInput` ("repeat_what")."""
    asked: dict[Kind, bool] = {
        "seeds": bool(seeds),
        "folds": bool(typed.get("folds")),
        "leave-one-out": leave_one_out,
    }
    chosen: list[Kind] = [kind for kind, given in asked.items() if given]
    if len(chosen) != 1 or "fold" in typed or (seeds and "seed" in typed):
        raise BadInput(
            "repeat_what",
            "Give one of --seeds 1,2,3, --folds 5 or --leave-one-out, without --fold and --seed.",
        )
    return chosen[0]


def repeats(kind: Kind, seeds: str, typed: Mapping[str, object], found: ImageFolder) -> tuple[Repeat, ...]:
    """Raises `BadInput` ("seeds_unreadable", "too_many_repeats", and what `grouped` raises)."""
    if kind == "seeds":
        return tuple(Repeat(f"seed-{seed}", {**typed, "seed": seed}) for seed in _listed(seeds))
    folds = _groups(typed, found) if kind == "leave-one-out" else int(str(typed["folds"]))
    _require_few(folds)
    return tuple(
        Repeat(f"fold-{fold}", {**typed, "folds": folds, "fold": fold}) for fold in range(1, folds + 1)
    )


def _listed(seeds: str) -> tuple[int, ...]:
    if not _SEEDS.fullmatch(seeds):
        raise BadInput("seeds_unreadable", "--seeds cannot be {given}. Give 1,2,3 or 1-5.", given=seeds)
    found: list[int] = []
    for part in seeds.split(","):
        first, _, last = part.partition("-")
        _require_few(int(last or first) - int(first))
        found += range(int(first), int(last or first) + 1)
    _require_few(len(found))
    return tuple(dict.fromkeys(found))


def _groups(typed: Mapping[str, object], found: ImageFolder) -> int:
    positions = [i for i, image in enumerate(found.images) if image.split == "train"]
    pattern, table = str(typed.get("group_by", "")), str(typed.get("groups", ""))
    return len(grouped(found, positions, pattern=pattern, table=table).groups)


def _require_few(count: int) -> None:
    if count > _MOST:
        raise BadInput(
            "too_many_repeats",
            "That would be {count} trainings, more than {most}. Give --folds 10, or --group-by.",
            count=f"{count:,}",
            most=f"{_MOST:,}",
        )
