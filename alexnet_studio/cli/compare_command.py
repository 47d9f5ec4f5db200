"""`compare`: what differs between runs, and what each came to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from alexnet_studio.cli import output
from alexnet_studio.cli.runs_command import as_json, best
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.insight.comparison import Comparison, FieldDifference
from alexnet_studio.insight.comparison import compare as compared
from alexnet_studio.training.recipe import Recipe


def compare(
    runs: Annotated[tuple[Path, ...], Parameter(name="RUN", help="two runs or more")] = (),
    /,
    *,
    json: output.JsonFlag = False,
) -> None:
    """Hold runs beside each other: images, recipe and network where they differ, and their best values."""
    if len(runs) < 2:
        raise BadInput("too_few_runs", "Name two runs or more to compare.")
    found = compared(runs, Recipe().model_dump())
    if json:
        output.document(
            {
                "runs": [as_json(run) for run in found.runs],
                "setting": [{"field": one.field, "values": one.values} for one in found.setting],
                "recipe": [{"field": one.field, "values": one.values} for one in found.recipe],
                "network": [
                    {"layer": one.layer, "aspect": one.aspect, "values": one.values} for one in found.network
                ],
            }
        )
        return
    output.table(("", *(run.name for run in found.runs)), _rows(found))


def _rows(found: Comparison) -> list[tuple[str, ...]]:
    made = [
        ("state", *(run.state for run in found.runs)),
        ("epochs", *(str(run.epochs) for run in found.runs)),
        ("best top-1", *(best(run) for run in found.runs)),
        ("loss", *("–" if run.loss is None else f"{run.loss:.3f}" for run in found.runs)),
    ]
    made += [_field("", one) for one in found.setting]
    made += [_field("recipe: ", one) for one in found.recipe]
    made += [(f"{one.layer or 'network'}: {one.aspect}", *one.values) for one in found.network]
    return made


def _field(before: str, one: FieldDifference) -> tuple[str, ...]:
    words = ("–" if value is None else str(value) for value in one.values)
    return (before + one.field.replace("_", " "), *words)
