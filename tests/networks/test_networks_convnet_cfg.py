"""The configuration files of 2012: the released ones, the classic ones for CIFAR, and everything wrong with them.

`cfg/` holds files of the released AlexNet source code (Computer History Museum), whose licence lies beside them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks import catalogue, convnet_cfg, spec_file
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.convnet_cfg_writer import write
from alexnet_studio.networks.differences import differences
from alexnet_studio.networks.layers import Conv, Dense, Dropout, Pool, ResponseNorm
from alexnet_studio.networks.spec import Spec

FILES = Path(__file__).parent / "cfg"

# In the syntax of cuda-convnet's layers-80sec.cfg.
CIFAR = """
[data]
type=data
dataIdx=0

[labels]
type=data
dataIdx=1

[conv1]
type=conv
inputs=data
channels=3
filters=32
padding=2
stride=1
filterSize=5
initW=0.0001
partialSum=4
sharedBiases=1

[pool1]
type=pool
pool=max
inputs=conv1
start=0
sizeX=3
stride=2
outputsX=0
channels=32
neuron=relu

[rnorm1]
type=cmrnorm
inputs=pool1
channels=32
size=5

[conv2]
type=conv
inputs=rnorm1
filters=32
padding=2
stride=1
filterSize=5
channels=32
neuron=relu
initW=0.01
partialSum=4
sharedBiases=1

[pool2]
type=pool
pool=avg
inputs=conv2
start=0
sizeX=3
stride=2
outputsX=0
channels=32

[fc10]
type=fc
outputs=10
inputs=pool2
initW=0.01
neuron=ident

[probs]
type=softmax
inputs=fc10

[logprob]
type=cost.logreg
inputs=labels,probs
"""
CIFAR_PARAMS = """
[conv1]
epsW=0.001
epsB=0.002
momW=0.9
momB=0.9
wc=0.004

[conv2]
epsW=0.001
epsB=0.002
momW=0.9
momB=0.9
wc=0.004

[fc10]
epsW=0.001
epsB=0.002
momW=0.9
momB=0.9
wc=1

[logprob]
coeff=1

[rnorm1]
scale=0.00005
pow=.75
# 26 % without augmentation
"""


def cifar(folder: Path, layers: str = CIFAR, params: str | None = CIFAR_PARAMS) -> Path:
    path = folder / "layers-80sec.cfg"
    path.write_text(layers, encoding="utf-8")
    if params is not None:
        (folder / "layer-params-80sec.cfg").write_text(params, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("file", "name", "params"),
    [("layers-145.cfg", "original-145", 60_965_224), ("layers-145-half.cfg", "one-gpu-145-half", 59_798_312)],
)
def test_the_released_files_are_the_catalogues_networks(file: str, name: str, params: int) -> None:
    """But for the rates, which a file keeps as they were at its training's end."""
    spec = convnet_cfg.read(FILES / file).spec
    assert report(spec).totals.params == params
    assert {row.aspect for row in differences(catalogue.get(name), spec)} <= {"weights learn", "biases learn"}


def test_two_columns_are_two_towers_and_the_diary_is_kept() -> None:
    found = convnet_cfg.read(FILES / "layers-145.cfg")
    assert found.spec.towers == 2
    assert [layer.name for layer in found.spec.layers][-6:] == [
        "pool3",
        "fc2048",
        "hs1",
        "fc2048b",
        "hs2",
        "fc1000",
    ]
    groups = {layer.name: layer.groups for layer in found.spec.layers if isinstance(layer, Conv)}
    assert groups == {"conv1": 1, "conv2": 2, "conv3": 1, "conv4": 2, "conv5": 2}
    assert "logprob:  1.741473, 0.406640, 0.182100" in found.diary
    assert found.recipe == {"lr": 1e-5, "momentum": 0.9, "weight_decay": 0.0005}
    assert found.learning["conv1a"].weight_rate == 0
    assert found.learning["fc1000"].bias_rate == 0.02


