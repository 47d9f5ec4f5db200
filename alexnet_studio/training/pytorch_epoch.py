"""The part of a written training script that learns for an epoch: loss, clipping, precision, and what is frozen."""

from __future__ import annotations

from alexnet_studio.training.pytorch_schedule import stepwise_name
from alexnet_studio.training.recipe import Recipe

# As `optimiser.set_rates`.
_FROZEN = (
    "        # What is frozen needs no gradient, and has no part in the norm that is clipped.",
    "        for group in optimizer.param_groups:",
    '            for parameter in group["params"]:',
    '                parameter.requires_grad_(group["lr"] > 0)',
)


def epoch_code(recipe: Recipe) -> str:
    """The function `learn`: one epoch."""
    stepwise = bool(stepwise_name(recipe))
    scaled = recipe.precision == "float16"
    weighted = recipe.balance == "loss"
    return "\n".join(
        [
            "def learn(",
            "    network: Network,",
            "    batches: DataLoader,",
            "    optimizer: torch.optim.Optimizer,",
            *(["    schedule: torch.optim.lr_scheduler.LRScheduler,"] if stepwise else []),
            *(["    scaler: torch.amp.GradScaler,"] if scaled else []),
            *(["    class_weights: Tensor,"] if weighted else []),
            "    device: torch.device,",
            ") -> tuple[float, float]:",
            '    """One epoch. Mean loss and top-1 accuracy on the way, with dropout and random crops."""',
            "    network.train()",
            "    total, right, count = 0.0, 0, 0",
            "    for images, labels in batches:",
            "        images, labels = images.to(device), labels.to(device)",
            *(_FROZEN if recipe.schedule == "2012" else ()),
            *_forward(recipe),
            "        optimizer.zero_grad()",
            *_update(recipe),
            *(["        schedule.step()"] if stepwise else []),
            *_counted(recipe),
            "        right += (logits.argmax(dim=1) == labels).sum().item()",
            "        count += len(labels)",
            "    return total / count, right / count",
        ]
    )


def learn_call(recipe: Recipe) -> list[str]:
    """The arguments of `learn`, as `main` calls them."""
    stepwise = stepwise_name(recipe)
    return [
        "network",
        "train_batches",
        "optimizer",
        *([stepwise] if stepwise else []),
        *(["scaler"] if recipe.precision == "float16" else []),
        *(["class_weights"] if recipe.balance == "loss" else []),
        "device",
    ]


def _forward(recipe: Recipe) -> list[str]:
    asked = ["weight=class_weights"] if recipe.balance == "loss" else []
    asked += [f"label_smoothing={recipe.label_smoothing!r}"] if recipe.label_smoothing else []
    options = ", ".join(["labels", *asked])
    if recipe.precision in {"auto", "float32"}:
        return ["        logits = network(images)", f"        loss = F.cross_entropy(logits, {options})"]
    return [
        f"        with torch.autocast(device.type, dtype=torch.{recipe.precision}):",
        "            logits = network(images)",
        f"        loss = F.cross_entropy(logits.float(), {options})",
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


def _counted(recipe: Recipe) -> list[str]:
    """The loss that is printed is the plain one, as in `objective`: to be compared with validation's."""
    if recipe.balance != "loss" and not recipe.label_smoothing:
        return ["        total += loss.item() * len(labels)"]
    logits = "logits.detach()" if recipe.precision in {"auto", "float32"} else "logits.detach().float()"
    return [
        "        # The plain loss, to be compared with that of validation.",
        f'        total += F.cross_entropy({logits}, labels, reduction="sum").item()',
    ]
