"""Runs made from weights, and weights made from runs."""

from __future__ import annotations

import importlib
import importlib.util
import json
import math
import struct
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import torch
from insight_runs import make_run, make_spec
from PIL import Image, ImageOps
from torch import Tensor
from torchvision.models import AlexNet_Weights, alexnet  # pyright: ignore[reportMissingTypeStubs]

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.prepare import fit
from alexnet_studio.insight.exporting import export
from alexnet_studio.insight.importing import import_weights
from alexnet_studio.insight.loaded import load
from alexnet_studio.insight.onnx_file import predict_program
from alexnet_studio.insight.predict import predict
from alexnet_studio.networks import safetensors_file, spec_file
from alexnet_studio.networks.build import build
from alexnet_studio.runs import folder as runs


def same(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_what_was_exported_comes_back_with_classes_and_input(tmp_path: Path) -> None:
    run = load(make_run(tmp_path / "run", tmp_path / "data"))
    done = export(run, tmp_path / "w.safetensors", "safetensors")
    assert done.bytes == (tmp_path / "w.safetensors").stat().st_size
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(spec_file.to_json(make_spec())), encoding="utf-8")
    made = import_weights(tmp_path / "w.safetensors", str(spec), tmp_path / "again")
    again = load(runs.open(made.run))
    assert again.classes == run.classes
    assert again.record == run.record
    assert same(run.network.state_dict(), again.network.state_dict())


@pytest.mark.slow
def test_torchvision_loads_what_is_exported_for_it(tmp_path: Path) -> None:
    theirs = alexnet(weights=None, num_classes=4).eval()
    torch.save(theirs.state_dict(), tmp_path / "w.pth")
    made = import_weights(tmp_path / "w.pth", "torchvision", tmp_path / "run")
    export(load(runs.open(made.run)), tmp_path / "back.pth", "torchvision")
    fresh = alexnet(weights=None, num_classes=4)
    fresh.load_state_dict(torch.load(tmp_path / "back.pth", weights_only=True), strict=True)
    assert same(theirs.state_dict(), fresh.state_dict())


def test_only_torchvisions_plan_is_written_for_torchvision(tmp_path: Path) -> None:
    run = load(make_run(tmp_path / "run", tmp_path / "data"))
    with pytest.raises(BadInput, match="safetensors"):
        export(run, tmp_path / "w.pth", "torchvision")
    assert not (tmp_path / "w.pth").exists()


@pytest.mark.slow
def test_imagenets_names_come_with_a_thousand_classes(tmp_path: Path) -> None:
    torch.save(alexnet(weights=None).state_dict(), tmp_path / "w.pth")
    made = import_weights(tmp_path / "w.pth", "torchvision", tmp_path / "run")
    loaded = load(runs.open(made.run))
    names = AlexNet_Weights.IMAGENET1K_V1.meta["categories"]
    assert len(set(loaded.classes)) == 1000
    assert loaded.classes[0] == names[0] == "tench"
    assert loaded.classes == tuple(names)
    assert loaded.record.mean == (0.485, 0.456, 0.406)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("猫\ndog\n", ("猫", "dog")),
        ('["a", "b"]', ("a", "b")),
        ('{"a": 1, "b": 0}', ("b", "a")),
        ('{"0": "a", "1": "b"}', ("a", "b")),
    ],
)
def test_class_names_come_from_a_file(tmp_path: Path, text: str, expected: tuple[str, ...]) -> None:
    torch.save(build(make_spec(2)).state_dict(), tmp_path / "w.pth")
    (tmp_path / "spec.json").write_text(json.dumps(spec_file.to_json(make_spec())), encoding="utf-8")
    (tmp_path / "names").write_text(text, encoding="utf-8")
    made = import_weights(
        tmp_path / "w.pth", str(tmp_path / "spec.json"), tmp_path / "run", names=tmp_path / "names"
    )
    assert load(runs.open(made.run)).classes == expected
    assert made.left_out == ()


@pytest.mark.parametrize("text", ["", "[]", "[1]", '{"a": 5}', "a\na\n", '{"a": "x"}'])
def test_names_that_are_none_are_refused_and_nothing_is_made(tmp_path: Path, text: str) -> None:
    torch.save(build(make_spec(2)).state_dict(), tmp_path / "w.pth")
    (tmp_path / "names").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as error:
        import_weights(tmp_path / "w.pth", "mini", tmp_path / "run", names=tmp_path / "names")
    assert error.value.code.startswith("names_")
    assert not (tmp_path / "run").exists()


