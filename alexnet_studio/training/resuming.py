"""Opening a run again: the same recipe, the same images, the last checkpoint that verifies."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast

from pydantic import ValidationError

from alexnet_studio.ground import device as devices
from alexnet_studio.ground import files
from alexnet_studio.ground.device import Device
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import corrections
from alexnet_studio.images import folder as image_folder
from alexnet_studio.images import split as splitting
from alexnet_studio.images.corrections import Corrections
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.statistics import ColourStatistics
from alexnet_studio.networks import spec_file
from alexnet_studio.runs import checkpoint
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.answers import Answers
from alexnet_studio.runs.checkpoint_document import Checkpoint
from alexnet_studio.runs.film import Film
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.history import History
from alexnet_studio.runs.pins import PinRecords
from alexnet_studio.runs.record import RunRecord
from alexnet_studio.training.agreeing import agreed, in_turn
from alexnet_studio.training.describing import data_source, versions
from alexnet_studio.training.learned_images import Images, Remark, decoded, given_up
from alexnet_studio.training.plan import Plan, split_rule
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.recipe_errors import validated
from alexnet_studio.training.world import World

CHANGEABLE = frozenset({"epochs", "device", "workers"})


@dataclass(frozen=True, slots=True)
class _Opened:
    run: RunFolder
    recipe: Recipe
    saved: Checkpoint | None
    labels: Corrections


def reopened(
    path: Path, folder: Path | None, changes: Mapping[str, object], world: World
) -> Generator[Progress, None, tuple[RunFolder, Plan, Checkpoint | None]]:
    """The run, its plan, and its checkpoint; None when it was killed before the first one.

    The history, the film and what was kept of each epoch are cut back to the checkpoint, and `run.json` gets what
    changed. Of several processes the first alone reads and writes the run: on other machines there may be none.
    """
    opened = cast("_Opened", world.from_first(_opened(path, changes) if world.leads else None))
    run, saved = opened.run, opened.saved
    whole = world.size > 1
    images = yield from in_turn(world, "decoding", lambda: _same_images(opened, folder, early=not whole))
    with given_up(images.store):
        plan = agreed(world, _plan(run, opened.recipe, images, "device" in changes))
        if run.record.processes != world.size:
            plan = replace(plan, remarks=(*plan.remarks, _other_number(run.record.processes, world.size)))
        if not world.leads:
            return run, plan, saved
        if saved is not None and saved.note:
            plan = replace(plan, remarks=(*plan.remarks, ("checkpoint_fallback", saved.note)))
        step, epoch = (saved.step, saved.epoch) if saved is not None else (-1, 0)
        History(run.metrics).cut(step, epoch)
        Film(run.kernels).cut(step)
        Answers(run).cut(epoch)
        PinRecords(run).cut(epoch)
        return run_folder.write_record(path, _updated(run.record, plan)), plan, saved


def _opened(path: Path, changes: Mapping[str, object]) -> _Opened:
    run = run_folder.open(path)
    for written in (run.path, run.checkpoints, run.kernels, run.answers, run.pins):
        files.sweep(written)
    recipe = changed_recipe(run, changes)
    saved = checkpoint.load(run, "last") if checkpoint.has_any(run) else None
    return _Opened(run, recipe, saved, corrections.read(run.path / corrections.FILE))


def _other_number(before: int, now: int) -> Remark:
    were = "process was" if before == 1 else "processes were"
    sentence = (
        f"The run goes on with {now} instead of {before}: sums are added up in another order, so that it will not end "
        f"as it would have, to the last digit ({before} {were} there before). Every image is still seen once an epoch."
    )
    return "processes_changed", sentence


def changed_recipe(run: RunFolder, changes: Mapping[str, object]) -> Recipe:
    """The run's recipe with `changes`. Raises `BadInput` ("recipe_differs", "recipe_field", "not_a_run")."""
    try:
        recorded = Recipe.model_validate(run.record.recipe)
    except ValidationError as error:
        raise _damaged(run, "recipe") from error
    wanted = validated(**{**recorded.model_dump(), **changes})
    for name in sorted(changes):
        was, given = getattr(recorded, name), getattr(wanted, name)
        if name not in CHANGEABLE and was != given:
            raise BadInput(
                "recipe_differs",
                "The run {run} was started with {field} {was}, not {given}. Only epochs, device and workers "
                "may change when it is resumed; start a new run for another {field}.",
                run=str(run.path),
                field=name,
                was=str(was),
                given=str(given),
            )
    return wanted


def _plan(run: RunFolder, recipe: Recipe, images: Images, device_chosen: bool) -> Plan:
    device, remarks = _device(run.record, recipe, device_chosen)
    return Plan(
        spec=spec_file.from_json(run.record.network, str(run.path / "run.json")),
        recipe=recipe,
        device=device,
        input=_input(run),
        colour=_colour(run),
        images=images,
        remarks=remarks,
    )


