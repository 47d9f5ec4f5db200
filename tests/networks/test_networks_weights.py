"""Other people's weight files: every kind is read, matched by name or by order, and nothing in one runs."""

from __future__ import annotations

import os
import pickle
import tracemalloc
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torchvision.models import alexnet  # pyright: ignore[reportMissingTypeStubs]

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks import catalogue, safetensors_file, weight_files
from alexnet_studio.networks.build import build
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.weight_matching import match


def noise(spec: Spec) -> Tensor:
    shape = (2, spec.channels, spec.image_size, spec.image_size)
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def filled(spec: Spec, given: dict[str, Tensor]) -> nn.Module:
    network = build(spec, seed=5).eval()
    network.load_state_dict(match(spec, network.state_dict(), given).weights)
    return network


def tutorial(
    channels: int, filters: tuple[int, ...], hidden: int, classes: int, *, dropout_last: bool
) -> nn.Module:
    """A class as the seeds write it: two Sequentials, dropout before or after the fully connected layers."""
    a, b, c, d, e = filters
    drop = [nn.Dropout()]
    first, second = nn.Linear(e * 36, hidden), nn.Linear(hidden, hidden)
    blocks = (
        [first, nn.ReLU(), *drop, second, nn.ReLU(), *drop]
        if dropout_last
        else [*drop, first, nn.ReLU(), *drop, second, nn.ReLU()]
    )
    return nn.Sequential(
        OrderedDict(
            conv=nn.Sequential(
                nn.Conv2d(channels, a, 11, 4, 2),
                nn.ReLU(),
                nn.MaxPool2d(3, 2),
                nn.Conv2d(a, b, 5, 1, 2),
                nn.ReLU(),
                nn.MaxPool2d(3, 2),
                nn.Conv2d(b, c, 3, 1, 1),
                nn.ReLU(),
                nn.Conv2d(c, d, 3, 1, 1),
                nn.ReLU(),
                nn.Conv2d(d, e, 3, 1, 1),
                nn.ReLU(),
                nn.MaxPool2d(3, 2),
            ),
            flat=nn.Flatten(),
            fc=nn.Sequential(*blocks, nn.Linear(hidden, classes)),
        )
    ).eval()


@pytest.mark.parametrize(
    "wrapped", ["bare", pytest.param("under a key", marks=pytest.mark.slow), "from DataParallel"]
)
def test_torchvisions_state_dict_gives_torchvisions_logits(tmp_path: Path, wrapped: str) -> None:
    theirs = alexnet(weights=None, num_classes=6).eval()
    state: dict[str, Any] = dict(theirs.state_dict())
    if wrapped == "from DataParallel":
        state = {f"module.{name}": value for name, value in state.items()}
    torch.save({"state_dict": state, "epoch": 3} if wrapped == "under a key" else state, tmp_path / "w.pth")
    spec = catalogue.get("torchvision", classes=6)
    network, x = filled(spec, weight_files.read(tmp_path / "w.pth")), noise(spec)
    with torch.no_grad():
        torch.testing.assert_close(network(x), theirs(x))


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        pytest.param(
            "fashion",
            lambda: tutorial(1, (96, 256, 384, 384, 256), 4096, 10, dropout_last=True),
            marks=pytest.mark.slow,
        ),
        ("half-tower", lambda: tutorial(3, (48, 128, 192, 192, 128), 2048, 14, dropout_last=False)),
        ("one-tower", lambda: tutorial(3, (96, 256, 384, 384, 256), 4096, 1000, dropout_last=False)),
    ],
)
def test_the_tutorials_classes_are_matched_by_order_and_shape(tmp_path: Path, name: str, theirs: Any) -> None:
    module: nn.Module = theirs()
    torch.save(module.state_dict(), tmp_path / "best.pth")
    spec = catalogue.get(name)
    given = weight_files.read(tmp_path / "best.pth")
    network, x = filled(spec, given), noise(spec)
    with torch.no_grad():
        torch.testing.assert_close(network(x), module(x))
    pairs = dict(match(spec, network.state_dict(), given).pairs)
    assert pairs["conv2.weight"] == "conv.3.weight"


def test_fully_connected_weights_fill_convolutions(tmp_path: Path) -> None:
    spec = catalogue.get("tf-slim-v2", width=0.05, classes=7)
    network = build(spec, seed=1).eval()
    flat = {
        name: value.flatten(1) if name.startswith("fc") and value.ndim == 4 else value
        for name, value in network.state_dict().items()
    }
    torch.save(flat, tmp_path / "w.pt")
    x = noise(spec)
    with torch.no_grad():
        torch.testing.assert_close(filled(spec, weight_files.read(tmp_path / "w.pt"))(x), network(x))


def test_safetensors_come_back_with_what_was_said_of_them(tmp_path: Path) -> None:
    spec = catalogue.get("lenet")
    state = build(spec, seed=1).state_dict()
    path = tmp_path / "w.safetensors"
    path.write_bytes(safetensors_file.dump(state, {"classes": '["a"]'}))
    assert all(torch.equal(value, state[name]) for name, value in weight_files.read(path).items())
    assert safetensors_file.metadata(path) == {"classes": '["a"]'}


def caffes(spec: Spec, path: Path) -> nn.Module:
    """The file `bvlc_alexnet.npy` in small: a pickled dictionary in TensorFlow's order; and the network it is of."""
    network = build(spec, seed=3).eval()
    layers: dict[str, list[Any]] = {}
    for name, value in network.state_dict().items():
        layer, part = name.split(".")
        numbers = value.numpy()
        if part == "weight" and numbers.ndim == 4:
            numbers = numbers.transpose(2, 3, 1, 0)
        elif name == "fc6.weight":
            channels = network.get_parameter("conv5.weight").shape[0]
            side = round((numbers.shape[1] / channels) ** 0.5)
            numbers = (
                numbers.reshape(-1, channels, side, side).transpose(2, 3, 1, 0).reshape(numbers.shape[1], -1)
            )
        elif part == "weight":
            numbers = numbers.T
        layers.setdefault(layer, []).append(np.ascontiguousarray(numbers))
    np.save(path, np.array(layers, dtype=object), allow_pickle=True)
    return network


