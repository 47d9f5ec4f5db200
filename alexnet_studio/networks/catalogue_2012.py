"""The network of the 2012 paper: as the text has it, as the code trained it, and as Caffe made it known."""

from __future__ import annotations

from dataclasses import replace

from alexnet_studio.networks.layers import (
    AnyLayer,
    Conv,
    Dense,
    Dropout,
    MapNorm,
    Pool,
    ResponseNorm,
)
from alexnet_studio.networks.spec import Spec


def paper() -> Spec:
    return Spec(
        name="paper",
        title="AlexNet as published, two towers",
        source="Krizhevsky, Sutskever, Hinton 2012, sections 3 to 5",
        notes=(
            "Each tower is what one of the two GPUs held: conv2, conv4 and conv5 see their own tower, conv3 and "
            "the fully connected layers see both. Response normalisation follows the ReLU and stays within a "
            "tower; its alpha is not divided by the window, as the paper prints it. A padding of 2 makes 55 of "
            "224, which the paper leaves open. The initialisation is the paper's: it stalls on small data sets."
        ),
        layers=(
            Conv("conv1", 96, 11, stride=4, padding=2),
            ResponseNorm("rnorm1"),
            Pool("pool1"),
            Conv("conv2", 256, 5, padding=2, groups=2),
            ResponseNorm("rnorm2"),
            Pool("pool2"),
            Conv("conv3", 384, 3, padding=1),
            Conv("conv4", 384, 3, padding=1, groups=2),
            Conv("conv5", 256, 3, padding=1, groups=2),
            Pool("pool5"),
            *_hidden(),
            Dense("fc8", None, activation="none"),
        ),
        towers=2,
        initialisation="paper",
    )


def paper_conv6() -> Spec:
    """Section 6: pre-trained "with an extra sixth convolutional layer over the last pooling layer"."""
    plan = paper()
    at = next(position for position, layer in enumerate(plan.layers) if layer.name == "fc6")
    conv6 = Conv("conv6", 256, 3, padding=1, groups=2, bias=1.0)
    return replace(
        plan,
        name="paper-conv6",
        title="The paper's network with a sixth convolution",
        source="Krizhevsky, Sutskever, Hinton 2012, section 6 (1 CNN*, 39.0 / 16.6)",
        layers=(*plan.layers[:at], conv6, *plan.layers[at:]),
        notes=(
            "One more convolution over pool5, for pre-training on all 22,000 classes of ImageNet's release of 2011. "
            "The paper gives neither its width nor its kernel: 256 kernels of 3 x 3 in two towers are this program's "
            "choice, after conv5. Everything else is as in paper."
        ),
    )


def original() -> Spec:
    return Spec(
        name="original-145",
        title="The network of the 2012 code, two towers",
        source="layers-145.cfg and layer-params-145.cfg of the released source (40.7 / 18.2)",
        notes=(
            "What produced the paper's numbers. conv1 is linear: its normalisation comes before its ReLU, which stands "
            "after pool1. A second normalisation, within each map, follows the one across channels in conv2, and "
            "the paper does not mention it. Sizes are rounded up, so that 224 pixels give 55 with three zero pixels "
            "beyond the right and the bottom. Alpha is divided by the window. conv3 to conv5 begin with a deviation "
            "of 0.03, and biases learn at twice the rate of weights, without decay."
        ),
        layers=(
            *_original_maps(towers=2, conv5=256),
            *_hidden(first=0.01, bias=1.0, bias_rate=2.0),
            Dense("fc8", None, activation="none", deviation=0.01, bias=0.0, bias_rate=2.0),
        ),
        towers=2,
        initialisation="paper",
    )


def one_gpu() -> Spec:
    return Spec(
        name="one-gpu-145-half",
        title="The 2012 code's network for one GPU",
        source="layers-145-half.cfg and layer-params-145-half.cfg of the released source (39.2 / 18.2 on 2010)",
        notes=(
            "The network that section 3.2 compares the two towers with: one tower of original-145, but with 256 "
            "kernels in conv5 and 4,096 hidden neurons, because otherwise it would have about half as many "
            "parameters, which would not be a fair comparison."
        ),
        layers=(
            *_original_maps(towers=1, conv5=256),
            *_hidden(first=0.01, bias=1.0, bias_rate=2.0),
            Dense("fc8", None, activation="none", deviation=0.01, bias=0.0, bias_rate=2.0),
        ),
        initialisation="paper",
    )


