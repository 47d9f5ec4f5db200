"""The written script, run as a student would run it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import tiny
import torch

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.build import build
from alexnet_studio.training.pytorch_source import training_source
from alexnet_studio.training.recipe import Recipe


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(batch_size=4),
        Recipe(
            batch_size=3, optimizer="adam", lr=0.001, schedule="plateau", clip=0.0, dropout=0.1,
            statistics="imagenet", crop=False, mirror=False,
        ),
    ],
    ids=["the usual", "everything else"],
)  # fmt: skip
def test_the_script_trains_and_its_weights_are_ours(tmp_path: Path, recipe: Recipe) -> None:
    tiny.folder(tmp_path / "data", each=4, val=2)
    spec = tiny.spec()
    script = tmp_path / "network.py"
    script.write_text(training_source(spec, recipe), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "data"), "--epochs", "2"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("validation") == 2
    weights = torch.load(tmp_path / "weights.pt", weights_only=True)
    build(spec).load_state_dict(weights, strict=True)


@pytest.mark.parametrize("schedule", ["constant", "step", "plateau", "cosine"])
@pytest.mark.parametrize("name", ["paper", "original-145", "fashion", "mini"])
def test_every_schedule_and_kind_of_network_is_a_program(name: str, schedule: str) -> None:
    source = training_source(
        catalogue.get(name), Recipe.model_validate({"schedule": schedule, "statistics": "none"})
    )
    compile(source, "network.py", "exec")
    assert ("import math" in source) == (schedule == "cosine")


def test_rates_of_layers_are_groups() -> None:
    source = training_source(catalogue.get("original-145"), Recipe(lr=0.01))
    assert '"lr": 0.02' in source
    assert '"weight_decay": 0.0005' in source


def test_a_network_of_features_has_no_training() -> None:
    with pytest.raises(BadInput, match="classifier"):
        training_source(catalogue.get("tf-lrn"), Recipe())
