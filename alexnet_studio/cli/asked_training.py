"""A training as it was typed: what comes from the folder, from a run or from the options; begun, or gone on with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from alexnet_studio.cli import output
from alexnet_studio.cli.interruption import result
from alexnet_studio.ground import device as devices
from alexnet_studio.ground.errors import BadInput
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
from alexnet_studio.training.events import Event
from alexnet_studio.training.propose import Proposal, propose
from alexnet_studio.training.recipe import Recipe, validated

if TYPE_CHECKING:
    from alexnet_studio.training.world import World


@dataclass(frozen=True)
class Wanted:
    """What was typed about the network; all of it settled once a run has begun."""

    network: str | None = None
    like: Path | None = None
    links: Links | None = None
    start: Path | None = None
    freeze: str | None = None
    named: str | None = None
    labels: Path | None = None
    pins: tuple[Path, ...] = ()

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
        source = self.like or (self.start if self.start is not None and runs.is_run(self.start) else None)
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


def started(
    folder: Path,
    run: Path,
    wanted: Wanted,
    typed: dict[str, object],
    bar: output.ProgressBar,
    world: World | None = None,
) -> tuple[Iterator[Event | None], str]:
    """The training, and in a sentence what is trained and why. `world`: of several processes."""
    from alexnet_studio.training.trainer import Request, train
    from alexnet_studio.training.world import ALONE

    runs.check_place(run, folder)
    found = result(folders.scan(folder), bar)
    labels = _labels(wanted.labels)
    found = corrections.corrected(found, labels)
    folders.require_trainable(found)
    proposal = wanted.proposal(found, devices.resolve(_device(typed)).kind)
    recipe = validated(**{**wanted.basis(proposal), **typed})
    spec = wanted.spec(proposal.network, recipe, typed, len(found.classes))
    is_proposed = wanted.network is None and wanted.like is None and wanted.start is None
    why = f"{spec.title}: {proposal.reason}" if is_proposed else spec.title
    request = Request(found, run, spec, recipe, frozenset(typed), wanted.start, labels, wanted.pins)
    return train(request, world or ALONE), why


def _labels(path: Path | None) -> Corrections:
    if path is not None and not path.is_file():
        raise BadInput("labels_missing", "There is no file {path} of corrected labels.", path=str(path))
    return Corrections() if path is None else corrections.read(path)


def resumed(
    run: Path, folder: Path, typed: dict[str, object], wanted: Wanted, world: World | None = None
) -> Iterator[Event | None]:
    from alexnet_studio.training.trainer import resume
    from alexnet_studio.training.world import ALONE

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
    return resume(run, folder=folder, changes=typed, world=world or ALONE)


def _device(typed: dict[str, object]) -> devices.DeviceChoice:
    return validated(**{name: value for name, value in typed.items() if name == "device"}).device
