"""A run's weights as a file for others, with the class names and the input record in it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Literal

import torch
from torch import Tensor

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import write_atomic
from alexnet_studio.insight import onnx_file
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.networks import catalogue, safetensors_file, spec_file
from alexnet_studio.networks.layers import Conv, Dense
from alexnet_studio.networks.spec import Spec, require_classifier

Format = Literal["safetensors", "torchvision", "onnx"]
# torchvision.models.alexnet's own keys, in the order of its layers.
_TORCHVISION = (
    *(f"features.{number}" for number in (0, 3, 6, 8, 10)),
    *(f"classifier.{number}" for number in (1, 4, 6)),
)


@dataclass(frozen=True, slots=True)
class Exported:
    file: Path
    format: Format
    bytes: int


def export(loaded: LoadedRun, file: Path, form: Format) -> Exported:
    """Write the weights of `loaded` to `file`, whole or not at all.

    safetensors: our names, with the network, the class names and the input record as JSON in the metadata.
    torchvision: a state_dict that `torchvision.models.alexnet(num_classes=...)` loads strictly. onnx: from images of
    0..1 to probabilities, with a program beside it that asks it. Raises `BadInput` ("not_torchvisions_network",
    "no_classifier", "extra_missing") and `Failed` ("disk_full", "not_writable").
    """
    weights = {name: tensor.cpu().contiguous() for name, tensor in loaded.network.state_dict().items()}
    match form:
        case "safetensors":
            content = _safetensors(loaded, weights)
        case "torchvision":
            content = _torchvision(loaded, weights)
        case "onnx":
            require_classifier(loaded.spec)
            content = onnx_file.onnx_bytes(loaded)
    _put(file, content)
    if form == "onnx":
        program = onnx_file.predict_program(file.name)
        _put(file.with_name(onnx_file.program_name(file.name)), program.encode("utf-8"))
    return Exported(file, form, len(content))


def _put(file: Path, content: bytes) -> None:
    def write(handle: IO[bytes]) -> None:
        handle.write(content)

    write_atomic(file, write)


def _safetensors(loaded: LoadedRun, weights: dict[str, Tensor]) -> bytes:
    return safetensors_file.dump(
        weights,
        {
            "network": json.dumps(spec_file.to_json(loaded.spec)),
            "classes": json.dumps(list(loaded.classes), ensure_ascii=False),
            "input": json.dumps(loaded.record.model_dump(mode="json")),
        },
    )


def _torchvision(loaded: LoadedRun, weights: dict[str, Tensor]) -> bytes:
    spec = loaded.spec
    if _plan(spec) != _plan(_torchvisions(spec)):
        raise BadInput(
            "not_torchvisions_network",
            "torchvision has no network {network}: only its own plan (torchvision, at 224 pixels) can be written "
            "for it. Export it as safetensors.",
            network=spec.name,
        )
    layers = [layer.name for layer in spec.layers if isinstance(layer, Conv | Dense)]
    theirs = {
        f"{key}.{part}": weights[f"{layer}.{part}"]
        for key, layer in zip(_TORCHVISION, layers, strict=True)
        for part in ("weight", "bias")
    }
    buffer = io.BytesIO()
    torch.save(theirs, buffer)
    return buffer.getvalue()


def _torchvisions(spec: Spec) -> Spec:
    return catalogue.get("torchvision", classes=spec.classes)


def _plan(spec: Spec) -> tuple[object, ...]:
    """What has to be equal: not the names of layers, nor how they began and how fast they learned."""
    layers = tuple(
        replace(
            layer, name="x", deviation=None, truncated=False, bias=None, rate=1.0, bias_rate=1.0, decay=1.0
        )
        if isinstance(layer, Conv | Dense)
        else replace(layer, name="x")
        for layer in spec.layers
    )
    return layers, spec.towers, spec.channels, spec.image_size, spec.classes