def test_a_file_for_cifar(tmp_path: Path) -> None:
    found = convnet_cfg.read(cifar(tmp_path))
    spec = found.spec
    assert (spec.image_size, spec.classes, spec.towers) == (32, 10, 1)
    assert [row.output for row in report(spec).rows] == [
        *((32, 32, 32), (32, 16, 16), (32, 16, 16), (32, 16, 16), (32, 8, 8), (10,))
    ]
    conv1, pool1, rnorm1, _, pool2, fc10 = spec.layers
    assert isinstance(conv1, Conv) and (conv1.deviation, conv1.activation, conv1.bias_rate) == (
        0.0001,
        "none",
        2,
    )
    assert isinstance(pool1, Pool) and pool1.activation == "relu"
    assert isinstance(rnorm1, ResponseNorm) and (rnorm1.alpha, rnorm1.k, rnorm1.divide_by_size) == (
        5e-5,
        1.0,
        True,
    )
    assert isinstance(pool2, Pool) and pool2.method == "average"
    assert isinstance(fc10, Dense) and (fc10.neurons, fc10.decay) == (None, 250)
    assert found.recipe["weight_decay"] == 0.004


def test_without_its_second_half_the_shapes_are_there_and_it_is_said(tmp_path: Path) -> None:
    spec = convnet_cfg.read(cifar(tmp_path, params=None)).spec
    assert report(spec).totals.params == 32 * 76 + 32 * 801 + 10 * 2049
    assert "usual constants" in spec.notes


@pytest.mark.parametrize("file", ["layers-145.cfg", "layers-145-half.cfg"])
def test_what_is_written_is_read_again(tmp_path: Path, file: str) -> None:
    first = convnet_cfg.read(FILES / file)
    layers, params = write(first.spec, **first.recipe)
    (tmp_path / file).write_text(layers, encoding="utf-8")
    (tmp_path / file.replace("layers", "layer-params")).write_text(params, encoding="utf-8")
    again = convnet_cfg.read(tmp_path / file)
    assert again.spec.layers == first.spec.layers
    assert again.learning == first.learning


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    """Chains of what the 2012 program had, in one or two towers."""
    towers = draw(st.sampled_from([1, 2]))
    layers: list[Conv | Pool | ResponseNorm | Dense | Dropout] = [
        Conv(
            "conv1",
            4 * towers,
            draw(st.integers(1, 7)),
            draw(st.integers(1, 3)),
            sizing="ceil",
            deviation=0.5,
            bias=0.0,
        )
    ]
    for number in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(["conv", "pool", "norm"]))
        if kind == "conv":
            groups, bias = draw(st.sampled_from([1, towers])), draw(st.sampled_from([0.0, 1.0]))
            layers.append(
                Conv(
                    f"c{number}",
                    2 * towers,
                    3,
                    padding=1,
                    groups=groups,
                    sizing="ceil",
                    deviation=0.01,
                    bias=bias,
                    activation=draw(st.sampled_from(["none", "relu", "tanh", "sigmoid"])),
                )
            )
        elif kind == "pool":
            layers.append(
                Pool(f"p{number}", 2, 2, method=draw(st.sampled_from(["max", "average"])), sizing="ceil")
            )
        else:
            layers.append(
                ResponseNorm(f"n{number}", size=3, alpha=draw(st.floats(0, 1)), divide_by_size=True)
            )
    if draw(st.booleans()):
        layers += [
            Dense("h", 6 * towers, groups=draw(st.sampled_from([1, towers])), deviation=0.1, bias=1.0),
            Dropout("d", 0.25),
        ]
    layers.append(Dense("out", None, activation="none", deviation=0.01, bias=0.0, bias_rate=2.0))
    return Spec(
        "made", "", "", tuple(layers), towers=towers, image_size=64, classes=5, initialisation="paper"
    )


