"""A training as it was asked for in words: what comes from the folder, from a run or from the options."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

from cyclopts import Parameter

from alexnet_studio.ground import device as devices
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import corrections
from alexnet_studio.images import folder as folders
from alexnet_studio.images.corrections import Corrections
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.networks import spec_file
from alexnet_studio.networks.editing import frozen
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.towers import Links, linked
from alexnet_studio.networks.variant import variant
from alexnet_studio.runs import folder as runs
from alexnet_studio.training import recipe_catalogue
from alexnet_studio.training.propose import Proposal, propose
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.recipe_errors import validated

if TYPE_CHECKING:
    from alexnet_studio.training.request import Request


@dataclass(frozen=True)
class Wanted:
    """What can be typed about the network, as options; all of it settled once a run has begun."""

    network: Annotated[
        str | None,
        Parameter(help="a name from `networks`, or a spec file; default: what suits this folder"),
    ] = None
    like: Annotated[
        Path | None,
        Parameter(help="a run whose network and recipe are taken; what is typed goes before them"),
    ] = None
    links: Annotated[
        Links | None,
        Parameter(help="which layers see both towers; none: only the classifier, conv3: as in the paper"),
    ] = None
    start: Annotated[
        Path | None,
        Parameter(
            name="--from",
            help="a run, a packed one or a file of weights to begin from; layers that do not fit begin anew",
        ),
    ] = None
    freeze: Annotated[str | None, Parameter(help="this layer and all before it do not learn")] = None
    named: Annotated[
        str | None,
        Parameter(name="--recipe", help="a name from `recipes`; what else is typed replaces parts of it"),
    ] = None
    labels: Annotated[
        Path | None,
        Parameter(help="a CSV of path and label that corrects the folder; no label leaves an image out"),
    ] = None
    pins: Annotated[
        tuple[Path, ...],
        Parameter(
            name="--pin",
            negative="",
            show_default=False,
            help="an image whose classes and neighbours are kept after each epoch; up to six times",
        ),
    ] = ()

    def proposal(self, folder: ImageFolder, kind: devices.DeviceKind) -> Proposal:
        """The recipe that was named, or what suits the folder."""
        if self.named is None:
            return propose(folder, kind)
        named = recipe_catalogue.get(self.named)
        return Proposal(named.network, None, named.recipe(), named.notes)

    def basis(self, proposal: Proposal) -> dict[str, object]:
        """The recipe where nothing is typed. The proposed one goes with the proposed network; another network starts
        from the recipe's own defaults.
        """
        if self.named is not None:
            return proposal.recipe.model_dump()
        if self.like is not None:
            return runs.open(self.like).record.recipe
        is_proposed = self.network in {None, proposal.network} and self.start is None
        return proposal.recipe.model_dump() if is_proposed else {}

    def spec(self, proposed: str, recipe: Recipe, typed: Mapping[str, object], classes: int) -> Spec:
        """The network as it is to be trained: the named one, that of a run, or the proposed one."""
        source = self.like or (self.start if self.start is not None and runs.holds_run(self.start) else None)
        if self.network is None and source is not None:
            record = runs.open(source).record
            given = spec_file.from_json(record.network, str(source / "run.json"))
            # A run's network has the size and the width of its recipe already.
            size, width = typed.get("image_size"), typed.get("width", 1.0)
            spec = variant(
                given, classes=classes, image_size=cast("int | None", size), width=cast("float", width)
            )
        else:
            name = self.network or proposed
            spec = spec_file.resolve(name, classes=classes, image_size=recipe.image_size, width=recipe.width)
        if self.links is not None:
            spec = linked(spec, self.links)
        return spec if self.freeze is None else frozen(spec, self.freeze)


@dataclass(frozen=True, slots=True)
class Asked:
    """`scanned` is the folder as it lies on the disk, without the corrections; `why` says in a sentence what is
    trained.
    """

    request: Request
    scanned: ImageFolder
    why: str


def asked(
    folder: Path, run: Path, wanted: Wanted, typed: Mapping[str, object]
) -> Generator[Progress | Asked]:
    """Scans `folder`; the last event is what `train` is to be asked for."""
    from alexnet_studio.training.request import Request

    runs.check_place(run, folder)
    scanned: ImageFolder | None = None
    for event in folders.scan(folder):
        if isinstance(event, ImageFolder):
            scanned = event
        else:
            yield event
    assert scanned is not None, "scan ends with the folder"
    labels = _labels(wanted.labels)
    found = corrections.corrected(scanned, labels)
    folders.require_trainable(found)
    proposal = wanted.proposal(found, devices.resolve(_device(typed)).kind)
    recipe = validated(**{**wanted.basis(proposal), **typed})
    spec = wanted.spec(proposal.network, recipe, typed, len(found.classes))
    is_proposed = wanted.network is None and wanted.like is None and wanted.start is None
    why = f"{spec.title}: {proposal.reason}" if is_proposed else spec.title
    request = Request(found, run, spec, recipe, frozenset(typed), wanted.start, labels, wanted.pins)
    yield Asked(request, scanned, why)


def require_same(run: Path, wanted: Wanted) -> None:
    """A run goes on as it was started. Raises `BadInput` ("recipe_differs", "not_a_run")."""
    made = runs.open(run).record.network.get("name")
    if wanted.network is not None and wanted.network != made:
        raise BadInput(
            "recipe_differs",
            "The run {run} trains the network {made}, not {given}. Leave --network out to resume it.",
            run=str(run),
            made=str(made),
            given=wanted.network,
        )
    settled = {
        "--like": wanted.like,
        "--links": wanted.links,
        "--from": wanted.start,
        "--freeze": wanted.freeze,
        "--recipe": wanted.named,
        "--labels": wanted.labels,
        "--pin": wanted.pins or None,
    }
    for option, given in settled.items():
        if given is not None:
            raise BadInput(
                "recipe_differs",
                "The run {run} goes on as it was started. Leave {option} out to resume it.",
                run=str(run),
                option=option,
            )


def _labels(path: Path | None) -> Corrections:
    if path is not None and not path.is_file():
        raise BadInput("labels_missing", "There is no file {path} of corrected labels.", path=str(path))
    return Corrections() if path is None else corrections.read(path)


def _device(typed: Mapping[str, object]) -> devices.DeviceChoice:
    return validated(**{name: value for name, value in typed.items() if name == "device"}).device
