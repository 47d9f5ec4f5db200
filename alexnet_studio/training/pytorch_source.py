"""A network with its recipe as a script: the whole training in plain PyTorch, for reading and for going on from."""

from __future__ import annotations

from dataclasses import replace

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.layers import AnyLayer, BatchNorm, Conv, Dense, Dropout
from alexnet_studio.networks.pytorch_source import joined, network_classes, program
from alexnet_studio.networks.spec import Spec, require_classifier
from alexnet_studio.training.pytorch_data import data_code
from alexnet_studio.training.pytorch_optimiser import epoch_code, optimiser_code, schedule_code
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

    `spec` is the network as it is trained: the recipe's width and image size are in it already. The network is equal
    to ours; order, crops and first weights follow the same rules from torch's own random numbers, so curves are like
    ours and not equal to them. Raises `BadInput` ("no_classifier", "channels_unsupported", and what `network_source`
    raises).
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
        optimiser_code(spec, recipe),
        schedule_code(recipe),
        epoch_code(recipe),
        _EVALUATE,
        _ANY_DEVICE if recipe.device == "auto" else "",
        _main(spec, recipe),
    )
    return program(
        spec,
        joined(*(part for part in parts if part)),
        "Trains on a folder with one folder of images for each class: python FILE FOLDER. It needs torch and "
        "torchvision.",
    )


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


def _main(spec: Spec, recipe: Recipe) -> str:
    device = "best_device()" if recipe.device == "auto" else f'torch.device("{recipe.device}")'
    loading = f"batch_size={recipe.batch_size}, num_workers={recipe.workers}"
    alone = any(isinstance(layer, BatchNorm) for layer in spec.layers)
    return "\n".join(
        [
            "def main() -> None:",
            '    parser = argparse.ArgumentParser(description="Train on a folder of class folders.")',
            '    parser.add_argument("folder", type=Path)',
            f'    parser.add_argument("--epochs", type=int, default={recipe.epochs})',
            '    parser.add_argument("--weights", type=Path, default=Path("weights.pt"))',
            "    options = parser.parse_args()",
            "",
            f"    torch.manual_seed({recipe.seed})",
            f"    device = {device}",
            "    train, val = open_images(options.folder)",
            "    prepare(train, val)",
            *_loaders(recipe, loading, alone=alone),
            "    network = Network(num_classes=len(train.dataset.classes)).to(device)",
            "    optimizer = optimiser(network)",
            *_scheduled(recipe),
            *(["    scaler = torch.amp.GradScaler(device.type)"] if recipe.precision == "float16" else []),
            "",
            *_epochs(recipe),
            "",
            "",
            'if __name__ == "__main__":',
            "    main()",
        ]
    )


def _loaders(recipe: Recipe, loading: str, *, alone: bool) -> list[str]:
    validating = f"    val_batches = DataLoader(val, {loading})"
    if not alone:
        return [f"    train_batches = DataLoader(train, shuffle=True, {loading})", validating]
    return [
        "    # Batch normalisation cannot learn from one image alone.",
        f"    one_left = len(train) % {recipe.batch_size} == 1",
        f"    train_batches = DataLoader(train, shuffle=True, drop_last=one_left, {loading})",
        validating,
    ]


def _scheduled(recipe: Recipe) -> list[str]:
    match recipe.schedule:
        case "constant":
            return []
        case "plateau":
            return ["    schedule = scheduler(optimizer)"]
        case "cosine" | "step":
            return ["    schedule = scheduler(optimizer, options.epochs * len(train_batches))"]


def _epochs(recipe: Recipe) -> list[str]:
    stepping = ["schedule"] if recipe.schedule in {"cosine", "step"} else []
    scaling = ["scaler"] if recipe.precision == "float16" else []
    arguments = ", ".join(["network", "train_batches", "optimizer", *stepping, *scaling, "device"])
    return [
        "    best = None",
        "    for epoch in range(1, options.epochs + 1):",
        f"        loss, top1 = learn({arguments})",
        "        val_loss, val_top1 = evaluate(network, val_batches, device)",
        *(["        schedule.step(val_loss)"] if recipe.schedule == "plateau" else []),
        '        print(f"epoch {epoch}: loss {loss:.3f}, top-1 {top1:.1%}")',
        '        print(f"    validation: loss {val_loss:.3f}, top-1 {val_top1:.1%}")',
        "        if best is None or (val_top1, -val_loss) > best:",
        "            best = (val_top1, -val_loss)",
        "            weights = {name: value.cpu() for name, value in network.state_dict().items()}",
        "            torch.save(weights, options.weights)",
    ]
