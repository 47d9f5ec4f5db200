"""The editor's words for the kinds of layer and their fields."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def kind_text(kind: str) -> str:
    texts = {
        "conv": QCoreApplication.translate("Layers", "convolution"),
        "pool": QCoreApplication.translate("Layers", "pooling"),
        "rnorm": QCoreApplication.translate("Layers", "response normalisation"),
        "cnorm": QCoreApplication.translate("Layers", "normalisation within a map"),
        "bnorm": QCoreApplication.translate("Layers", "batch normalisation"),
        "gpool": QCoreApplication.translate("Layers", "global pooling"),
        "fc": QCoreApplication.translate("Layers", "fully connected"),
        "dropout": QCoreApplication.translate("Layers", "dropout"),
    }
    return texts.get(kind, kind)


def field_text(name: str) -> str:
    texts = {
        "name": QCoreApplication.translate("Layers", "name"),
        "filters": QCoreApplication.translate("Layers", "kernels (empty: classes)"),
        "neurons": QCoreApplication.translate("Layers", "neurons (empty: classes)"),
        "kernel": QCoreApplication.translate("Layers", "kernel side"),
        "stride": QCoreApplication.translate("Layers", "stride"),
        "padding": QCoreApplication.translate("Layers", "padding"),
        "shared": QCoreApplication.translate("Layers", "shared by all places"),
        "weights_of": QCoreApplication.translate("Layers", "weights of (empty: its own)"),
        "groups": QCoreApplication.translate("Layers", "groups"),
        "activation": QCoreApplication.translate("Layers", "activation"),
        "deviation": QCoreApplication.translate("Layers", "first weights, deviation"),
        "truncated": QCoreApplication.translate("Layers", "cut at two deviations"),
        "bias": QCoreApplication.translate("Layers", "first bias"),
        "sizing": QCoreApplication.translate("Layers", "last window"),
        "rate": QCoreApplication.translate("Layers", "factor on the rate"),
        "bias_rate": QCoreApplication.translate("Layers", "factor, biases"),
        "decay": QCoreApplication.translate("Layers", "factor on decay"),
        "size": QCoreApplication.translate("Layers", "window"),
        "divide_by_size": QCoreApplication.translate("Layers", "alpha divided by window"),
        "across_towers": QCoreApplication.translate("Layers", "across towers"),
        "method": QCoreApplication.translate("Layers", "method"),
    }
    return texts.get(name, name)


def field_tip(name: str) -> str:
    tips = {
        "sizing": QCoreApplication.translate(
            "Layers",
            "floor: a last window that would overhang is left out (torch). ceil: it is kept (the 2012 code). "
            "same: padded so that outputs are inputs divided by the stride (TensorFlow).",
        ),
        "groups": QCoreApplication.translate(
            "Layers", "as many as there are towers: each tower sees itself only; 1: everything is seen"
        ),
        "rate": QCoreApplication.translate("Layers", "of the weights; 0 freezes them"),
    }
    return tips.get(name, field_text(name))


def switch_texts() -> tuple[tuple[str, str], ...]:
    """What applies to the whole network at once."""
    return (
        ("activation=relu", QCoreApplication.translate("Layers", "all activations: ReLU")),
        ("activation=tanh", QCoreApplication.translate("Layers", "all activations: tanh")),
        ("activation=sigmoid", QCoreApplication.translate("Layers", "all activations: sigmoid")),
        ("activation=leaky_relu", QCoreApplication.translate("Layers", "all activations: leaky ReLU")),
        ("response_norm=none", QCoreApplication.translate("Layers", "without response normalisation")),
        (
            "response_norm=after",
            QCoreApplication.translate("Layers", "response normalisation after the activation"),
        ),
        (
            "response_norm=before",
            QCoreApplication.translate("Layers", "response normalisation before the activation"),
        ),
        ("batch_norm=on", QCoreApplication.translate("Layers", "with batch normalisation")),
        ("batch_norm=off", QCoreApplication.translate("Layers", "without batch normalisation")),
        ("pooling=overlapping", QCoreApplication.translate("Layers", "overlapping pooling, 3 by 2")),
        ("pooling=plain", QCoreApplication.translate("Layers", "plain pooling, 2 by 2")),
        ("pooling=average", QCoreApplication.translate("Layers", "average pooling")),
        ("dropout=0", QCoreApplication.translate("Layers", "without dropout")),
        ("dropout=0.5", QCoreApplication.translate("Layers", "dropout of a half")),
        ("towers=on", QCoreApplication.translate("Layers", "two towers, linked as in the paper")),
        ("towers=off", QCoreApplication.translate("Layers", "one tower")),
        ("links=none", QCoreApplication.translate("Layers", "no links between the towers")),
        ("links=conv3", QCoreApplication.translate("Layers", "towers linked at conv3")),
        ("links=conv4", QCoreApplication.translate("Layers", "towers linked at conv4")),
        ("links=everywhere", QCoreApplication.translate("Layers", "towers linked everywhere")),
    )
