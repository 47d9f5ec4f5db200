"""`recipes`: the recipes that have a name, and what each changes."""

from __future__ import annotations

from alexnet_studio.cli import output
from alexnet_studio.training import recipe_catalogue


def recipes(*, json: output.JsonFlag = False) -> int:
    """List the recipes that `train --recipe NAME` knows."""
    found = recipe_catalogue.everyone()
    if json:
        output.document(
            [
                {
                    "name": one.name,
                    "title": one.title,
                    "network": one.network,
                    "source": one.source,
                    "values": dict(one.values),
                    "notes": one.notes,
                }
                for one in found
            ]
        )
        return 0
    for one in found:
        values = ", ".join(f"{name} {value}" for name, value in one.values.items())
        output.line(f"{one.name}: {one.title} (network {one.network}; {one.source})")
        output.line(f"  {values}")
        output.line(f"  {one.notes}")
    return 0
