"""The part of a written training script that opens images: folders, split, colours, transforms."""

from __future__ import annotations

from alexnet_studio.images import prepare
from alexnet_studio.networks.spec import Spec
from alexnet_studio.training import pytorch_transforms as transforms
from alexnet_studio.training.pytorch_chunks import chunks_code, is_divided
from alexnet_studio.training.pytorch_split import split_code
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.schedule import COLOUR_END_2012

_COLOURS = '''
def colours(images: Subset) -> tuple[list[float], list[float], Tensor]:
    """Mean, deviation and principal colours of the pixels of at most 5,000 images."""
STEPS
    chosen = torch.randperm(len(images))[:5000].tolist()
    mean, products = 0.0, 0.0
    for i in chosen:
        pixels = images[i][0].flatten(1).double()  # channels x pixels
        mean += pixels.mean(dim=1) / len(chosen)
        products += pixels @ pixels.T / pixels.shape[1] / len(chosen)
    covariance = products - mean.outer(mean)
    std = covariance.diagonal().clamp(min=1 / 255**2).sqrt()
    sizes, directions = torch.linalg.eigh(covariance)
    return mean.tolist(), std.tolist(), (directions * sizes.clamp(min=0).sqrt()).float()
'''

_NOISE = '''
class ColourNoise:
    """Section 4.1 of the paper: one draw an image, along the folder's principal colours."""

    def __init__(self, principal: Tensor, deviation: float) -> None:
        self.principal, self.deviation = principal, deviation

    def __call__(self, image: Tensor) -> Tensor:
        alpha = self.deviation * torch.randn(len(self.principal))
        return image + (self.principal @ alpha)[:, None, None]
'''

_PAD = '''
class Pad:
    """All of the image: the longer side first, then centred on what is normalised to about 0."""

    def __init__(self, side: int) -> None:
        self.side = side

    def __call__(self, image: Image.Image) -> Image.Image:
        field = FIELD if image.mode == "RGB" else GREY
        size = (self.side, self.side)
        return ImageOps.pad(image, size, Image.Resampling.BILINEAR, color=field)
'''

_END_NOISE = '''
def end_noise(train: Subset) -> None:
    """From the next epoch on, as the run of layer-params-145.cfg went on without it."""
    for step in train.dataset.transform.transforms:
        if isinstance(step, ColourNoise):
            step.deviation = 0.0
'''

_END_DIVIDING = """
        if isinstance(step, Divided):
            step.by = 1.0
"""

_PREPARE = '''
def prepare(train: Subset, val: Subset) -> None:
    """How an image gets to the network: WORDS"""
'''


def data_code(spec: Spec, recipe: Recipe) -> list[str]:
    """Functions and classes, of which `open_images` and `prepare` are called."""
    parts = split_code(recipe)
    if recipe.fit == "pad":
        parts.append(_PAD.replace("FIELD", str(prepare.FIELD[3])).replace("GREY", str(prepare.FIELD[1][0])))
    if _measures(recipe):
        steps = _composed(transforms.measuring(spec, recipe), "    images.dataset.transform")
        parts.append(_COLOURS.replace("STEPS", steps))
    if recipe.colour_pca:
        parts.append(_NOISE)
    parts += chunks_code(recipe)
    if _noise_ends(recipe):
        parts.append(_END_NOISE + (_END_DIVIDING.lstrip("\n") if is_divided(recipe) else ""))
    crops = (
        "random crops to validate, too, a slip of many scripts."
        if recipe.augment_validation
        else "crops and reflections are for training only."
    )
    parts.append(_PREPARE.replace("WORDS", crops) + "\n".join(_preparing(spec, recipe)))
    return parts


def noise_end(recipe: Recipe) -> list[str]:
    """The lines at the beginning of an epoch of `main`, numbered from 1, that end the noise."""
    if not _noise_ends(recipe):
        return []
    return [
        f"        if (epoch - 1) / options.epochs >= {round(90 * COLOUR_END_2012)} / 90:",
        "            end_noise(train)",
    ]


def _noise_ends(recipe: Recipe) -> bool:
    return recipe.schedule == "2012" and recipe.colour_pca > 0


def _preparing(spec: Spec, recipe: Recipe) -> list[str]:
    testing = (
        "    val.dataset.transform = train.dataset.transform"
        if recipe.augment_validation
        else _composed(transforms.testing(spec, recipe), "    val.dataset.transform")
    )
    return [
        *_measured(recipe),
        _composed(transforms.training(spec, recipe), "    train.dataset.transform"),
        testing,
    ]


def _measured(recipe: Recipe) -> list[str]:
    if not _measures(recipe):
        return []
    mean_std = "mean, std" if recipe.statistics == "folder" else "_, _"
    return [f"    {mean_std}, {'principal' if recipe.colour_pca else '_'} = colours(train)"]


def _measures(recipe: Recipe) -> bool:
    return recipe.statistics == "folder" or recipe.colour_pca > 0


def _composed(steps: list[str], target: str) -> str:
    indent = target[: len(target) - len(target.lstrip())]
    lines = [
        f"{target} = transforms.Compose(",
        f"{indent}    [",
        *(f"{indent}        {one}," for one in steps),
    ]
    return "\n".join([*lines, f"{indent}    ]", f"{indent})"])