@given(spec=specs())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_chain_goes_out_and_comes_back(spec: Spec, tmp_path: Path) -> None:
    layers, params = write(spec)
    (tmp_path / "layers-x.cfg").write_text(layers, encoding="utf-8")
    (tmp_path / "layer-params-x.cfg").write_text(params, encoding="utf-8")
    found = convnet_cfg.read(tmp_path / "layers-x.cfg").spec
    expected = tuple(layer for layer in spec.layers)
    assert [layer.name for layer in found.layers] == [layer.name for layer in expected]
    assert (found.towers, found.classes) == (spec.towers, 5)
    assert [
        row.output
        for row in report(spec_file.from_json({**spec_file.to_json(found), "image_size": 64}, "x")).rows
    ] == [row.output for row in report(spec).rows]
    for ours, theirs in zip(found.layers, expected, strict=True):
        if isinstance(theirs, ResponseNorm):
            assert isinstance(ours, ResponseNorm) and ours.alpha == pytest.approx(theirs.alpha, rel=1e-8)
        else:
            assert ours == theirs


SIZES = "padding=2\nstride=1\nfilterSize=5\n"
POOL = "stride=2\noutputsX=0\nchannels=32\n"
FC10 = "epsW=0.001\nepsB=0.002\nmomW=0.9\nmomB=0.9\nwc=1"

# What is changed in the CIFAR file, and what its one sentence must name: section, line, key.
WRONG: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "unknown kind": ("type=cmrnorm", "type=cnorm", ("[rnorm1]", "cnorm", "line 34")),
    "kind": ("type=conv\ninputs=rnorm1", "type=sum\ninputs=rnorm1", ("[conv2]", "sum")),
    "shared": ("initW=0.0001", "initW=0.0001\nweightSource=conv2", ("[conv1]", "no layer before it")),
    "biases": ("sharedBiases=1\n\n[pool1]", "sharedBiases=2\n\n[pool1]", ("[conv1]", "sharedBiases")),
    "code": ("initW=0.0001", "initWFunc=evil()", ("[conv1]", "Python code")),
    "unknown key": ("partialSum=4\nsharedBiases=1\n\n[pool1]", "banana=4\n\n[pool1]", ("[conv1]", "banana")),
    "missing input": ("inputs=conv2", "inputs=conv9", ("[pool2]", "conv9")),
    "cycle": ("inputs=data", "inputs=pool2", ("[conv1]", "pool2")),
    "not a number": (
        "filterSize=5\ninitW=0.0001",
        "filterSize=five\ninitW=0.0001",
        ("[conv1]", "filterSize", "five"),
    ),
    "huge": (
        "filters=32\npadding=2\nstride=1\nfilterSize=5\ninitW",
        "filters=99999999999\npadding=2\nstride=1\nfilterSize=5\ninitW",
        ("[conv1]", "filters"),
    ),
    "half a kernel": (
        "sizeX=3\nstride=2\noutputsX=0\nchannels=32\nneuron",
        "sizeX=2.5\nstride=2\noutputsX=0\nchannels=32\nneuron",
        ("[pool1]", "sizeX"),
    ),
    "channels": ("channels=32\nsize=5", "channels=64\nsize=5", ("[rnorm1]", "channels is 64", "32")),
    "neuron": ("neuron=relu\n\n[rnorm1]", "neuron=softrelu\n\n[rnorm1]", ("[pool1]", "softrelu")),
    "scaled tanh": ("neuron=relu\n\n[rnorm1]", "neuron=tanh[1.7,0.66]\n\n[rnorm1]", ("[pool1]", "tanh")),
    "no filters": (
        "filters=32\npadding=2\nstride=1\nfilterSize=5\ninitW",
        "padding=2\nstride=1\nfilterSize=5\ninitW",
        ("[conv1]", "filters is missing"),
    ),
    "twice": ("[conv2]", "[conv1]", ("[conv1]", "already")),
    "no heading": ("[data]", "type=data\n[data]", ("before the first section",)),
    "no value": ("size=5", "size", ("[rnorm1]", "key=value")),
    "open heading": ("[fc10]", "[fc10", ("[fc10", "does not end")),
    "other cost": ("type=cost.logreg", "type=cost.rbm", ("[logprob]", "cost.rbm")),
    "dead end": ("[probs]", "[extra]\ntype=fc\noutputs=3\ninputs=conv1\n\n[probs]", ("extra",)),
    "no classes": (
        "[fc10]\ntype=fc\noutputs=10",
        "[fc10]\ntype=pool\npool=max\nsizeX=2\nchannels=32",
        ("[fc10]",),
    ),
    "lists": (
        "filters=32\npadding=2\nstride=1\nfilterSize=5\nchannels",
        "filters=32,32\npadding=2\nstride=1\nfilterSize=5\nchannels",
        ("[conv2]", "filters", "2 values"),
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_each_thing_that_can_be_wrong_names_its_section_and_line(tmp_path: Path, case: str) -> None:
    before, after, says = WRONG[case]
    assert before in CIFAR
    with pytest.raises(BadInput) as error:
        convnet_cfg.read(cifar(tmp_path, CIFAR.replace(before, after, 1)))
    sentence = error.value.sentence
    assert "layers-80sec.cfg, line " in sentence
    assert all(word in sentence for word in says), sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (
            FC10,
            "epsW=0.001\nepsB=0.002\nmomW=0.5\nmomB=0.5\nwc=1",
            "momentum",
        ),
        (
            FC10,
            "epsW=dexp[base=0.1;tgtFactor=10]\nepsB=1\nwc=1",
            "schedule",
        ),
        ("wc=1", "wc=1\nwball=0.1", "wball"),
        ("[fc10]", "[fc11]", "no such section"),
        ("pow=.75", "pow=strong", "pow"),
    ],
)
def test_the_second_half_is_held_to_the_same(tmp_path: Path, before: str, after: str, says: str) -> None:
    with pytest.raises(BadInput) as error:
        convnet_cfg.read(cifar(tmp_path, params=CIFAR_PARAMS.replace(before, after, 1)))
    assert "layer-params-80sec.cfg, line " in error.value.sentence
    assert says in error.value.sentence


