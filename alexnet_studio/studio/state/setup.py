"""What Start would train, and how it came to be so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alexnet_studio.ground.errors import StudioError

if TYPE_CHECKING:  # costs the first paint time
    from alexnet_studio.networks.drawing import Drawing
    from alexnet_studio.networks.reports import Report
    from alexnet_studio.networks.spec import Spec


@dataclass(frozen=True, slots=True)
class Advice:
    """A choice known to fail, and the recipe fields (or "network") that would mend it."""

    code: str
    sentence: str
    remedy_text: str
    remedy: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class EstimateSeen:
    images: int
    steps: int
    seconds: float
    memory_bytes: int
    store_bytes: int
    drawn: tuple[tuple[int, int], ...]  # train and val, by label


@dataclass(frozen=True, slots=True)
class RecipeChoice:
    """A network and the form's values; `plan` as in `Setup`."""

    network: str
    values: tuple[tuple[str, object], ...]
    plan: Spec | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """What Start would train. `spec` is None where the network does not fit: `error` then says why."""

    network: str
    values: tuple[tuple[str, object], ...]
    spec: Spec | None = None
    plan: Spec | None = None  # what a person made of the network; None: as the catalogue or the run has it
    draft: Spec | None = None  # what the table shows, also where it does not fit
    report: Report | None = None
    drawing: Drawing | None = None
    error: StudioError | None = None
    field_errors: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    processes: int = 1  # that share the training; one is the window's own
    proposal: RecipeChoice | None = None  # what suits the folder
    own: RecipeChoice | None = None  # what a person had made before another recipe was chosen
    advice: tuple[Advice, ...] = ()
    estimate: EstimateSeen | None = None


@dataclass(frozen=True, slots=True)
class Edits:
    """Plans that Undo and Redo go to, the nearest last; and the value that could not be taken, with the reason."""

    past: tuple[Spec | None, ...] = ()
    future: tuple[Spec | None, ...] = ()
    wrong: tuple[str, str, str] = ("", "", "")  # layer, field, sentence
