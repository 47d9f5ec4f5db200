"""The part of a written training script that updates: optimiser, schedule, clipping, precision."""

from __future__ import annotations

from fractions import Fraction

from alexnet_studio.networks.layers import BatchNorm, Conv, Dense
from alexnet_studio.networks.spec import Spec
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.schedule import CUTS, PATIENCE


def optimiser_code(spec: Spec, recipe: Recipe) -> str:
    """One group for each factor on rate and decay, as the layers have them."""
    groups: dict[tuple[float, float], list[str]] = {}
    for layer in spec.layers:
        weight, bias = f"network.{layer.name}.weight", f"network.{layer.name}.bias"
        if isinstance(layer, Conv | Dense):
            if not layer.weights_of:
                groups.setdefault((layer.rate, layer.decay), []).append(weight)
            groups.setdefault((layer.bias_rate, 0.0), []).append(bias)
        elif isinstance(layer, BatchNorm):
            groups.setdefault((1.0, 0.0), []).extend((weight, bias))
    lines = [
        "def optimiser(network: Network) -> torch.optim.Optimizer:",
        '    """Weights decay, biases do not; a layer may learn at a rate of its own."""',
        "    groups = [",
    ]
    for (scale, decay), names in groups.items():
        lines += ["        {", '            "params": [']
        lines += [f"                {name}," for name in names]
        lines += ["            ],"]
        lines += [f'            "weight_decay": {recipe.weight_decay * decay:.12g},']
        lines += [f'            "lr": {recipe.lr * scale:.12g},', "        },"]
    lines.append("    ]")
    if recipe.optimizer == "adam":
        lines.append("    return torch.optim.Adam(groups)")
    else:
        lines.append(f"    return torch.optim.SGD(groups, momentum={recipe.momentum!r})")
    return "\n".join(lines)


def schedule_code(recipe: Recipe) -> str:
    """The function `scheduler`; nothing for a constant rate."""
    if recipe.schedule == "constant":
        return ""
    if recipe.schedule == "plateau":
        return f'''
def scheduler(optimizer: torch.optim.Optimizer) -> torch.optim.lr_scheduler.ReduceLROnPlateau:
    """A tenth of the rate when the validation loss has not fallen for more than {PATIENCE} epochs."""
    return torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.1, patience={PATIENCE})
'''
    cosine = recipe.schedule == "cosine"
    cuts = ", ".join(f"{cut.numerator} / {cut.denominator}" for cut in _cuts())
    words = (
        "Down to zero along half a cosine, step by step." if cosine else "A tenth of the rate at each cut."
    )
    factor = (
        "0.5 * (1 + math.cos(math.pi * share))" if cosine else f"0.1 ** sum(share >= cut for cut in ({cuts}))"
    )
    return f'''
def scheduler(optimizer: torch.optim.Optimizer, steps: int) -> torch.optim.lr_scheduler.LambdaLR:
    """{words}"""

    def factor(step: int) -> float:
        share = step / steps
        return {factor}

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
'''


def epoch_code(recipe: Recipe) -> str:
    """The function `learn`: one epoch."""
    steps = recipe.schedule in {"cosine", "step"}
    return "\n".join(
        [
            "def learn(",
            "    network: Network,",
            "    batches: DataLoader,",
            "    optimizer: torch.optim.Optimizer,",
            *(["    schedule: torch.optim.lr_scheduler.LambdaLR,"] if steps else []),
            *(["    scaler: torch.amp.GradScaler,"] if recipe.precision == "float16" else []),
            "    device: torch.device,",
            ") -> tuple[float, float]:",
            '    """One epoch. Mean loss and top-1 accuracy on the way, with dropout and random crops."""',
            "    network.train()",
            "    total, right, count = 0.0, 0, 0",
            "    for images, labels in batches:",
            "        images, labels = images.to(device), labels.to(device)",
            *_forward(recipe),
            "        optimizer.zero_grad()",
            *_update(recipe),
            *(["        schedule.step()"] if steps else []),
            "        total += loss.item() * len(labels)",
            "        right += (logits.argmax(dim=1) == labels).sum().item()",
            "        count += len(labels)",
            "    return total / count, right / count",
        ]
    )


def _cuts() -> list[Fraction]:
    return [Fraction(cut).limit_denominator(1000) for cut in CUTS]


def _forward(recipe: Recipe) -> list[str]:
    loss = "        loss = F.cross_entropy(logits, labels)"
    if recipe.precision in {"auto", "float32"}:
        return ["        logits = network(images)", loss]
    return [
        f"        with torch.autocast(device.type, dtype=torch.{recipe.precision}):",
        "            logits = network(images)",
        loss.replace("(logits,", "(logits.float(),"),
    ]


def _update(recipe: Recipe) -> list[str]:
    clip = f"        nn.utils.clip_grad_norm_(network.parameters(), {recipe.clip!r})"
    clips = [clip] if recipe.clip else []
    if recipe.precision != "float16":
        return ["        loss.backward()", *clips, "        optimizer.step()"]
    return [
        "        scaler.scale(loss).backward()",
        *(["        scaler.unscale_(optimizer)", clip] if recipe.clip else []),
        "        scaler.step(optimizer)",
        "        scaler.update()",
    ]
