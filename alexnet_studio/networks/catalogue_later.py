"""AlexNet's descendants, as libraries and tutorials built it."""

from __future__ import annotations

from dataclasses import replace

from alexnet_studio.networks.layers import (
    Conv,
    Dense,
    Dropout,
    GlobalPool,
    Pool,
    ResponseNorm,
)
from alexnet_studio.networks.spec import Spec

Filters = tuple[int, int, int, int, int]
_PAPERS: Filters = (96, 256, 384, 384, 256)
_KRIZHEVSKYS_2014: Filters = (64, 192, 384, 256, 256)


def one_tower() -> Spec:
    return Spec(
        name="one-tower",
        title="The paper's widths in one tower",
        source="The paper's layer sizes without its groups, as most tutorials write them",
        notes="No groups, no response normalisation; dropout stands before fc6 and fc7, not after them.",
        layers=(*_maps(_PAPERS), *_dropout_before(4096), _classes()),
    )


def torchvision() -> Spec:
    return Spec(
        name="torchvision",
        title="torchvision's AlexNet",
        source="torchvision.models.alexnet, after Krizhevsky 2014 (arXiv 1404.5997)",
        notes=(
            "The one-tower network of 2014 with fewer kernels. torchvision averages pool5 to 6 x 6 at "
            "every image size; here fc6 takes what pool5 gives, which is the same at 224."
        ),
        layers=(*_maps(_KRIZHEVSKYS_2014), *_dropout_before(4096), _classes()),
    )


def fashion() -> Spec:
    return Spec(
        name="fashion",
        title="AlexNet for FashionMNIST",
        source="A widely copied Chinese course page, PyTorch",
        notes=(
            "The one-tower network for grey images of ten kinds of clothes, enlarged from 28 to 224 pixels. Dropout "
            "follows the ReLU of fc6 and fc7. Adam at 0.01 collapses it to ln 10; at 0.001 it learns."
        ),
        layers=(
            *_maps(_PAPERS),
            Dense("fc6", 4096),
            Dropout("drop6"),
            Dense("fc7", 4096),
            Dropout("drop7"),
            _classes(),
        ),
        channels=1,
        classes=10,
    )


def half_tower() -> Spec:
    return Spec(
        name="half-tower",
        title="Half of every width, in one tower",
        source="A widely copied PyTorch tutorial, made for 14 classes of 1 to 3 photos",
        notes=(
            "Half the kernels and half the hidden neurons, so about a quarter of the weights of conv2 to conv5. It is "
            "not one of the paper's two GPUs: those exchange their maps before conv3 and after pool5."
        ),
        layers=(*_maps((48, 128, 192, 192, 128)), *_dropout_before(2048), _classes()),
        classes=14,
    )


def tf_lrn() -> Spec:
    conv1, conv2, conv3, conv4, conv5 = (
        Conv(f"conv{n}", filters, kernel, stride, sizing="same", deviation=0.1, truncated=True, bias=0.0)
        for n, (filters, kernel, stride) in enumerate(
            zip(_KRIZHEVSKYS_2014, (11, 5, 3, 3, 3), (4, 1, 1, 1, 1), strict=True), 1
        )
    )
    rnorm1 = ResponseNorm("rnorm1", size=9, alpha=0.001 / 9, beta=0.75, k=1.0)
    return Spec(
        name="tf-lrn",
        title="TensorFlow's benchmark, features only",
        source="TensorFlow's alexnet_benchmark.py",
        notes=(
            "Made to be timed, not trained: it ends at pool5. SAME padding gives 56 of 224, three pixels before and "
            "four after. Its response normalisation spans 9 channels, with an alpha that is not divided."
        ),
        layers=(
            conv1,
            rnorm1,
            Pool("pool1"),
            conv2,
            replace(rnorm1, name="rnorm2"),
            Pool("pool2"),
            conv3,
            conv4,
            conv5,
            Pool("pool5"),
        ),
    )


def tf_slim_v2() -> Spec:
    return Spec(
        name="tf-slim-v2",
        title="TF-slim's alexnet_v2, all convolutions",
        source="TensorFlow's slim/nets/alexnet.py, after Krizhevsky 2014",
        notes=(
            "The fully connected layers are convolutions, so that a larger image gives a map of classes; the global "
            "pooling after fc7 makes one answer of it. conv1 is not padded: 54 of 224. Biases begin at 0.1."
        ),
        layers=(
            Conv("conv1", 64, 11, stride=4, bias=0.1),
            Pool("pool1"),
            Conv("conv2", 192, 5, sizing="same", bias=0.1),
            Pool("pool2"),
            Conv("conv3", 384, 3, sizing="same", bias=0.1),
            Conv("conv4", 384, 3, sizing="same", bias=0.1),
            Conv("conv5", 256, 3, sizing="same", bias=0.1),
            Pool("pool5"),
            Conv("fc6", 4096, 5, deviation=0.005, truncated=True, bias=0.1),
            Dropout("drop6"),
            Conv("fc7", 4096, 1, deviation=0.005, truncated=True, bias=0.1),
            GlobalPool("global_pool"),
            Dropout("drop7"),
            Conv("fc8", None, 1, activation="none", deviation=0.005, truncated=True, bias=0.0),
        ),
        initialisation="xavier",
    )


def _maps(filters: Filters) -> tuple[Conv | Pool, ...]:
    """conv1 to pool5 as torch users write them, without groups and normalisation."""
    conv1, conv2, conv3, conv4, conv5 = filters
    return (
        Conv("conv1", conv1, 11, stride=4, padding=2),
        Pool("pool1"),
        Conv("conv2", conv2, 5, padding=2),
        Pool("pool2"),
        Conv("conv3", conv3, 3, padding=1),
        Conv("conv4", conv4, 3, padding=1),
        Conv("conv5", conv5, 3, padding=1),
        Pool("pool5"),
    )


def _dropout_before(hidden: int) -> tuple[Dense | Dropout, ...]:
    return (Dropout("drop6"), Dense("fc6", hidden), Dropout("drop7"), Dense("fc7", hidden))


def _classes() -> Dense:
    return Dense("fc8", None, activation="none")
