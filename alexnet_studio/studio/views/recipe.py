"""What the recipe form shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WarningView:
    """A choice known to fail, with its remedy at one click (`code` comes back with `remedy_requested`)."""

    code: str
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class NetworkChoice:
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class RecipeView:
    """The form. `values` are the recipe's field names and values; `errors` are the sentences at the fields."""

    values: tuple[tuple[str, object], ...] = ()
    recipes: tuple[tuple[str, str], ...] = ()  # name, title
    recipe: str = ""
    notes: str = ""  # what should be known of that recipe, its slips too
    idle: tuple[tuple[str, str], ...] = ()  # fields that do nothing now, and why
    errors: tuple[tuple[str, str], ...] = ()
    networks: tuple[NetworkChoice, ...] = ()
    network: str = ""
    devices: tuple[tuple[str, str], ...] = ()  # choice, label; only those that this machine has
    device: str = "auto"
    reason: str = ""  # why these were proposed
    warnings: tuple[WarningView, ...] = ()
    estimate: str = ""  # "1,600 images · 750 steps · about 2 min · 0.3 GB"
    summary: str = ""  # one line when the form is folded
    enabled: bool = True