def test_onnx_gives_the_probabilities_of_the_run(tmp_path: Path) -> None:
    """Colours are normalised inside: the model takes what a picture is, and its program asks it."""
    loaded = load(make_run(tmp_path / "run", tmp_path / "data"))
    pixels = np.random.default_rng(0).integers(0, 255, (36, 36, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    export(loaded, tmp_path / "net.onnx", "onnx")
    session: Any = importlib.import_module("onnxruntime").InferenceSession(tmp_path / "net.onnx")
    crop = pixels[2:34, 2:34].transpose(2, 0, 1)[None].astype(np.float32) / 255
    (given,) = session.run(None, {"images": np.repeat(crop, 3, axis=0)})
    (ours,) = predict(loaded, [tmp_path / "a.png"])
    expected = dict(ours.top)
    for row in given:
        assert {name: float(p) for name, p in zip(loaded.classes, row, strict=True)} == pytest.approx(
            expected, abs=1e-5
        )
    facts = session.get_modelmeta().custom_metadata_map
    assert json.loads(facts["classes"]) == list(loaded.classes)
    done = subprocess.run(
        [sys.executable, tmp_path / "net_predict.py", tmp_path / "a.png"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].split()[1] == ours.top[0][0]


@pytest.mark.parametrize("how", ["crop", "squash", "pad"])
@pytest.mark.parametrize("channels", [1, 3])
def test_the_program_beside_a_model_fits_images_as_we_do(
    tmp_path: Path, how: Literal["crop", "squash", "pad"], channels: Literal[1, 3]
) -> None:
    image = Image.effect_noise((50, 34), 90).convert("RGB" if channels == 3 else "L")
    image.save(tmp_path / "a.png")
    record = InputRecord(channels=channels, fit=how, resize_to=24, size=20, mean=(0,), std=(1,))
    program = predict_program("net.onnx")
    lines = program[program.index("image = ") : program.index("margin = ")].replace("sys.argv[1]", "path")
    space: dict[str, Any] = {
        "record": record.model_dump(),
        "side": 24,
        "path": tmp_path / "a.png",
        "Image": Image,
        "ImageOps": ImageOps,
    }
    exec(lines, space)
    pixels = np.asarray(image).reshape(34, 50, channels)
    np.testing.assert_array_equal(np.asarray(space["image"]).reshape(24, 24, channels), fit(pixels, record))


def _header(length: int, content: bytes, size: int) -> Callable[[Path], object]:
    """Makes a file of `size` bytes, most of which no disk has to keep, whose header is said to be `length` long."""

    def write(path: Path) -> None:
        with path.open("wb") as file:
            file.write(struct.pack("<Q", length) + content)
            file.truncate(size)

    return write


def _tensors(change: Callable[[dict[str, Tensor]], object]) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        state = build(make_spec()).state_dict()
        change(state)
        path.write_bytes(safetensors_file.dump(state, {}))

    return write


GB = 1 << 30
_SHORT = b'{"conv1.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
UNFIT = {
    "missing": (_tensors(lambda state: state.pop("conv2.bias")), "the file has no conv2.bias for conv2.bias"),
    "a layer missing": (
        _tensors(lambda state: [state.pop(f"conv2.{part}") for part in ("weight", "bias")]),
        "the file has no conv2.",
    ),
    "extra": (
        _tensors(lambda state: state.update({"conv1.running_mean": torch.ones(3)})),
        "no place for conv1.running_mean",
    ),
    "a layer extra": (
        _tensors(lambda state: state.update({"fc9.weight": torch.ones(3, 3)})),
        "no place for fc9.weight",
    ),
    "NaN": (
        _tensors(lambda state: state["conv4.weight"].view(-1)[5:6].fill_(math.nan)),
        "conv4.weight in {path} holds values that are not finite",
    ),
    "infinite": (_tensors(lambda state: state["fc7.bias"][-1:].fill_(-math.inf)), "fc7.bias in {path}"),
    "wrong shape": (
        _tensors(lambda state: state.update({"conv3.weight": torch.ones(4, 5, 3, 3)})),
        "conv3.weight in the file is 4 x 5 x 3 x 3",
    ),
    "a header beyond the file": (_header(15 << 20, b"{", 3000), "it ends before its header does"),
    "a header of exabytes": (_header(2**63, b"{", 6 * GB), "its header would be 9,223,372,036,854,775,808 bytes"),
    "a header as long as the file": (_header(6 * GB - 8, b"{", 6 * GB), "its header would be 6,442,450,936 bytes"),
    "a header that the library takes": (_header(99_000_000, b"{", 6 * GB), "its header would be 99,000,000 bytes"),
    "a header of nothing": (_header(15 << 20, b"", 6 * GB), "its header is damaged"),
    "a header that nests": (_header(9000, b"[" * 9000, 9008), "its header is damaged"),
    "more than its header speaks of": (
        _header(len(_SHORT), _SHORT, 6 * GB),
        f"its header speaks of {8 + len(_SHORT) + 4} bytes, and it has 6,442,450,944",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", UNFIT)
def test_fault_56_safetensors_that_do_not_fit_are_refused_with_names(tmp_path: Path, what: str) -> None:
    write, words = UNFIT[what]
    path, spec = tmp_path / "w.safetensors", tmp_path / "spec.json"
    write(path)
    spec.write_text(json.dumps(spec_file.to_json(make_spec())), encoding="utf-8")
    tracemalloc.start()
    try:
        with pytest.raises(BadInput) as caught:
            import_weights(path, str(spec), tmp_path / "run")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert words.format(path=path) in caught.value.sentence and "\n" not in caught.value.sentence
    assert peak < 64e6  # bytes: of files of 6 GB no more is read than the longest header that may be
    assert not (tmp_path / "run").exists()


def test_without_the_extra_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(make_run(tmp_path / "run", tmp_path / "data"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "onnxscript" else object())  # pyright: ignore
    with pytest.raises(BadInput, match=r"alexnet-studio\[onnx\]"):
        export(loaded, tmp_path / "net.onnx", "onnx")
    assert not (tmp_path / "net.onnx").exists()