def _device(record: RunRecord, recipe: Recipe, chosen: bool) -> tuple[Device, tuple[Remark, ...]]:
    """What `auto` was resolved to then, unless the person chose anew or this machine does not have it."""
    device = _as_then(record) if not chosen else None
    if device is None:
        device = devices.resolve(recipe.device, recipe.precision)
    before = (record.device, record.precision, record.threads)
    if (device.choice, device.precision, device.threads) == before:
        return device, ()
    sentence = (
        f"The run goes on with {_described(device.choice, device.precision, device.threads)} instead of "
        f"{_described(*before)}: it will not end as it would have, to the last digit."
    )
    return device, (("device_changed", sentence),)


def _as_then(record: RunRecord) -> Device | None:
    """The device of the run, where this machine has it."""
    try:
        return devices.resolve(record.device, cast("devices.Precision", record.precision))
    except BadInput:
        return None


def _described(kind: str, precision: str, threads: int) -> str:
    return f"{kind}, {precision}, {threads} threads"


def _same_images(opened: _Opened, folder: Path | None, *, early: bool) -> Generator[Progress, None, Images]:
    """Raises `BadInput` ("folder_changed", and what scanning raises)."""
    run, recipe = opened.run, opened.recipe
    root = folder or run.data_root
    found: ImageFolder | None = None
    for event in image_folder.scan(root):
        if isinstance(event, ImageFolder):
            found = event
        else:
            yield event
    assert found is not None, "scan ends with the folder"
    found = corrections.corrected(found, opened.labels)
    _require_unchanged(run, found)
    parts = splitting.split(found, split_rule(recipe))
    recorded = run.record.split
    counted = frozenset((*recorded.train, *recorded.val))
    images = yield from decoded(found, parts, _input(run), recipe, counted, early=early)
    if (images.paths(images.train), images.paths(images.val)) != (recorded.train, recorded.val):
        images.store.close()
        raise _changed(run, found.root, "other images train and validate than before")
    return images


def _require_unchanged(run: RunFolder, found: ImageFolder) -> None:
    was, now = run.record.data, data_source(found)
    if found.classes != run.record.classes:
        raise _changed(run, found.root, _difference(set(run.record.classes), set(found.classes), "class"))
    if was.fingerprint == now.fingerprint:
        return
    # A copy of the folder has new dates. In its old place a new date means a new content.
    moved = Path(was.root) != found.root
    if moved and was.names_and_sizes == now.names_and_sizes:
        return
    split = run.record.split
    before = {*split.train, *split.val, *split.left_out}
    present = {image.path for image in found.images if image.split != "test"}
    raise _changed(run, found.root, _difference(before, present, "image"))


def _difference(before: set[str], now: set[str], what: str) -> str:
    missing, added = sorted(before - now), sorted(now - before)
    if missing:
        return f"{len(missing)} {what}{_plural(missing, what)} missing, such as {missing[0]}"
    if added:
        return f"{len(added)} {what}{_plural(added, what)} new, such as {added[0]}"
    return "files of the same names have another size or date"


def _plural(names: list[str], what: str) -> str:
    if len(names) == 1:
        return " is"
    return "es are" if what == "class" else "s are"


def _changed(run: RunFolder, root: Path, difference: str) -> BadInput:
    return BadInput(
        "folder_changed",
        "{root} is not as it was when the run {run} started: {difference}. Restore it, or start a new run.",
        root=str(root),
        run=str(run.path),
        difference=difference,
    )


def _input(run: RunFolder) -> InputRecord:
    try:
        return InputRecord.model_validate(run.record.input)
    except ValidationError as error:
        raise _damaged(run, "input") from error


def _colour(run: RunFolder) -> ColourStatistics:
    try:
        return ColourStatistics.model_validate(run.record.colour)
    except ValidationError as error:
        raise _damaged(run, "colour") from error


def _damaged(run: RunFolder, part: Literal["recipe", "input", "colour"]) -> BadInput:
    return BadInput(
        "not_a_run",
        "{path} is not a run that can be resumed: {part} in its run.json is damaged. Start a new run.",
        path=str(run.path),
        part=part,
    )


def _updated(record: RunRecord, plan: Plan) -> RunRecord:
    return record.model_copy(
        update={
            "recipe": plan.recipe.model_dump(mode="json"),
            "data": data_source(plan.images.folder),
            "device": plan.device.choice,
            "precision": plan.device.precision,
            "threads": plan.device.threads,
            "processes": plan.processes,
            "versions": versions(),
        }
    )