def caffe() -> Spec:
    return Spec(
        name="caffe",
        title="Caffe's AlexNet",
        source="bvlc_alexnet of Caffe's model zoo (train_val.prototxt)",
        notes=(
            "The paper's network as most people met it: images of 227 pixels without padding, normalisation with k = 1 "
            "and an alpha divided by the window, across all channels as one GPU held both towers, and biases of 0.1. "
            "Pooling rounds sizes up, which at 227 changes nothing. It was trained on blue, green, red from 0 to 255."
        ),
        layers=(
            Conv("conv1", 96, 11, stride=4, deviation=0.01, bias=0.0, bias_rate=2.0),
            ResponseNorm("rnorm1", k=1.0, divide_by_size=True, across_towers=True),
            Pool("pool1", sizing="ceil"),
            Conv("conv2", 256, 5, padding=2, groups=2, deviation=0.01, bias=0.1, bias_rate=2.0),
            ResponseNorm("rnorm2", k=1.0, divide_by_size=True, across_towers=True),
            Pool("pool2", sizing="ceil"),
            Conv("conv3", 384, 3, padding=1, deviation=0.01, bias=0.0, bias_rate=2.0),
            Conv("conv4", 384, 3, padding=1, groups=2, deviation=0.01, bias=0.1, bias_rate=2.0),
            Conv("conv5", 256, 3, padding=1, groups=2, deviation=0.01, bias=0.1, bias_rate=2.0),
            Pool("pool5", sizing="ceil"),
            *_hidden(first=0.005, bias=0.1, bias_rate=2.0),
            Dense("fc8", None, activation="none", deviation=0.01, bias=0.0, bias_rate=2.0),
        ),
        towers=2,
        image_size=227,
        initialisation="paper",
    )


def _hidden(
    *, first: float | None = None, bias: float | None = None, bias_rate: float = 1.0
) -> tuple[AnyLayer, ...]:
    """Two hidden layers of 4,096, each followed by dropout; `first` is the deviation of their first weights."""
    return (
        Dense("fc6", 4096, deviation=first, bias=bias, bias_rate=bias_rate),
        Dropout("drop6"),
        Dense("fc7", 4096, deviation=first, bias=bias, bias_rate=bias_rate),
        Dropout("drop7"),
    )


def _original_maps(*, towers: int, conv5: int) -> tuple[AnyLayer, ...]:
    """conv1 to pool5 of #145 with `towers` columns of 48, 128, 192 and 192 kernels; `conv5` counts all of them."""
    norm = ResponseNorm("rnorm1", divide_by_size=True)
    return (
        Conv(
            "conv1",
            48 * towers,
            11,
            stride=4,
            activation="none",
            sizing="ceil",
            deviation=0.01,
            bias=0.0,
            bias_rate=2.0,
        ),
        norm,
        Pool("pool1", sizing="ceil", activation="relu"),
        Conv("conv2", 128 * towers, 5, padding=2, groups=towers, deviation=0.01, bias=1.0, bias_rate=2.0),
        replace(norm, name="rnorm2"),
        MapNorm("cnorm2"),
        Pool("pool2", sizing="ceil"),
        Conv("conv3", 192 * towers, 3, padding=1, deviation=0.03, bias=0.0, bias_rate=2.0),
        Conv("conv4", 192 * towers, 3, padding=1, groups=towers, deviation=0.03, bias=1.0, bias_rate=2.0),
        Conv(
            "conv5",
            conv5,
            3,
            padding=1,
            groups=towers,
            activation="none",
            deviation=0.03,
            bias=1.0,
            bias_rate=2.0,
        ),
        Pool("pool5", sizing="ceil", activation="relu"),
    )
