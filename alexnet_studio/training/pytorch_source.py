"""A network with its recipe as a script: the whole training in plain PyTorch, for reading and for going on from."""

from __future__ import annotations

from dataclasses import replace

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.layers import BatchNorm, Conv, Dense, Dropout
from alexnet_studio.networks.pytorch_source import network_source
from alexnet_studio.networks.spec import Spec, require_classifier
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.schedule import CUTS, PATIENCE

_IMAGENET = "[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]"


def training_source(spec: Spec, recipe: Recipe) -> str:
    """A script `python FILE FOLDER` that trains on an ImageFolder and saves `weights.pt`.

    It is the recipe in the manner of a course page: float32, torch's own random numbers and first weights, no colour
    noise. So its curves are like ours, not equal to them; its network is equal. Raises `BadInput` ("no_classifier",
    "channels_unsupported", and what `network_source` raises).
    """
    require_classifier(spec)
    if spec.channels not in {1, 3}:
        raise BadInput(
            "channels_unsupported",
            "The network {network} takes images of {channels} channels; images have 1 or 3. Change its channels.",
            network=spec.name,
            channels=spec.channels,
        )
    dropout = recipe.dropout
    if dropout is not None:
        spec = _with_dropout(spec, dropout)
    source = network_source(spec)
    head, _, body = source.partition("import torch\n")
    imports = (
        "import argparse\nimport math\nfrom pathlib import Path\n\nimport torch\n"
        if recipe.schedule == "cosine"
        else "import argparse\nfrom pathlib import Path\n\nimport torch\n"
    )
    body = body.replace(
        "from torch.nn import functional as F\n",
        "from torch.nn import functional as F\nfrom torch.utils.data import DataLoader\n"
        "from torchvision import datasets, transforms\n",
        1,
    )
    parts = (head + imports + body, _data(spec, recipe), _optimiser(spec, recipe), _main(recipe))
    return "\n\n".join(part.strip("\n") + "\n" for part in parts)


def _with_dropout(spec: Spec, rate: float) -> Spec:
    layers = tuple(replace(one, rate=rate) if isinstance(one, Dropout) else one for one in spec.layers)
    return replace(spec, layers=layers)


def _data(spec: Spec, recipe: Recipe) -> str:
    side = 2 * round(spec.image_size * 8 / 7 / 2)
    grey = ["transforms.Grayscale()"] if spec.channels == 1 else []
    crop = (
        f"transforms.RandomCrop({spec.image_size})"
        if recipe.crop
        else f"transforms.CenterCrop({spec.image_size})"
    )
    mirror = ["transforms.RandomHorizontalFlip()"] if recipe.mirror else []
    norm = _normalisation(spec, recipe)
    resize = [f"transforms.Resize({side})", f"transforms.CenterCrop({side})"]
    training = [*grey, *resize, crop, *mirror, "transforms.ToTensor()", *norm]
    testing = [*grey, *resize, f"transforms.CenterCrop({spec.image_size})", "transforms.ToTensor()", *norm]
    measured = recipe.statistics == "folder"
    lines = [
        f"def loader(folder: Path, training: bool{_STATISTICS if measured else ''}) -> DataLoader:",
        '    """Batches of an ImageFolder: crops and reflections are for training only."""',
        "    steps = [",
        *(f"        {step}," for step in training),
        "    ]",
        "    if not training:",
        "        steps = [",
        *(f"            {step}," for step in testing),
        "        ]",
        "    images = datasets.ImageFolder(folder, transforms.Compose(steps))",
        f"    return DataLoader(images, batch_size={recipe.batch_size}, shuffle=training)",
    ]
    return "\n".join(lines) + ("\n" + _measuring(spec) if measured else "")


_STATISTICS = ", mean: list[float], std: list[float]"


def _normalisation(spec: Spec, recipe: Recipe) -> list[str]:
    if recipe.statistics == "folder":
        return ["transforms.Normalize(mean, std)"]
    if recipe.statistics == "imagenet":
        values = _IMAGENET if spec.channels == 3 else "[0.449], [0.226]"
        return [f"transforms.Normalize({values})"]
    return []


def _measuring(spec: Spec) -> str:
    size = spec.image_size
    grey = "transforms.Grayscale(), " if spec.channels == 1 else ""
    return f'''

def colours(folder: Path) -> tuple[list[float], list[float]]:
    """Mean and deviation of the folder's pixels, channel by channel."""
    shrink = transforms.Compose([{grey}transforms.Resize(({size}, {size})), transforms.ToTensor()])
    total, squares, count = 0.0, 0.0, 0
    for images, _ in DataLoader(datasets.ImageFolder(folder, shrink), batch_size=64):
        total += images.mean(dim=(2, 3)).sum(dim=0)
        squares += images.square().mean(dim=(2, 3)).sum(dim=0)
        count += len(images)
    mean = total / count
    return mean.tolist(), (squares / count - mean.square()).clamp(min=1e-4).sqrt().tolist()
'''


