"""The written script, run as a student would run it."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import tiny
import torch
from PIL import Image

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.prepare import fit
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.build import build
from alexnet_studio.networks.layers import BatchNorm
from alexnet_studio.training.pytorch_source import training_source
from alexnet_studio.training.recipe import Recipe

SCHEDULES = get_args(Recipe.model_fields["schedule"].annotation)


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(batch_size=4),
        pytest.param(
            Recipe(
                batch_size=3, optimizer="adam", lr=0.001, schedule="plateau", clip=0.0, dropout=0.1,
                statistics="imagenet", crop=False, mirror=False,
            ),
            marks=pytest.mark.slow,
        ),
        pytest.param(
            Recipe(
                batch_size=4, fit="pad", schedule="2012", warmup_epochs=0.5, balance="loss", label_smoothing=0.1,
                early_stopping=2, augment_validation=True, as_2012=True, deterministic=True,
            ),
            marks=pytest.mark.slow,
        ),
        pytest.param(Recipe(batch_size=4, schedule="dexp", balance="sampling"), marks=pytest.mark.slow),
    ],
    ids=["the usual", "everything else", "padded and balanced", "sampled"],
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


@pytest.mark.parametrize("schedule", SCHEDULES)
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


def ran(root: Path, source: str, *options: str) -> subprocess.CompletedProcess[str]:
    """The script, as a student starts it in a folder of their own."""
    script = root / "network.py"
    script.write_text(source, encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(script), "data", *options],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("values", [{}, {"precision": "bfloat16", "colour_pca": 0.0, "schedule": "step"}])
def test_plain_class_folders_of_any_number_will_do(tmp_path: Path, values: dict[str, object]) -> None:
    tiny.folder(tmp_path / "data", classes=3, each=5)
    normalised = replace(
        tiny.spec(), layers=(*tiny.spec().layers[:-2], BatchNorm("b"), tiny.spec().layers[-1])
    )
    recipe = tiny.recipe(
        batch_size=11, workers=1, **values
    )  # of 12 images one is left, which BatchNorm cannot use
    done = ran(tmp_path, training_source(normalised, recipe), "--epochs", "1", "--weights", "mine.pt")
    assert done.returncode == 0, done.stderr
    weights = torch.load(tmp_path / "mine.pt", weights_only=True)
    build(replace(normalised, classes=3)).load_state_dict(weights, strict=True)


@pytest.mark.slow
def test_grey_images_and_a_network_that_learns(tmp_path: Path) -> None:
    tiny.folder(tmp_path / "data", each=8)
    spec = replace(tiny.spec(), channels=1)
    done = ran(
        tmp_path, training_source(spec, tiny.recipe(statistics="folder", colour_pca=0.0)), "--epochs", "8"
    )
    assert done.returncode == 0, done.stderr
    assert "top-1 100.0%" in done.stdout.splitlines()[-1]


def test_other_classes_in_val_are_refused(tmp_path: Path) -> None:
    tiny.folder(tmp_path / "data", each=3, val=1)
    (tmp_path / "data/val/class1").rename(tmp_path / "data/val/class9")
    with pytest.raises(SystemExit, match="same classes"):  # which Python prints, without a traceback
        executed(training_source(tiny.spec(), tiny.recipe()))["open_images"](tmp_path / "data")


def test_every_parameter_is_in_one_group_and_only_weights_decay() -> None:
    spec = catalogue.get("original-145", width=0.1)
    space = executed(training_source(spec, Recipe(lr=0.01, weight_decay=0.001)))
    network = space["Network"]()
    groups = space["optimiser"](network).param_groups
    assert sum(len(group["params"]) for group in groups) == len(list(network.parameters()))
    for group in groups:
        for parameter in group["params"]:
            weight = parameter.ndim > 1
            assert (group["weight_decay"], group["lr"]) == ((0.001, 0.01) if weight else (0.0, 0.02))


def test_what_it_does_otherwise_stands_in_its_first_lines() -> None:
    source = training_source(catalogue.get("paper"), Recipe(device="cuda:0,cuda:1"))
    words = " ".join((ast.get_docstring(ast.parse(source)) or "").split())
    assert "trains it on cuda:0 and cuda:1, a tower on each; this script takes the first of them." in words
    assert 'torch.device("cuda:0")' in source
    assert "this script takes" not in training_source(catalogue.get("paper"), Recipe(device="cuda:1"))


def test_the_recipes_dropout_and_first_weights_are_written() -> None:
    source = training_source(catalogue.get("paper"), Recipe(dropout=0.3, initialisation="he"))
    assert "nn.Dropout(0.3)" in source and "nn.Dropout(0.5)" not in source
    assert "kaiming_normal_" in source and "std=0.01)" not in source


@pytest.mark.parametrize(
    "title", ["y" * 76 + " import torch " + "z" * 80, 'x"""\nimport os\n"""', "a\0b\ud800", "\\"]
)
def test_a_title_changes_nothing_but_words(title: str) -> None:
    spec, recipe = tiny.spec(), Recipe()
    written = ast.parse(training_source(replace(spec, title=title, notes=title), recipe).encode())
    usual = ast.parse(training_source(spec, recipe))
    assert [ast.dump(part) for part in written.body[1:]] == [ast.dump(part) for part in usual.body[1:]]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"schedule": "step", "precision": "float16", "device": "cuda", "clip": 0},
        {"schedule": "plateau", "precision": "float16", "statistics": "none", "optimizer": "adam"},
        {"schedule": "constant", "statistics": "imagenet", "colour_pca": 0, "precision": "bfloat16"},
        {"fit": "pad"},
        {"schedule": "2012", "balance": "loss", "label_smoothing": 0.1, "early_stopping": 100_000},
        {"schedule": "2012", "warmup_epochs": 123.456, "balance": "loss", "precision": "float16"},
        {"schedule": "dexp", "warmup_epochs": 0.1, "balance": "sampling", "augment_validation": True},
        {"schedule": "plateau", "warmup_epochs": 123.456, "balance": "loss"},
        {"schedule": "constant", "warmup_epochs": 2, "balance": "sampling", "batch_size": 65_536},
        {"schedule": "step", "warmup_epochs": 2, "label_smoothing": 0.1234567890123},
        {"as_2012": True, "schedule": "2012", "folds": 1000, "fold": 1000, "device": "cuda:0,cuda:1"},
        {"as_2012": True, "resized_crop": True, "augment_validation": True, "balance": "sampling"},
        {"as_2012": True, "crop": False, "mirror": False, "group_by": "^(\"?'?\\d+)-\n"},
        {"val_fraction": 0.123456789, "groups": "../tr'ays.csv", "deterministic": True},
    ],
)
@pytest.mark.parametrize("name", ["paper", "original-145", "lenet", "tf-slim-v2"])
def test_it_is_laid_out_as_a_formatter_would(name: str, values: dict[str, object]) -> None:
    source = training_source(catalogue.get(name), Recipe.model_validate(values))
    for arguments in (["format", "--check"], ["check", "--select", "E,F,W,I"]):
        command = [sys.executable, "-m", "ruff", *arguments, "--isolated", "--line-length", "100", "-"]
        done = subprocess.run(command, input=source, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}{source}"


def test_it_pads_as_we_do() -> None:
    image = Image.effect_noise((37, 90), 80).convert("RGB")
    record = InputRecord(resize_to=48, size=40, fit="pad", mean=(0, 0, 0), std=(1, 1, 1))
    padded = executed(training_source(tiny.spec(), tiny.recipe(fit="pad")))["Pad"](48)(image)
    np.testing.assert_array_equal(np.asarray(padded), fit(np.asarray(image), record))


def executed(source: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(source, "written.py", "exec"), space)
    return space
