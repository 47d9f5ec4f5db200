"""Beginning from weights that somebody has: a run's, a packed one's or a file's; what does not fit begins anew, and is
told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.insight.importing import Told, input_of
from alexnet_studio.insight.loaded import load
from alexnet_studio.networks import weight_files, weight_matching
from alexnet_studio.networks.build import Network
from alexnet_studio.networks.spec import Spec
from alexnet_studio.runs import checkpoint
from alexnet_studio.runs import folder as run_folders
from alexnet_studio.runs.unpack import is_pack, unpacked
from alexnet_studio.training.plan import Remark


@dataclass(frozen=True, slots=True)
class Beginning:
    """`weights` that fit, by the names of the state_dict; `input` is what they were fed, `remarks` what to tell."""

    weights: dict[str, Tensor]
    input: InputRecord
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class _Given:
    """`classes` are empty where nobody knows them."""

    weights: Mapping[str, Tensor]
    input: InputRecord
    classes: tuple[str, ...]
    notes: tuple[str, ...]


def beginning(source: Path, spec: Spec, classes: Sequence[str]) -> Beginning:
    """From the best checkpoint of a run, packed or not, or from a file of weights, for a folder of these `classes`.

    A packed run is unpacked into the cache. Raises `BadInput` ("weights_do_not_match", "pack_without_weights", and what
    opening a run and `weight_files.read` raise).
    """
    given = _of_run(source) if source.is_dir() or is_pack(source) else _of_file(source, spec)
    with torch.device("meta"):  # the shapes are all that is asked for
        own = Network(spec).state_dict()
    others = bool(given.classes) and given.classes != tuple(classes)
    found = weight_matching.match(spec, own, given.weights, new_head=True, other_classes=others)
    layers = list(dict.fromkeys(name.rpartition(".")[0] for name in found.left_out))
    anew = f"; {', '.join(layers)} {'begins' if len(layers) == 1 else 'begin'} anew" if layers else ""
    sentence = f"Begins from {source}: {len(found.pairs)} of {len(own)} tensors{anew}."
    remarks: list[Remark] = [("begins_from", sentence), *(("begins_from", note) for note in given.notes)]
    return Beginning(found.weights, _sized(given.input, spec), tuple(remarks))


def _of_run(source: Path) -> _Given:
    run = run_folders.open(source)
    if not source.is_dir() and not checkpoint.has_any(run):
        raise BadInput(
            "pack_without_weights",
            "{path} was packed without its weights. Pack the run again with them, or give a file of weights.",
            path=str(source),
        )
    loaded = load(run, device="cpu")
    notes = (loaded.note,) if loaded.note else ()
    return _Given(loaded.network.state_dict(), loaded.record, loaded.classes, notes)


def _of_file(source: Path, spec: Spec) -> _Given:
    try:
        weights = weight_files.read(source)
    except BadInput:
        if source.suffix.lower() == ".zip":
            unpacked(source)  # says why it is no packed run
        raise
    told, notes = Told.of(source), list[str]()
    return _Given(weights, told.input or input_of(spec, source, notes), told.classes, tuple(notes))


def _sized(record: InputRecord, spec: Spec) -> InputRecord:
    """The colours as the weights know them, the size of this network."""
    if record.size == spec.image_size:
        return record
    scale = spec.image_size / record.size
    return record.model_copy(
        update={
            "size": spec.image_size,
            "resize_to": max(spec.image_size, 2 * round(record.resize_to * scale / 2)),
        }
    )
