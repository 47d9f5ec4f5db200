"""The part of a written training script that is for unequal classes."""

from __future__ import annotations

from alexnet_studio.training.recipe import Recipe

_WEIGHTS = '''
def balanced_weights(train: Subset) -> Tensor:
    """n / (classes * n of the class): every class weighs as much, the mean over images is 1."""
    counts = torch.bincount(torch.tensor([train.dataset.targets[i] for i in train.indices]))
    return len(train) / (len(counts) * counts)
'''

_ORDER = '''
def balanced_order(train: Subset) -> WeightedRandomSampler:
    """Each class as often as another, by chance.

    AlexNet Studio's own order visits each exactly as often, and of a small one every image before
    any comes again.
    """
    labels = [train.dataset.targets[i] for i in train.indices]
    shares = 1 / torch.bincount(torch.tensor(labels))
    return WeightedRandomSampler(shares[labels].tolist(), len(labels))
'''


def balance_code(recipe: Recipe) -> list[str]:
    """The function that is called by what `order` or `weighing` say."""
    match recipe.balance:
        case "no":
            return []
        case "loss":
            return [_WEIGHTS]
        case "sampling":
            return [_ORDER]


def order(recipe: Recipe) -> str:
    """The sampler of the training images; empty where they are shuffled."""
    return "balanced_order(train)" if recipe.balance == "sampling" else ""


def weighing(recipe: Recipe) -> list[str]:
    """The line of `main` that weighs the classes."""
    return ["    class_weights = balanced_weights(train).to(device)"] if recipe.balance == "loss" else []
