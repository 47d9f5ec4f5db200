"""The part of a written training script that runs: its options, and the epochs."""

from __future__ import annotations

from alexnet_studio.networks.layers import BatchNorm
from alexnet_studio.networks.python_text import called
from alexnet_studio.networks.spec import Spec
from alexnet_studio.training.pytorch_balance import order, weighing
from alexnet_studio.training.pytorch_chunks import loaded
from alexnet_studio.training.pytorch_data import noise_end
from alexnet_studio.training.pytorch_epoch import learn_call
from alexnet_studio.training.pytorch_schedule import schedule_calls
from alexnet_studio.training.recipe import Recipe

# As `determinism.exact`.
_EXACTLY = (
    '    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")',
    "    torch.use_deterministic_algorithms(True)",
)


def main_code(spec: Spec, recipe: Recipe) -> str:
    """The function `main` and its call; whatever else the script defines is used there."""
    first = recipe.device.partition(",")[0]
    device = "best_device()" if first == "auto" else f'torch.device("{first}")'
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
            *(_EXACTLY if recipe.deterministic else ()),
            f"    torch.manual_seed({recipe.seed})",
            f"    device = {device}",
            "    train, val = open_images(options.folder)",
            "    prepare(train, val)",
            *_loaders(recipe, alone=alone),
            *weighing(recipe),
            "    network = Network(num_classes=len(train.dataset.classes)).to(device)",
            "    optimizer = optimiser(network)",
            *schedule_calls(recipe),
            *(["    scaler = torch.amp.GradScaler(device.type)"] if recipe.precision == "float16" else []),
            "",
            *_epochs(recipe),
            "",
            "",
            'if __name__ == "__main__":',
            "    main()",
        ]
    )


def _loaders(recipe: Recipe, *, alone: bool) -> list[str]:
    loading = [f"batch_size={recipe.batch_size}", f"num_workers={recipe.workers}"]
    seen = loaded("val", recipe) if recipe.augment_validation else ["val"]
    validating = called("    val_batches = DataLoader(", [*seen, *loading], ")")
    learned = loaded("train", recipe, sampler=order(recipe), shuffle=True)
    if not alone:
        return [*called("    train_batches = DataLoader(", [*learned, *loading], ")"), *validating]
    training = [*learned, "drop_last=one_left", *loading]
    return [
        "    # Batch normalisation cannot learn from one image alone.",
        f"    one_left = len(train) % {recipe.batch_size} == 1",
        *called("    train_batches = DataLoader(", training, ")"),
        *validating,
    ]


def _epochs(recipe: Recipe) -> list[str]:
    patience = recipe.early_stopping
    return [
        "    best = None",
        "    for epoch in range(1, options.epochs + 1):",
        *noise_end(recipe),
        *called("        loss, top1 = learn(", learn_call(recipe), ")"),
        "        val_loss, val_top1 = evaluate(network, val_batches, device)",
        *(["        schedule.step(val_loss)"] if recipe.schedule == "plateau" else []),
        '        print(f"epoch {epoch}: loss {loss:.3f}, top-1 {top1:.1%}")',
        '        print(f"    validation: loss {val_loss:.3f}, top-1 {val_top1:.1%}")',
        "        if best is None or (val_top1, -val_loss) > best:",
        "            best = (val_top1, -val_loss)",
        *(["            best_epoch = epoch"] if patience else []),
        "            weights = {name: value.cpu() for name, value in network.state_dict().items()}",
        "            torch.save(weights, options.weights)",
        *(_stopping(patience) if patience else []),
    ]


def _stopping(patience: int) -> list[str]:
    """As the session does."""
    return [
        f"        if epoch - best_epoch >= {patience}:",
        f'            print(f"Stopped early: none was better than epoch {{best_epoch}} for {patience} epochs.")',
        "            break",
    ]