def test_caffes_npy_gives_the_same_outputs(tmp_path: Path) -> None:
    spec = catalogue.get("caffe", width=0.1, classes=5)
    theirs = caffes(spec, tmp_path / "bvlc_alexnet.npy")
    x = noise(spec)
    with torch.no_grad():
        torch.testing.assert_close(
            filled(spec, weight_files.read(tmp_path / "bvlc_alexnet.npy"))(x), theirs(x)
        )


class _Evil:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, (str(self.mark),))


@pytest.mark.parametrize("suffix", ["npy", "pth", "pkl"])
def test_a_file_that_would_run_code_is_refused_and_runs_none(tmp_path: Path, suffix: str) -> None:
    mark, path = tmp_path / "ran", tmp_path / f"evil.{suffix}"
    if suffix == "npy":
        np.save(path, np.array({"conv1": _Evil(mark)}, dtype=object), allow_pickle=True)
    elif suffix == "pth":
        torch.save({"conv1.weight": _Evil(mark)}, path)
    else:
        path.write_bytes(pickle.dumps(_Evil(mark)))
    with pytest.raises(BadInput) as error:
        weight_files.read(path)
    assert error.value.code == "weights_unreadable"
    assert ("could run code" in error.value.sentence) == (suffix != "pkl")
    assert not mark.exists()


def test_a_whole_pickled_module_is_refused_with_the_way_out(tmp_path: Path) -> None:
    torch.save(nn.Linear(2, 2), tmp_path / "m.pth")
    with pytest.raises(BadInput, match="save the state_dict alone"):
        weight_files.read(tmp_path / "m.pth")


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x93NUMPY\x01\x00", b"PK\x03\x04" + 40 * b"\x00", b"\x80\x02}q\x00."]
)
@pytest.mark.parametrize("suffix", ["pth", "npy", "safetensors"])
def test_damaged_files_are_one_sentence(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"w.{suffix}"
    path.write_bytes(content)
    with pytest.raises(BadInput) as error:
        weight_files.read(path)
    assert str(path) in error.value.sentence
    assert "\n" not in error.value.sentence


def test_fault_56_a_header_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "w.npy"
    with path.open("wb") as file:
        file.write(b"\x93NUMPY\x02\x00" + (3 << 30).to_bytes(4, "little"))
        file.truncate(4 << 30)  # which no disk has to keep
    tracemalloc.start()
    try:
        with pytest.raises(BadInput, match="dictionary of arrays"):
            weight_files.read(path)
        assert tracemalloc.get_traced_memory()[1] < 10e6
    finally:
        tracemalloc.stop()


def test_fault_53_a_compressed_state_dict_is_not_unpacked(tmp_path: Path) -> None:
    stored, packed = tmp_path / "stored.pth", tmp_path / "packed.pth"
    torch.save({"conv1.weight": torch.zeros(1000, 1000)}, stored)
    with zipfile.ZipFile(stored) as archive, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as smaller:
        for name in archive.namelist():
            smaller.writestr(name, archive.read(name))
    assert packed.stat().st_size < stored.stat().st_size / 100
    with pytest.raises(BadInput, match="no state_dict"):
        weight_files.read(packed)


def test_fault_53_a_tensor_larger_than_its_bytes_is_refused(tmp_path: Path) -> None:
    """Four bytes that claim to be four terabytes of weights."""
    torch.save({"conv1.weight": torch.zeros(1).expand(10**6, 10**6)}, tmp_path / "w.pth")
    with pytest.raises(BadInput, match="no state_dict"):
        weight_files.read(tmp_path / "w.pth")


def test_values_that_are_not_finite_are_named(tmp_path: Path) -> None:
    torch.save({"conv1.weight": torch.full((2, 2), float("nan"))}, tmp_path / "w.pth")
    with pytest.raises(BadInput, match=r"conv1\.weight"):
        weight_files.read(tmp_path / "w.pth")


def test_weights_of_another_network_are_refused_with_names_and_shapes() -> None:
    paper, mini = catalogue.get("paper", width=0.1), catalogue.get("mini")
    with pytest.raises(BadInput, match="10 x 3 x 11 x 11") as error:
        match(mini, build(mini).state_dict(), build(paper).state_dict())
    assert "conv1.weight" in error.value.sentence
    lenet = catalogue.get("lenet")
    with pytest.raises(BadInput, match=r"5 layers.*8"):
        match(mini, build(mini).state_dict(), build(lenet).state_dict())
    state = build(mini).state_dict()
    del state["conv4.bias"]
    with pytest.raises(BadInput, match=r"no conv4\.bias"):
        match(mini, build(mini).state_dict(), state)


def test_other_classes_leave_the_classifier_out_and_say_so() -> None:
    ten, four = catalogue.get("mini"), catalogue.get("mini", classes=4)
    found = match(four, build(four).state_dict(), build(ten).state_dict())
    assert found.left_out == ("fc8.weight", "fc8.bias")
    assert "fc7.weight" in found.weights


def test_half_precision_is_read_as_floats(tmp_path: Path) -> None:
    spec = catalogue.get("lenet")
    torch.save({name: value.half() for name, value in build(spec).state_dict().items()}, tmp_path / "w.pth")
    assert {value.dtype for value in weight_files.read(tmp_path / "w.pth").values()} == {torch.float32}
