"""Beginning from weights that somebody has: a run's, or a file's; what does not fit begins anew, and is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.insight.importing import input_of
from alexnet_studio.insight.loaded import load
from alexnet_studio.networks import weight_files, weight_matching
from alexnet_studio.networks.build import Network
from alexnet_studio.networks.spec import Spec
from alexnet_studio.runs import folder as run_folders
from alexnet_studio.training.plan import Remark


@dataclass(frozen=True, slots=True)
class Beginning:
    """`weights` that fit, by the names of the state_dict; `input` is what they were fed, `remarks` what to tell."""

    weights: dict[str, Tensor]
    input: InputRecord
    remarks: tuple[Remark, ...]


def beginning(source: Path, spec: Spec) -> Beginning:
    """From the best checkpoint of a run, or from a file of weights.

    Raises `BadInput` ("weights_do_not_match", and what opening a run and `weight_files.read` raise).
    """
    notes: list[str] = []
    if source.is_dir():
        loaded = load(run_folders.open(source), device="cpu")
        given, record = loaded.network.state_dict(), loaded.record
        notes += [loaded.note] if loaded.note else []
    else:
        given = weight_files.read(source)
        record = input_of(spec, source, notes)
    with torch.device("meta"):  # the shapes are all that is asked for
        own = Network(spec).state_dict()
    found = weight_matching.match(spec, own, given, new_head=True)
    layers = list(dict.fromkeys(name.rpartition(".")[0] for name in found.left_out))
    anew = f"; {', '.join(layers)} {'begins' if len(layers) == 1 else 'begin'} anew" if layers else ""
    sentence = f"Begins from {source}: {len(found.pairs)} of {len(own)} tensors{anew}."
    remarks: list[Remark] = [("begins_from", sentence), *(("begins_from", note) for note in notes)]
    return Beginning(found.weights, _sized(record, spec), tuple(remarks))


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