@given(place=st.integers(0, 3_100), junk=st.text(max_size=6), cut=st.integers(0, 40))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_is_refused_or_read_and_never_anything_else(
    place: int, junk: str, cut: int, tmp_path: Path
) -> None:
    whole = (FILES / "layers-145.cfg").read_text(encoding="utf-8")
    path = tmp_path / "layers-145.cfg"
    path.write_bytes((whole[:place] + junk + whole[place + cut :]).encode("utf-8", "replace"))
    shutil.copy(FILES / "layer-params-145.cfg", tmp_path)
    try:
        convnet_cfg.read(path)
    except BadInput as error:
        assert error.sentence


def test_columns_that_differ_are_told(tmp_path: Path) -> None:
    whole = (FILES / "layers-145.cfg").read_text(encoding="utf-8")
    at = whole.index("[conv2b]")
    path = tmp_path / "layers-x.cfg"
    path.write_text(whole[:at] + whole[at:].replace("filters=128", "filters=160", 1), encoding="utf-8")
    with pytest.raises(BadInput, match=r"\[conv2b\].*filters"):
        convnet_cfg.read(path)


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "empty.cfg").write_text("", encoding="utf-8")
    (tmp_path / "binary.cfg").write_bytes(bytes(range(256)))
    for name in ("empty.cfg", "binary.cfg", "missing.cfg"):
        with pytest.raises(BadInput):
            convnet_cfg.read(tmp_path / name)


@pytest.mark.parametrize("name", ["caffe", "torchvision", "tf-lrn", "lenet", "tf-slim-v2"])
def test_what_2012_had_no_word_for_is_not_written(name: str) -> None:
    with pytest.raises(BadInput) as error:
        write(catalogue.get(name))
    assert error.value.code in {"cfg_cannot_say", "no_classifier"}


def test_a_path_or_a_name_or_a_layers_file() -> None:
    spec = spec_file.resolve(str(FILES / "layers-145.cfg"), classes=12, image_size=128)
    assert (spec.classes, spec.image_size) == (12, 128)
    with pytest.raises(BadInput, match="--params"):
        spec_file.resolve("paper", params=FILES / "layer-params-145.cfg")
