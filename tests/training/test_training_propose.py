"""What is proposed fits the folder and the device; what is known to fail is warned of, with a remedy that cures it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from alexnet_studio.ground.device import DeviceKind
from alexnet_studio.images.folder import ImageFile, ImageFolder
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.training.propose import propose, warnings
from alexnet_studio.training.recipe import Recipe

PHOTO, THUMBNAIL = 90_000, 2_500


def _folder(images: int, classes: int = 10, size: int = THUMBNAIL) -> ImageFolder:
    files = tuple(ImageFile(f"c{i % classes}/{i}.jpg", i % classes, "train", size, 0) for i in range(images))
    return ImageFolder(Path("/photos"), "classes", tuple(f"c{i}" for i in range(classes)), files, (), ())


@pytest.mark.parametrize(
    ("images", "size", "device", "network"),
    [
        (31, PHOTO, "cpu", "mini"),
        (2_000, THUMBNAIL, "cpu", "mini"),
        (10_000, PHOTO, "cpu", "mini"),
        (2_000, PHOTO, "cuda", "mini"),
        (10_000, THUMBNAIL, "cuda", "mini"),
        (10_000, PHOTO, "cuda", "torchvision"),
        (10_000, PHOTO, "mps", "torchvision"),
    ],
)
def test_the_network_for_a_folder_and_a_device(
    images: int, size: int, device: DeviceKind, network: str
) -> None:
    folder = _folder(images, size=size)
    proposal = propose(folder, device)
    assert proposal.network == network
    assert proposal.reason.endswith(".")
    spec = catalogue.get(network, classes=10, image_size=proposal.image_size)
    assert report(spec).totals.params > 0
    assert warnings(folder, spec, proposal.recipe, device) == ()


@pytest.mark.parametrize("images", [2, 3, 14, 31, 120, 499, 500, 2_000, 20_000])
def test_an_epoch_has_steps_and_a_training_an_end(images: int) -> None:
    proposal = propose(_folder(images, classes=2), "cpu")
    learned = round(images * 0.8)
    assert proposal.recipe.batch_size <= max(1, learned / 4)
    assert 10 <= proposal.recipe.epochs <= 100


def test_few_images_are_regularised_more() -> None:
    few, many = propose(_folder(100), "cpu").recipe, propose(_folder(2_000), "cpu").recipe
    assert few.weight_decay > many.weight_decay
    assert "few" in propose(_folder(100), "cpu").reason


def _codes(images: int, network: str, device: DeviceKind = "cpu", **values: object) -> list[str]:
    spec = catalogue.get(network, classes=10)
    recipe = Recipe.model_validate(values)
    return [warning.code for warning in warnings(_folder(images), spec, recipe, device)]


def test_the_papers_initialisation_on_few_images() -> None:
    assert _codes(2_000, "paper", "cuda") == ["paper_initialisation"]
    assert _codes(2_000, "mini", initialisation="paper") == ["paper_initialisation"]
    assert _codes(2_000, "paper", "cuda", initialisation="he") == []
    assert _codes(70_000, "paper", "cuda") == []


def test_hours_on_a_cpu() -> None:
    assert _codes(20_000, "torchvision") == ["hours_on_a_cpu"]
    assert _codes(20_000, "torchvision", "cuda") == []
    assert _codes(31, "half-tower", epochs=10) == []


def test_rates_that_collapse() -> None:
    assert _codes(2_000, "mini", optimizer="adam", lr=0.01) == ["adam_rate"]
    assert _codes(2_000, "mini", optimizer="adam", lr=0.001) == []
    assert _codes(2_000, "mini", lr=0.3) == ["sgd_rate"]
    assert _codes(2_000, "mini", lr=0.1) == []


@pytest.mark.parametrize(("rare", "found"), [(20, ["imbalanced"]), (21, []), (200, [])])
def test_balancing_is_offered_where_classes_are_unequal(rare: int, found: list[str]) -> None:
    """200 images of one class and `rare` of the other, beside 3 that train nothing."""
    folder = _folder(200, classes=1)
    files = (
        *folder.images,
        *(ImageFile(f"rare/{i}.jpg", 1, "train", THUMBNAIL, 0) for i in range(rare)),
        *(ImageFile(f"test/rare/{i}.jpg", 1, "test", THUMBNAIL, 0) for i in range(3)),
    )
    folder = replace(folder, classes=("c0", "rare"), images=files)
    spec = catalogue.get("mini", classes=2)
    told = warnings(folder, spec, Recipe(), "cuda")
    assert [warning.code for warning in told] == found
    for warning in told:
        assert "c0 there are 200" in warning.sentence and f"rare {rare}" in warning.sentence
        cured = Recipe.model_validate(warning.remedy)
        assert cured.balance == "loss" and warnings(folder, spec, cured, "cuda") == ()
        assert warnings(folder, spec, Recipe(balance="sampling"), "cuda") == ()


def test_each_remedy_cures_its_warning() -> None:
    spec = catalogue.get("paper", classes=10)
    recipe = Recipe(optimizer="adam", lr=0.05, image_size=224)
    found = warnings(_folder(20_000), spec, recipe, "cpu")
    assert {warning.code for warning in found} == {"paper_initialisation", "hours_on_a_cpu", "adam_rate"}
    values: dict[str, object] = recipe.model_dump()
    for warning in found:
        values |= warning.remedy
    network = str(values.pop("network"))
    cured = Recipe.model_validate(values)
    assert (
        warnings(
            _folder(20_000), catalogue.get(network, classes=10, image_size=cured.image_size), cured, "cpu"
        )
        == ()
    )
