"""A folder of class folders, before anybody said how large its tiles are to be: counted from the names alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import headers, layout
from alexnet_studio.images.layout import Plan
from alexnet_studio.images.source import Description, Split
from alexnet_studio.images.walk import Walk


@dataclass(frozen=True, slots=True)
class Photos:
    root: Path
    plan: Plan

    def describe(self) -> Description:
        walk = Walk(self.root)
        counts: dict[Split, int] = {}
        size = 0
        for place in self.plan.places:
            split: Split = place.split if self.plan.layout == "splits" else ""
            for path in walk.leaves(place.folder):
                if isinstance(path, str) and headers.suffix(path) in headers.FORMAT_OF_SUFFIX:
                    counts[split] = counts.get(split, 0) + 1
                    size += (self.root / path).stat().st_size
        return Description("photos", self.root, tuple(sorted(counts.items())), size)


def find(root: Path) -> Photos | None:
    if not root.is_dir():
        return None
    try:
        return Photos(root, layout.plan(root))
    except BadInput:
        return None
