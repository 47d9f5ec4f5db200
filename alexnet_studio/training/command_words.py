"""The words of the `train` command: read from a line that somebody typed, and made of what a form holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import App, CycloptsError, Parameter

from alexnet_studio.images import grouping
from alexnet_studio.training.asked import Wanted
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.usage import usage

RunOption = Annotated[Path, Parameter(help="the folder that everything of this training is written to")]


@dataclass(frozen=True, slots=True)
class Typed:
    """`fields` are those of the recipe that were typed."""

    folder: Path
    run: Path
    wanted: Wanted
    fields: Mapping[str, object]


def parsed(words: Sequence[str]) -> Typed:
    """What `train` with these words is asked for. Raises `BadInput` for what it would not take."""
    app = App(name="alexnet-studio train", default_command=_train, result_action="return_value")
    try:
        typed: Typed = app(list(words), exit_on_error=False, print_error=False)
    except CycloptsError as error:
        raise usage(error) from None
    return typed


def _train(
    folder: Path,
    /,
    *,
    run: RunOption,
    wanted: Annotated[Wanted, Parameter(name="*")] = Wanted(),  # noqa: B008 - it is frozen
    recipe: Annotated[Recipe | None, Parameter(name="*")] = None,
) -> Typed:
    return Typed(folder, run, wanted, typed_fields(recipe, folder))


def typed_fields(recipe: Recipe | None, folder: Path) -> dict[str, object]:
    """What was typed of a recipe; a table of groups as it is called from within `folder`."""
    if recipe is None:
        return {}
    typed = {name: getattr(recipe, name) for name in Recipe.model_fields if name in recipe.model_fields_set}
    if isinstance(table := typed.get("groups"), str):
        typed["groups"] = grouping.from_folder(table, folder)
    return typed


def recipe_words(fields: Mapping[str, object]) -> list[str]:
    """Options for these fields of a recipe; none for one that is empty: it is so where nothing is typed."""
    found: list[str] = []
    for name, value in fields.items():
        option = name.replace("_", "-")
        if isinstance(value, bool):
            found.append(f"--{option}" if value else f"--no-{option}")
        elif value not in {None, ""}:
            found.append(f"--{option}={value}")
    return found


def form_words(
    folder: Path,
    run: Path,
    network: str,
    fields: Mapping[str, object],
    *,
    source: Path | None = None,
    labels: Path | None = None,
) -> list[str]:
    """What a form holds, as a person would type it after `train`."""
    options = [f"--network={network}"]
    if source is not None:
        options.append(f"--from={source}")
    if labels is not None:
        options.append(f"--labels={labels}")
    return [str(folder), "--run", str(run), *options, *recipe_words(fields)]


def changed_fields(values: Mapping[str, object]) -> dict[str, object]:
    """Those that are not as usual: a default that does not fit the folder is clipped, what is typed is refused."""
    usual = Recipe().model_dump()
    return {name: value for name, value in values.items() if value != usual.get(name)}
