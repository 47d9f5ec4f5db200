"""A run's trained network, ready to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import ValidationError
from torch import Tensor

from alexnet_studio.ground import device as devices
from alexnet_studio.ground.device import Device, DeviceChoice, PrecisionChoice
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.insight.kernels import towers
from alexnet_studio.networks import spec_file
from alexnet_studio.networks.build import Network
from alexnet_studio.networks.spec import Spec, first_conv
from alexnet_studio.runs import checkpoint as checkpoints
from alexnet_studio.runs.folder import RunFolder


@dataclass(frozen=True, slots=True)
class LoadedRun:
    """Weights of one checkpoint, in eval mode on `device`; nobody trains them.

    `checkpoint_id` stands in a feature file as well: where the two differ, the features are outdated. `note`
    says why it is not the checkpoint that was asked for, and is empty otherwise.
    """

    network: Network
    record: InputRecord
    classes: tuple[str, ...]
    spec: Spec
    checkpoint_id: str
    step: int
    epoch: int
    device: Device
    note: str = ""

    def kernels(self) -> tuple[NDArray[np.float32], ...]:
        """The first convolution's, a read-only (filters, channels, height, width) for each tower."""
        weight = self.network.get_parameter(f"{first_conv(self.spec).name}.weight")
        values: NDArray[np.float32] = weight.detach().cpu().numpy().copy()
        values.setflags(write=False)
        return towers(values, self.spec.towers if len(values) % self.spec.towers == 0 else 1)


def load(
    run: RunFolder,
    checkpoint: Literal["best", "last"] = "best",
    device: Device | DeviceChoice | None = None,
) -> LoadedRun:
    """`device` None: the one that trained it, in its precision, if this machine has it; else the best here.

    Raises `BadInput` ("run_contradicts_itself", "weights_do_not_fit", and what `spec_file.from_json` and
    `checkpoint.load` raise).
    """
    spec = spec_file.from_json(run.record.network, str(run.path / "run.json"))
    record = _input_record(run, spec)
    payload = checkpoints.load(run, checkpoint)
    # Without memory first, so that no initial weights are drawn only to be replaced.
    with torch.device("meta"):
        network = Network(spec)
    _check_fit(run, network.state_dict(), payload.weights)
    network.load_state_dict({name: tensor.float() for name, tensor in payload.weights.items()}, assign=True)
    chosen = device if isinstance(device, Device) else _resolve(run, device)
    # The memory format of training, so that validation images get the answers they got then.
    network.to(memory_format=torch.channels_last).to(chosen.torch()).eval()
    network.requires_grad_(requires_grad=False)
    return LoadedRun(
        network,
        record,
        run.record.classes,
        spec,
        payload.identity,
        payload.step,
        payload.epoch,
        chosen,
        payload.note,
    )


def _input_record(run: RunFolder, spec: Spec) -> InputRecord:
    try:
        record = InputRecord.model_validate(run.record.input)
    except ValidationError as error:
        raise _contradicts(run, "its input record is damaged") from error
    if (record.size, record.channels) != (spec.image_size, spec.channels):
        raise _contradicts(run, "its input record and its network differ in image size or channels")
    if len(run.record.classes) != spec.classes:
        raise _contradicts(run, f"it names {len(run.record.classes)} classes for {spec.classes} outputs")
    return record


def _contradicts(run: RunFolder, reason: str) -> BadInput:
    return BadInput(
        "run_contradicts_itself",
        "{path} cannot be opened: {reason}. Restore run.json from a copy, or train again.",
        path=str(run.path),
        reason=reason,
    )


def _check_fit(run: RunFolder, wanted: dict[str, Tensor], given: dict[str, Tensor]) -> None:
    problem = _misfit(wanted, given)
    if problem:
        raise BadInput(
            "weights_do_not_fit",
            "The checkpoint of {path} cannot be its network's: {problem}. Restore the run from a copy.",
            path=str(run.path),
            problem=problem,
        )


def _misfit(wanted: dict[str, Tensor], given: dict[str, Tensor]) -> str:
    """What keeps `given` from being the weights of a network that wants `wanted`; nothing when they fit."""
    missing, extra = sorted(wanted.keys() - given.keys()), sorted(given.keys() - wanted.keys())
    if missing or extra:
        return "; ".join(
            f"{what} {', '.join(names[:4])}{' and more' if len(names) > 4 else ''}"
            for what, names in (("it lacks", missing), ("it has an unknown", extra))
            if names
        )
    for name, tensor in given.items():
        if tensor.shape != wanted[name].shape:
            return f"{name} has the shape {tuple(tensor.shape)} instead of {tuple(wanted[name].shape)}"
        if not bool(torch.isfinite(tensor).all()):
            return f"{name} holds values that are not finite"
    return ""


def _resolve(run: RunFolder, wanted: DeviceChoice | None) -> Device:
    kind = devices.kind_of(run.record.device)
    if wanted is None and kind in devices.available():
        return devices.resolve(kind, _precision(run.record.precision))
    return devices.resolve(wanted or "auto")


def _precision(recorded: str) -> PrecisionChoice:
    known: dict[str, PrecisionChoice] = {"float32": "float32", "bfloat16": "bfloat16", "float16": "float16"}
    return known.get(recorded, "auto")
