"""Every network of the catalogue goes the whole way: it trains, is opened again, and tells classes and features."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import tiny

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.insight.loaded import load
from alexnet_studio.insight.predict import query
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.layers import BatchNorm, Conv
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.windows import smallest_image
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.rows import Ended, Epoch
from alexnet_studio.training.trainer import Request, train


def trained(spec: Spec, tmp_path: Path, **recipe: object) -> Epoch:
    folder = tiny.folder(tmp_path / "data", each=4, val=1)
    values = tiny.recipe(epochs=1, batch_size=4, image_size=spec.image_size, **recipe)
    events = list(train(Request(folder, tmp_path / "run", spec, values)))
    assert isinstance(events[-1], Ended)
    assert events[-1].reason == "finished", events[-1].sentence
    return [event for event in events if isinstance(event, Epoch)][-1]


@pytest.mark.parametrize("name", [name for name in catalogue.names() if name != "tf-lrn"])
def test_a_network_of_the_catalogue_learns_and_answers(name: str, tmp_path: Path) -> None:
    narrow = catalogue.get(name, classes=2, width=0.1)
    spec = replace(narrow, image_size=smallest_image(narrow))
    epoch = trained(spec, tmp_path)
    loaded = load(run_folder.open(tmp_path / "run"))
    probabilities, features = query(loaded, tmp_path / "data" / "val" / "class0" / "0.png")
    assert probabilities.shape == (2,)
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert features.ndim == 1
    assert epoch.val_loss is not None


def test_a_network_that_ends_with_features_is_not_trained(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as error:
        trained(catalogue.get("tf-lrn", classes=2, image_size=63), tmp_path)
    assert error.value.code == "no_classifier"
    assert "Add a classifier" in error.value.sentence
    assert not (tmp_path / "run").exists()


def test_batch_normalisation_is_kept_with_its_statistics(tmp_path: Path) -> None:
    first, *rest = tiny.spec().layers
    assert isinstance(first, Conv)
    layers = (replace(first, activation="none"), BatchNorm("bnorm1", "relu"), *rest)
    epoch = trained(replace(tiny.spec(), layers=layers), tmp_path)
    loaded = load(run_folder.open(tmp_path / "run"))
    assert loaded.network.get_buffer("bnorm1.running_mean").abs().max() > 0
    assert epoch.val_loss is not None


def test_a_batch_of_one_is_refused_where_batches_are_normalised(tmp_path: Path) -> None:
    layers = (*tiny.spec().layers[:1], BatchNorm("bnorm1"), *tiny.spec().layers[1:])
    folder = tiny.folder(tmp_path / "data", each=5)  # 8 train, 2 validate
    with pytest.raises(BadInput) as error:
        list(
            train(
                Request(
                    folder, tmp_path / "run", replace(tiny.spec(), layers=layers), tiny.recipe(batch_size=7)
                )
            )
        )
    assert error.value.code == "batch_of_one"
