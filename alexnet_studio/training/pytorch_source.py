"""A network with its recipe as a script: the whole training in plain PyTorch, for reading and for going on from."""

from __future__ import annotations

from dataclasses import replace

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.layers import AnyLayer, Conv, Dense, Dropout
from alexnet_studio.networks.pytorch_source import joined, network_classes, program
from alexnet_studio.networks.spec import Spec, require_classifier
from alexnet_studio.training.pytorch_balance import balance_code
from alexnet_studio.training.pytorch_data import data_code
from alexnet_studio.training.pytorch_epoch import epoch_code
from alexnet_studio.training.pytorch_main import main_code
from alexnet_studio.training.pytorch_optimiser import optimiser_code
from alexnet_studio.training.pytorch_schedule import schedule_code
from alexnet_studio.training.recipe import Recipe

_EVALUATE = '''
@torch.inference_mode()
def evaluate(network: Network, batches: DataLoader, device: torch.device) -> tuple[float, float]:
    """Mean loss and top-1 accuracy."""
    network.eval()
    total, right, count = 0.0, 0, 0
    for images, labels in batches:
        images, labels = images.to(device), labels.to(device)
        logits = network(images)
        total += F.cross_entropy(logits, labels, reduction="sum").item()
        right += (logits.argmax(dim=1) == labels).sum().item()
        count += len(labels)
    return total / count, right / count
'''

_ANY_DEVICE = """
def best_device() -> torch.device:
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
"""


def training_source(spec: Spec, recipe: Recipe) -> str:
    """A script `python FILE FOLDER` that trains on an ImageFolder and saves the best epoch's weights.

    `spec` is the network as it is trained: the recipe's width and image size are in it already. The network and the
    split are equal to ours; order, crops and first weights follow the same rules from torch's own random numbers, so
    curves are like ours and not equal to them. What it does otherwise than the recipe stands in its first lines. Raises
    `BadInput` ("no_classifier", "channels_unsupported", "no_convolution" where the schedule is about the first one, and
    what `network_source` raises).
    """
    require_classifier(spec)
    if spec.channels not in {1, 3}:
        raise BadInput(
            "channels_unsupported",
            "The network {network} takes images of {channels} channels; images have 1 or 3. Change its channels.",
            network=spec.name,
            channels=spec.channels,
        )
    spec = _begun(spec, recipe)
    parts = (
        network_classes(spec),
        *data_code(spec, recipe),
        *balance_code(recipe),
        optimiser_code(spec, recipe),
        *schedule_code(spec, recipe),
        epoch_code(recipe),
        _EVALUATE,
        *([_ANY_DEVICE] if recipe.device == "auto" else []),
        main_code(spec, recipe),
    )
    return program(
        spec,
        joined(*parts),
        "Trains on a folder with one folder of images for each class: python FILE FOLDER. It needs torch and "
        "torchvision.",
        *_otherwise(recipe),
    )


def _otherwise(recipe: Recipe) -> list[str]:
    """What the script does not do as the recipe says, for its first lines."""
    if "," not in recipe.device:
        return []
    return [
        f"AlexNet Studio trains it on {recipe.device.replace(',', ' and ')}, a tower on each; this script takes the "
        "first of them."
    ]


def _begun(spec: Spec, recipe: Recipe) -> Spec:
    """`spec` with the dropout and the first weights that the recipe asks for."""
    how = recipe.initialisation
    layers = tuple(_layer(layer, recipe) for layer in spec.layers)
    return replace(spec, layers=layers, initialisation=spec.initialisation if how == "network" else how)


def _layer(layer: AnyLayer, recipe: Recipe) -> AnyLayer:
    if isinstance(layer, Dropout) and recipe.dropout is not None:
        return replace(layer, rate=recipe.dropout)
    if isinstance(layer, Conv | Dense) and recipe.initialisation != "network":
        return replace(layer, deviation=None, bias=None)
    return layer
