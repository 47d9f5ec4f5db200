"""A run made of somebody's weights: it predicts, evaluates and indexes like one that was trained here."""

from __future__ import annotations

import importlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import TypeAdapter, ValidationError
from torch import Tensor

from alexnet_studio import __version__
from alexnet_studio.ground import device as devices
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import names_file
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.networks import safetensors_file, spec_file, weight_files, weight_matching
from alexnet_studio.networks.build import build
from alexnet_studio.networks.spec import Spec, require_classifier
from alexnet_studio.networks.variant import variant
from alexnet_studio.runs import checkpoint
from alexnet_studio.runs import folder as folders
from alexnet_studio.runs.checkpoint_document import Checkpoint
from alexnet_studio.runs.record import DataSource, RecordedSplit, RunRecord

_IMAGENET_CLASSES = 1000
_IMAGENET = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}
# Of the images that Caffe trained on, blue first.
_CAFFE_MEAN = (104.00698793, 116.66876762, 122.67891434)


@dataclass(frozen=True, slots=True)
class Imported:
    """`pairs` say which tensor of the file became which of ours; `left_out` begin anew. `notes` are for the person."""

    run: Path
    network: str
    pairs: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]


def import_weights(
    weights: Path, network: str | Spec, run: Path, *, names: Path | None = None, image_size: int | None = None
) -> Imported:
    """Make `run` from the file `weights` of the network `network` (a catalogue name, a spec file or a spec).

    The number of classes is the file's, or that of `names`; where they differ the classifier begins anew. Raises
    `BadInput` (what `weight_files.read`, `weight_matching.match`, `names_file.read` and `spec_file.resolve` raise,
    "run_exists") and `Failed` ("disk_full", "not_writable"); the run is then not there.
    """
    # Refused before hundreds of megabytes are read.
    _plan(network, None, image_size)
    told = Told.of(weights)
    labels = names_file.read(names) if names is not None else told.classes
    tensors = weight_files.read(weights)
    count = len(labels) or _classes_of(tensors)
    spec = _plan(network, count, image_size)
    require_classifier(spec)
    own = build(spec).state_dict()
    matching = weight_matching.match(spec, own, tensors)
    notes: list[str] = []
    classes = labels or _names(spec, notes)
    if matching.left_out:
        layer = matching.left_out[0].rpartition(".")[0]
        notes.append(f"{layer} begins anew: the file tells another number of classes apart than {count:,}.")
    record = _record(spec, classes, told.input or input_of(spec, weights, notes), weights)
    made = folders.create(run, record)
    filled = {**own, **matching.weights}
    checkpoint.save(
        made,
        Checkpoint(step=0, epoch=0, batch=0, weights=filled, optimizer={}, schedule={}, meters={}, best=None),
        best=True,
    )
    return Imported(run, spec.name, matching.pairs, matching.left_out, tuple(notes))


def _plan(network: str | Spec, classes: int | None, image_size: int | None) -> Spec:
    if isinstance(network, Spec):
        return variant(network, classes=classes, image_size=image_size)
    return spec_file.resolve(network, classes=classes, image_size=image_size)


@dataclass(frozen=True, slots=True)
class Told:
    """What a file that `export` wrote says of itself; nothing where it says nothing that can be used."""

    classes: tuple[str, ...] = ()
    input: InputRecord | None = None

    @classmethod
    def of(cls, weights: Path) -> Told:
        if weights.suffix != ".safetensors":
            return cls()
        found = safetensors_file.metadata(weights)
        try:
            names = TypeAdapter(tuple[str, ...]).validate_json(found["classes"])
            return cls(names, InputRecord.model_validate_json(found["input"]))
        except (KeyError, ValidationError):
            return cls()


def _classes_of(tensors: Mapping[str, Tensor]) -> int:
    """The outputs of the file's last layer."""
    weights = [tensor for name, tensor in tensors.items() if name.endswith("weight")]
    if not weights:
        raise BadInput(
            "weights_unnamed", "No tensor of the file is called a weight. Give a state_dict of a network."
        )
    return int(weights[-1].shape[0])


def _names(spec: Spec, notes: list[str]) -> tuple[str, ...]:
    if spec.classes == _IMAGENET_CLASSES:
        found = _imagenet_names()
        if found:
            notes.append("The classes are named as torchvision names ImageNet's 1,000.")
            return found
    notes.append("The classes have numbers for names; give their names with --names.")
    return tuple(f"class {number:04d}" for number in range(spec.classes))


def _imagenet_names() -> tuple[str, ...]:
    """ImageNet's 1,000 in the order of the competition, from torchvision's own metadata, if it is installed."""
    try:
        models: Any = importlib.import_module("torchvision.models")
    except ImportError:
        return ()
    return tuple(cast("list[str]", models.AlexNet_Weights.IMAGENET1K_V1.meta["categories"]))


def _record(spec: Spec, classes: tuple[str, ...], given: InputRecord, weights: Path) -> RunRecord:
    device = devices.resolve()
    return RunRecord(
        app_version=__version__,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        network=spec_file.to_json(spec),
        input=given.model_dump(mode="json"),
        recipe={},
        classes=classes,
        data=DataSource(root="", fingerprint="", layout="classes"),
        split=RecordedSplit(train=(), val=()),
        colour={},
        seed=0,
        device=device.choice,
        precision="float32",
        threads=device.threads,
        versions={"python": platform.python_version(), "torch": metadata.version("torch")},
        note=f"Imported from {weights.name}.",
    )


def input_of(spec: Spec, weights: Path, notes: list[str]) -> InputRecord:
    """What the file's makers fed it, as far as its kind tells."""
    channels = cast("Literal[1, 3]", spec.channels)
    plain = InputRecord(
        channels=channels,
        resize_to=2 * round(spec.image_size * 8 / 7 / 2),
        size=spec.image_size,
        statistics="none",
        mean=(0.0,) * channels,
        std=(1.0,) * channels,
    )
    if channels == 1:
        notes.append("Images are given as 0 to 1, without normalisation.")
        return plain
    if weights.suffix == ".npy":
        notes.append("Images are given as to Caffe's AlexNet: blue first, 0 to 255, less the mean colour.")
        return plain.model_copy(
            update={"order": "BGR", "range": "0..255", "fit": "squash", "mean": _CAFFE_MEAN}
        )
    notes.append("Images are normalised with ImageNet's mean and deviation, as torchvision does.")
    return plain.model_copy(update={"statistics": "imagenet", **_IMAGENET})
