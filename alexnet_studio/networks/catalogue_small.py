"""Networks for small images: the paper's own experiment, its ancestor, and its plan made small for a laptop."""

from __future__ import annotations

from alexnet_studio.networks.layers import Conv, Dense, Dropout, Pool, ResponseNorm
from alexnet_studio.networks.spec import Spec


def cifar_4layer() -> Spec:
    return Spec(
        name="cifar-4layer",
        title="The four-layer network of Fig. 1",
        source="Krizhevsky, Sutskever, Hinton 2012, Fig. 1; sizes as in cuda-convnet's layers-80sec.cfg",
        notes=(
            "Three convolutions and a classifier for CIFAR-10's 32 pixels, without regularisation: the network with "
            "which the paper compares ReLU and tanh (25 % training error after about 6 epochs against 36). The paper "
            "leaves its sizes open; these are those of the CIFAR networks that came with the same program."
        ),
        layers=(
            Conv("conv1", 32, 5, padding=2, deviation=0.0001, bias=0.0),
            Pool("pool1", sizing="ceil"),
            Conv("conv2", 32, 5, padding=2, deviation=0.01, bias=0.0),
            Pool("pool2", method="average", sizing="ceil"),
            Conv("conv3", 64, 5, padding=2, deviation=0.01, bias=0.0),
            Pool("pool3", method="average", sizing="ceil"),
            Dense("fc10", None, activation="none", deviation=0.01, bias=0.0),
        ),
        image_size=32,
        classes=10,
    )


def lenet() -> Spec:
    return Spec(
        name="lenet",
        title="LeNet-5, the ancestor",
        source="LeCun, Bottou, Bengio, Haffner 1998, with full connections, as courses teach it",
        notes=(
            "Sigmoid and average pooling, for grey images of 28 pixels. Its gradients fade from layer to layer, "
            "which is what the ReLU put an end to."
        ),
        layers=(
            Conv("conv1", 6, 5, padding=2, activation="sigmoid"),
            Pool("pool1", 2, 2, method="average"),
            Conv("conv2", 16, 5, activation="sigmoid"),
            Pool("pool2", 2, 2, method="average"),
            Dense("fc3", 120, activation="sigmoid"),
            Dense("fc4", 84, activation="sigmoid"),
            Dense("fc5", None, activation="none"),
        ),
        channels=1,
        image_size=28,
        classes=10,
        initialisation="xavier",
    )


def mini() -> Spec:
    return Spec(
        name="mini",
        title="The paper's plan for 64 pixels, two towers",
        source="The paper's sections 3.2 to 3.5, made small for a laptop's CPU",
        notes=(
            "Two towers with the paper's groups, response normalisation and overlapping pools. conv1 takes steps "
            "of 2, so that 64 pixels become 31, 15, 7 and 3. He initialisation: the paper's stalls on few images."
        ),
        layers=(
            # The paper's deviation: in He's, twelve times larger, kernels are still noise after minutes.
            Conv("conv1", 48, 7, stride=2, padding=2, deviation=0.01),
            ResponseNorm("rnorm1"),
            Pool("pool1"),
            Conv("conv2", 128, 5, padding=2, groups=2),
            ResponseNorm("rnorm2"),
            Pool("pool2"),
            Conv("conv3", 192, 3, padding=1),
            Conv("conv4", 192, 3, padding=1, groups=2),
            Conv("conv5", 128, 3, padding=1, groups=2),
            Pool("pool5"),
            Dense("fc6", 256),
            Dropout("drop6"),
            Dense("fc7", 256),
            Dropout("drop7"),
            Dense("fc8", None, activation="none"),
        ),
        towers=2,
        image_size=64,
        classes=10,
    )
