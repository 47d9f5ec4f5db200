"""A run's network as ONNX, with a short program beside it that shows how to ask it."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import prepare
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.insight.loaded import LoadedRun

# torch.onnx.export needs both, and imports them when it is called.
_NEEDS = ("onnx", "onnxscript")

_PREDICT = '''"""Say what is on an image: python {program} IMAGE (needs numpy, pillow and onnxruntime)."""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

session = onnxruntime.InferenceSession(Path(__file__).with_name({model!r}))
facts = session.get_modelmeta().custom_metadata_map
classes, record = json.loads(facts["classes"]), json.loads(facts["input"])
side, size = record["resize_to"], record["size"]

image = ImageOps.exif_transpose(Image.open(sys.argv[1]))
image = image.convert("RGB" if record["channels"] == 3 else "L")
if record["fit"] == "squash":
    image = image.resize((side, side), Image.Resampling.BILINEAR)
elif record["fit"] == "pad":  # the longer side, centred on mid grey
    field = {field} if record["channels"] == 3 else {grey_field}
    image = ImageOps.pad(image, (side, side), Image.Resampling.BILINEAR, field)
else:  # the shorter side, then the centre
    image = ImageOps.fit(image, (side, side), Image.Resampling.BILINEAR)
margin = (side - size) // 2
pixels = np.asarray(image, np.float32).reshape(side, side, record["channels"]) / 255
pixels = pixels[margin : margin + size, margin : margin + size].transpose(2, 0, 1)[None]

(probabilities,) = session.run(None, {{"images": pixels}})[0]
for label in np.argsort(-probabilities)[:5]:
    print(f"{{probabilities[label]:6.1%}}  {{classes[label]}}")
'''


class _Whole(nn.Module):
    """Images of 0..1, red first, to probabilities: what the input record does to colours is inside."""

    def __init__(self, network: nn.Module, record: InputRecord) -> None:
        super().__init__()
        self.network = network
        self._flip = record.order == "BGR"
        self._scale = 255.0 if record.range == "0..255" else 1.0
        shape = (1, record.channels, 1, 1)
        self.register_buffer("mean", torch.tensor(record.mean).reshape(shape))
        self.register_buffer("std", torch.tensor(record.std).reshape(shape))

    def forward(self, images: Tensor) -> Tensor:
        x = images.flip(1) if self._flip else images
        x = (x * self._scale - self.get_buffer("mean")) / self.get_buffer("std")
        return torch.softmax(self.network(x), dim=1)


def onnx_bytes(loaded: LoadedRun) -> bytes:
    """The model: "images" (N, channels, size, size) of 0..1 to "probabilities" (N, classes), N free.

    Class names, input record and network are JSON in its metadata. Raises `BadInput` ("extra_missing") without the
    extra `onnx`.
    """
    for name in _NEEDS:
        if importlib.util.find_spec(name) is None:
            raise BadInput(
                "extra_missing",
                "Writing ONNX needs {name}. Install it with `pip install 'alexnet-studio[onnx]'`.",
                name=name,
            )
    spec = loaded.spec
    whole = _Whole(loaded.network, loaded.record).eval().to("cpu")
    example = torch.zeros(2, spec.channels, spec.image_size, spec.image_size)
    exporter: Any = importlib.import_module("torch.onnx")
    # The exporter narrates on standard output, which belongs to --json.
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        program = exporter.export(
            whole,
            (example,),
            dynamo=True,
            input_names=["images"],
            output_names=["probabilities"],
            dynamic_shapes={"images": {0: torch.export.Dim("batch")}},
            verbose=False,
        )
    program.model.metadata_props.update(
        {
            "classes": json.dumps(list(loaded.classes), ensure_ascii=False),
            "input": json.dumps(loaded.record.model_dump(mode="json")),
            "network": spec.name,
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        program.save(path, external_data=False)
        return path.read_bytes()


def predict_program(model: str) -> str:
    """The program that asks the model of that file name; it is written beside it."""
    return _PREDICT.format(
        model=model, program=program_name(model), field=prepare.FIELD[3], grey_field=prepare.FIELD[1][0]
    )


def program_name(model: str) -> str:
    return f"{Path(model).stem}_predict.py"