def _optimiser(spec: Spec, recipe: Recipe) -> str:
    """One group for each factor on rate and decay, as the layers have them."""
    groups: dict[tuple[float, float], list[str]] = {}
    for layer in spec.layers:
        if isinstance(layer, Conv | Dense):
            groups.setdefault((layer.rate, layer.decay), []).append(f"network.{layer.name}.weight")
            groups.setdefault((layer.bias_rate, 0.0), []).append(f"network.{layer.name}.bias")
        elif isinstance(layer, BatchNorm):
            groups.setdefault((1.0, 0.0), []).extend(
                (f"network.{layer.name}.weight", f"network.{layer.name}.bias")
            )
    lines = [
        "def optimiser(network: Network) -> torch.optim.Optimizer:",
        '    """Weights decay, biases do not; a layer may learn at a rate of its own."""',
        "    groups = [",
    ]
    for (scale, decay), names in groups.items():
        lines += ["        {", '            "params": [']
        lines += [f"                {name}," for name in names]
        lines += ["            ],"]
        lines += [f'            "weight_decay": {recipe.weight_decay * decay:.10g},']
        lines += [f'            "lr": {recipe.lr * scale:.10g},', "        },"]
    lines.append("    ]")
    if recipe.optimizer == "adam":
        lines.append("    return torch.optim.Adam(groups)")
    else:
        lines.append(f"    return torch.optim.SGD(groups, momentum={recipe.momentum!r})")
    return "\n".join(lines)


def _main(recipe: Recipe) -> str:
    measured = recipe.statistics == "folder"
    loaders = (
        '    mean, std = colours(folder / "train")\n'
        '    train = loader(folder / "train", True, mean, std)\n'
        '    val = loader(folder / "val", False, mean, std)\n'
        if measured
        else '    train, val = loader(folder / "train", True), loader(folder / "val", False)\n'
    )
    clip = (
        f"            nn.utils.clip_grad_norm_(network.parameters(), {recipe.clip!r})\n"
        if recipe.clip
        else ""
    )
    per_step = "            schedule.step()\n" if recipe.schedule in {"cosine", "step"} else ""
    per_epoch = "        schedule.step(val_loss)\n" if recipe.schedule == "plateau" else ""
    return f'''
def evaluate(network: Network, batches: DataLoader, device: torch.device) -> tuple[float, float]:
    """Mean loss and top-1 accuracy."""
    network.eval()
    loss, right, count = 0.0, 0, 0
    with torch.inference_mode():
        for images, labels in batches:
            images, labels = images.to(device), labels.to(device)
            logits = network(images)
            loss += F.cross_entropy(logits, labels, reduction="sum").item()
            right += (logits.argmax(dim=1) == labels).sum().item()
            count += len(labels)
    return loss / count, right / count


def main() -> None:
    parser = argparse.ArgumentParser(description="Train on FOLDER/train, validate on FOLDER/val.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--epochs", type=int, default={recipe.epochs})
    options = parser.parse_args()
    folder, epochs = options.folder, options.epochs
    torch.manual_seed({recipe.seed})
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
{loaders}    network = Network().to(device)
    optimizer = optimiser(network)
{_schedule(recipe)}    for epoch in range(1, epochs + 1):
        network.train()
        for images, labels in train:
            images, labels = images.to(device), labels.to(device)
            loss = F.cross_entropy(network(images), labels)
            optimizer.zero_grad()
            loss.backward()
{clip}            optimizer.step()
{per_step}        train_loss, _ = evaluate(network, train, device)
        val_loss, val_top1 = evaluate(network, val, device)
{per_epoch}        print(f"epoch {{epoch}}: loss {{train_loss:.3f}}")
        print(f"    validation {{val_loss:.3f}}, top-1 {{val_top1:.3f}}")
    torch.save(network.state_dict(), "weights.pt")


if __name__ == "__main__":
    main()
'''


def _schedule(recipe: Recipe) -> str:
    make = "    schedule = torch.optim.lr_scheduler"
    match recipe.schedule:
        case "cosine":
            return (
                "    steps = epochs * len(train)\n"
                f"{make}.LambdaLR(\n"
                "        optimizer, lambda step: 0.5 * (1 + math.cos(math.pi * step / steps))\n    )\n"
            )
        case "step":
            shares = ", ".join(f"{share:.10g}" for share in CUTS)
            return (
                "    steps = epochs * len(train)\n"
                f"{make}.LambdaLR(\n"
                f"        optimizer, lambda step: 0.1 ** sum(step / steps >= cut for cut in ({shares}))\n    )\n"
            )
        case "plateau":
            return f"{make}.ReduceLROnPlateau(optimizer, factor=0.1, patience={PATIENCE})\n"
        case "constant":
            return ""
