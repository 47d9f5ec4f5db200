"""Work that trains: importing torch, timing a few steps, training, going on with a run."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.runs.rows import Started
from alexnet_studio.studio import kernel_pictures
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.setup_building import Values
from alexnet_studio.studio.state.setup import Advice, EstimateSeen
from alexnet_studio.studio.state.window import DeviceSeen

if TYPE_CHECKING:
    from alexnet_studio.images.corrections import Corrections
    from alexnet_studio.images.folder import ImageFolder
    from alexnet_studio.networks.spec import Spec
    from alexnet_studio.training.request import Request


@dataclass(frozen=True, slots=True)
class DevicesFound:
    devices: tuple[DeviceSeen, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a run that has just begun wrote down about its images."""

    class_names: tuple[str, ...]
    train_paths: tuple[str, ...]
    val_paths: tuple[str, ...]
    group: str


@dataclass(frozen=True, slots=True)
class Advised:
    advice: tuple[Advice, ...]


def warm_up() -> Work:
    """Import torch where nobody waits for it, and learn which devices it can use."""
    from alexnet_studio.ground import device

    choices = device.offered()
    numbered = len(choices) > len(device.available())
    found = [DeviceSeen(one, _device_name(one, numbered=numbered)) for one in choices]
    gpus = sum(one.choice.startswith("cuda:") and "," not in one.choice for one in found)
    if gpus > 1:
        found.append(together(gpus))
    yield DevicesFound(tuple(found))


def together(gpus: int) -> DeviceSeen:
    """All of a computer's GPUs, each with a process of its own."""
    text = QCoreApplication.translate("Recipe", "all {n} GPUs ({n} processes)")
    return DeviceSeen("cuda", text.format(n=gpus), gpus)


def _device_name(choice: str, *, numbered: bool) -> str:
    """Two GPUs of a kind have one name."""
    from alexnet_studio.ground import device

    name = device.resolve(choice).name
    return f"{name} ({choice})" if numbered and choice != "cpu" else name


def estimate(folder: ImageFolder, spec: Spec, values: Values) -> Work:
    """What this choice is warned of, at once; then images, steps, time and memory from timed steps."""
    from alexnet_studio.ground import device
    from alexnet_studio.training import propose, recipe
    from alexnet_studio.training.estimate import Estimate
    from alexnet_studio.training.estimate import estimate as estimate_of

    chosen = recipe.Recipe.model_validate(dict(values))
    kind = device.resolve(chosen.device, chosen.precision).kind
    yield Advised(
        tuple(
            Advice(warning.code, warning.sentence, warning.remedy_text, tuple(warning.remedy.items()))
            for warning in propose.warnings(folder, spec, chosen, kind)
        )
    )
    for event in estimate_of(folder, spec, chosen):
        if isinstance(event, Estimate):
            yield EstimateSeen(
                event.images,
                event.steps,
                event.seconds,
                event.memory_bytes,
                event.store_bytes,
                event.drawn,
            )
        else:
            yield event


def begin(request: Request) -> Work:
    from alexnet_studio.training import trainer

    yield from _with_record(trainer.train(request), request.run)


def train(
    folder: ImageFolder,
    run: Path,
    spec: Spec,
    values: Values,
    source: Path | None,
    corrections: Corrections | None,
    pins: tuple[str, ...],
) -> Work:
    """`corrections` have been made to `folder` already; `pins` are whole paths, or relative to it."""
    from alexnet_studio.images.corrections import Corrections
    from alexnet_studio.training.recipe import Recipe
    from alexnet_studio.training.request import Request

    recipe = Recipe.model_validate(dict(values))
    request = Request(
        folder,
        run,
        spec,
        recipe,
        start=source,
        corrections=corrections or Corrections(),
        pins=tuple(folder.root / pin for pin in pins),
    )
    yield from begin(request)


def resume(run: Path, folder: Path | None, changes: Mapping[str, object] | None = None) -> Work:
    from alexnet_studio.training import trainer

    yield from _with_record(trainer.resume(run, folder=folder, changes=changes), run)


def _with_record(events: Iterator[object], run: Path) -> Work:
    """The training's own events, its kernels as a frame of the film, and after its start what `run.json` says about
    its images.
    """
    from alexnet_studio.networks import spec_file
    from alexnet_studio.runs import folder
    from alexnet_studio.runs.several_curves import group_of
    from alexnet_studio.training.events import KernelsSeen

    towers = 1
    with _closing(events):
        for event in events:
            if isinstance(event, KernelsSeen):
                yield kernel_pictures.frame(event.step, event.epoch, event.kernels, towers)
                continue
            yield event
            if isinstance(event, Started):
                record = folder.open(run).record
                towers = spec_file.from_json(record.network, str(run)).towers
                yield Recorded(record.classes, record.split.train, record.split.val, group_of(record))


@contextlib.contextmanager
def _closing(events: Iterator[object]) -> Generator[None]:
    """A `for` loop leaves its generator open when it is abandoned; a training saves when it is closed."""
    try:
        yield
    finally:
        if isinstance(events, Generator):
            events.close()
