"""The transforms of a written training script, one expression each, in their order."""

from __future__ import annotations

from alexnet_studio.networks.spec import Spec
from alexnet_studio.training import pytorch_chunks as chunks
from alexnet_studio.training.recipe import Recipe

_SMALL = 64  # the side to measure colours at


def measuring(spec: Spec, recipe: Recipe) -> list[str]:
    """What images go through to have their colours measured."""
    return [*_grey(spec), *_fitted(recipe, _SMALL), "transforms.ToTensor()"]


def training(spec: Spec, recipe: Recipe) -> list[str]:
    """With `ColourNoise` of the colours called `principal`, where the recipe asks for noise."""
    noise = [f"ColourNoise(principal, {recipe.colour_pca!r})"] if recipe.colour_pca else []
    divided = [f"Divided({1 + recipe.colour_pca:.12g})"] if chunks.is_divided(recipe) else []
    drawn = [*_cut(spec, recipe), *_turned(recipe), "transforms.ToTensor()", *noise]
    return [*_square(spec, recipe), *drawn, *_normalisation(spec, recipe), *divided]


def _cut(spec: Spec, recipe: Recipe) -> list[str]:
    """Crop and reflection; what is drawn once for many images is in one step."""
    size = spec.image_size
    crop = f"transforms.{'RandomCrop' if recipe.crop else 'CenterCrop'}({size})"
    if recipe.resized_crop:
        crop = f"transforms.RandomResizedCrop({size})"
    mirror = ["transforms.RandomHorizontalFlip()"] if recipe.mirror else []
    if not chunks.draws_in_chunks(recipe):
        return [crop, *mirror]
    if recipe.resized_crop:  # of each image its own, also as in 2012
        return [f"OneDraw({mirror[0]})", crop]
    return [f"OneDraw({', '.join([crop, *mirror])})"]


def testing(spec: Spec, recipe: Recipe) -> list[str]:
    """The centre; normalised with `mean` and `std`, where the folder's are asked for."""
    central = [f"transforms.CenterCrop({spec.image_size})", "transforms.ToTensor()"]
    return [*_square(spec, recipe), *central, *_normalisation(spec, recipe)]


def _square(spec: Spec, recipe: Recipe) -> list[str]:
    # As `plan.unmeasured`: the paper cuts 224 from 256.
    return [*_grey(spec), *_fitted(recipe, recipe.resize_to or 2 * round(spec.image_size * 8 / 7 / 2))]


def _fitted(recipe: Recipe, side: int) -> list[str]:
    """As `images.prepare.fit`."""
    match recipe.fit:
        case "crop":
            return [f"transforms.Resize({side})", f"transforms.CenterCrop({side})"]
        case "squash":
            return [f"transforms.Resize(({side}, {side}))"]
        case "pad":
            return [f"Pad({side})"]


def _turned(recipe: Recipe) -> list[str]:
    """What the paper did not do: off unless the recipe asks for it."""
    steps: list[str] = []
    if recipe.turn:
        quarters = ", ".join(f"transforms.RandomRotation(({turn}, {turn}))" for turn in (0, 90, 180, 270))
        steps.append(f"transforms.RandomChoice([{quarters}])")
    if recipe.flip:
        steps.append("transforms.RandomVerticalFlip()")
    if recipe.brightness or recipe.contrast:
        steps.append(f"transforms.ColorJitter({recipe.brightness!r}, {recipe.contrast!r})")
    return steps


def _grey(spec: Spec) -> list[str]:
    return ["transforms.Grayscale()"] if spec.channels == 1 else []


def _normalisation(spec: Spec, recipe: Recipe) -> list[str]:
    if recipe.statistics == "folder":
        return ["transforms.Normalize(mean, std)"]
    if recipe.statistics == "none":
        return []
    if spec.channels == 1:  # the mean of the three
        return ["transforms.Normalize([0.449], [0.226])"]
    return ["transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])"]
