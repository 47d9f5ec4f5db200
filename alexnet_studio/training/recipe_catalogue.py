"""Recipes by name: the paper's, those of the 2012 run diaries, and those that are passed around, slips included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class NamedRecipe:
    """`values` are the fields that differ from the recipe's own defaults; `notes` what its readers should know."""

    name: str
    title: str
    network: str
    source: str
    values: Mapping[str, object]
    notes: str

    def recipe(self) -> Recipe:
        return Recipe.model_validate(dict(self.values))


def names() -> tuple[str, ...]:
    return tuple(_catalogue())


def everyone() -> tuple[NamedRecipe, ...]:
    return tuple(_catalogue().values())


def get(name: str) -> NamedRecipe:
    """Raises `BadInput` ("unknown_recipe")."""
    found = _catalogue().get(name)
    if found is None:
        raise BadInput(
            "unknown_recipe",
            "There is no recipe called {name}. Choose one of: {names}.",
            name=name,
            names=", ".join(names()),
        )
    return found


# What none of the passed-around scripts does.
_PLAIN: dict[str, object] = {
    "schedule": "constant",
    "clip": 0.0,
    "colour_pca": 0.0,
    "crop": False,
    "mirror": False,
}
_PAPER: dict[str, object] = {
    "epochs": 90,
    "batch_size": 128,
    "lr": 0.01,
    "momentum": 0.9,
    "weight_decay": 5e-4,
    "schedule": "plateau",
    "clip": 0.0,
    "colour_pca": 0.1,
    "resize_to": 256,
}


@cache
def _catalogue() -> Mapping[str, NamedRecipe]:
    found = (
        NamedRecipe(
            "paper",
            "The paper's recipe",
            "paper",
            "section 5",
            _PAPER,
            "The rate falls to a tenth when the validation loss has stopped improving; the paper did so by hand, "
            "three times. It subtracts each pixel's mean and divides by nothing: here the folder's mean and "
            "deviation of each channel are used, which the first layer's rate has to be seen with.",
        ),
        NamedRecipe(
            "2012",
            "The run behind the paper's Table 2",
            "original-145",
            "layer-params-145.cfg and its run diary",
            {**_PAPER, "schedule": "2012", "as_2012": True},
            "Cut by hand after epochs 25, 51 and 79 of 90, scaled to any number; biases learn at twice the rate and "
            "are never annealed; conv1 is cut once more after 67 and frozen after 72; the colour noise ends after 67. "
            "One crop and reflection for 32 images, noisy images divided by 1.1. None of this is in the paper.",
        ),
        NamedRecipe(
            "2012-dexp",
            "The same without hands",
            "original-145",
            "layer-params-169.cfg, layer-params-170.cfg",
            {**_PAPER, "schedule": "dexp", "dexp_fall": 250.0, "dexp_steps": 4, "as_2012": True},
            "Four stairs down to 1/250: as good as cutting by hand, say the diaries (0.406 and 0.405 top-1 error). "
            "There the biases were annealed by 10 in 2 stairs; here they fall with the weights.",
        ),
        NamedRecipe(
            "tutorial",
            "The short script of many tutorials",
            "one-tower",
            "a page of notes on the paper: SGD at 0.001, batches of 4, central crops",
            {
                **_PLAIN,
                "epochs": 90,
                "batch_size": 4,
                "lr": 0.001,
                "weight_decay": 0.0,
                "resize_to": 256,
                "statistics": "imagenet",
            },
            "Slip: training sees the central crop only, so that the network learns its images by heart; the rate "
            "never falls, and nothing decays.",
        ),
        NamedRecipe(
            "fashion",
            "FashionMNIST at 224 pixels",
            "fashion",
            "a page on FashionMNIST: Adam at 0.001, batches of 128",
            {
                **_PLAIN,
                "epochs": 3,
                "batch_size": 128,
                "optimizer": "adam",
                "lr": 0.001,
                "weight_decay": 0.0,
                "fit": "squash",
                "resize_to": 224,
                "statistics": "none",
            },
            "Its first attempt, Adam at 0.01 with batches of 32, collapses: the loss becomes ln 10 = 2.303, all "
            "answers are one class, which the page calls overfitting. Slips: it tests with dropout on, and divides by "
            "79 x 128 images where there are 10,000.",
        ),
        NamedRecipe(
            "photos",
            "A few photos, stretched crops",
            "half-tower",
            "a page on 31 metallographic photos: SGD at 0.1, batches of 2, RandomResizedCrop",
            {
                **_PLAIN,
                "epochs": 2,
                "batch_size": 2,
                "lr": 0.1,
                "weight_decay": 1e-4,
                "resized_crop": True,
                "mirror": True,
                "resize_to": 256,
                "statistics": "imagenet",
                "augment_validation": True,
            },
            "Slip: validation images are cropped at random, too, so that its accuracy is one draw of many. A rate of "
            "0.1 for batches of 2 rarely learns: try 0.001. Crops are taken from images brought to 256 first.",
        ),
        NamedRecipe(
            "torchvision",
            "torchvision's reference recipe",
            "torchvision",
            "torchvision's references/classification for alexnet",
            {
                **_PLAIN,
                "epochs": 90,
                "batch_size": 32,
                "lr": 0.01,
                "weight_decay": 1e-4,
                "schedule": "step",
                "resized_crop": True,
                "mirror": True,
                "resize_to": 256,
                "statistics": "imagenet",
            },
            "There the rate falls to a tenth after every 30 of 90 epochs; here after 30, 60 and 75. Batches are of 32 "
            "images on each of 8 devices. Weights and biases decay there, here only weights.",
        ),
        NamedRecipe(
            "tf-slim",
            "TF-slim's alexnet_v2",
            "tf-slim-v2",
            "TF-slim's scope for alexnet_v2: an L2 penalty of 0.0005; the rest as the paper",
            {**_PAPER, "colour_pca": 0.0},
            "The scope says nothing of rates and batches, which are the paper's here.",
        ),
    )
    return MappingProxyType({one.name: one for one in found})
