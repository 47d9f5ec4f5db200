"""What the written script does to the weights, step by step, beside what we do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import Any, get_args

import pytest
import tiny
import torch

from alexnet_studio.ground import device as devices
from alexnet_studio.images.loader import Batch
from alexnet_studio.networks.build import build
from alexnet_studio.networks.layers import BatchNorm, Conv, Dense
from alexnet_studio.networks.spec import Spec
from alexnet_studio.training import optimiser
from alexnet_studio.training.learner import Learner
from alexnet_studio.training.objective import balanced_weights
from alexnet_studio.training.pytorch_source import training_source
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.schedule import Plateau, colour_noise, layer_factor, learning_rate

SCHEDULES = get_args(Recipe.model_fields["schedule"].annotation)
EPOCH = 7  # steps
CHANCE: Any = torch.random


def _spec() -> Spec:
    """Tiny, with rates of its own and a normalisation."""
    layers = [
        replace(layer, rate=0.5, bias_rate=2.0) if isinstance(layer, Conv) else layer
        for layer in tiny.spec().layers
    ]
    place = next(i for i, layer in enumerate(layers) if isinstance(layer, Dense))
    return replace(tiny.spec(), layers=(*layers[:place], BatchNorm("norm"), *layers[place:]))


def _executed(source: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(source, "written.py", "exec"), space)
    return space


def _made(source: str, space: dict[str, Any], epochs: int) -> dict[str, Any]:
    """The script's network, optimiser and schedules, from the very lines of its `main`."""
    lines = source.split("    optimizer = optimiser(network)\n")[1].split("    best = None\n")[0]
    network = space["Network"]()
    own: dict[str, Any] = {
        "network": network,
        "optimizer": space["optimiser"](network),
        "options": SimpleNamespace(epochs=epochs),
        "train_batches": range(EPOCH),
    }
    exec(dedent(lines), space, own)
    return own


def _rates(network: Any, optimizer: Any) -> dict[str, float]:
    names = {parameter: name for name, parameter in network.named_parameters()}
    return {names[one]: group["lr"] for group in optimizer.param_groups for one in group["params"]}


@pytest.mark.parametrize(("schedule", "stairs"), [*((one, 4) for one in SCHEDULES), ("dexp", 1)])
@pytest.mark.parametrize("warmup", [0.0, 2.0, 1.3, 0.05])
def test_the_rate_of_every_parameter_at_every_step_is_ours(schedule: str, stairs: int, warmup: float) -> None:
    recipe = tiny.recipe(epochs=18, schedule=schedule, lr=0.02, warmup_epochs=warmup, dexp_steps=stairs)
    source, total = training_source(_spec(), recipe), 18 * EPOCH
    written = _made(source, _executed(source), 18)
    ours = build(_spec(), seed=1)
    our_optimizer = optimiser.build(ours, recipe, "cpu")
    plateau, rates = Plateau(), set[float]()
    for step in range(total):
        share = step / total

        def factor(layer: str, bias: bool, share: float = share) -> float:
            return layer_factor(recipe, share, first=layer == "conv1", bias=bias)

        optimiser.set_rates(our_optimizer, learning_rate(recipe, step, total, plateau), factor)
        wanted = _rates(ours, our_optimizer)
        assert _rates(written["network"], written["optimizer"]) == pytest.approx(wanted, rel=1e-9, abs=0)
        rates.add(wanted["fc4.weight"])
        written["optimizer"].step()
        stepped = "rising" if schedule == "plateau" else "schedule"
        if stepped in written:
            written[stepped].step()
        if schedule == "plateau" and step % EPOCH == EPOCH - 1:
            written["schedule"].step(1.0)
            plateau = plateau.after(1.0)
    moves = schedule != "constant" and stairs > 1
    assert (len(rates) > 1) == (moves or warmup * EPOCH > 1)


@pytest.mark.parametrize(
    "values",
    [
        {"schedule": "2012", "clip": 0.05},
        {"schedule": "2012", "clip": 0.05, "optimizer": "adam", "warmup_epochs": 1.5},
        {"balance": "loss", "label_smoothing": 0.2, "schedule": "dexp"},
        {"balance": "loss", "clip": 0.0},
        {"label_smoothing": 0.1, "schedule": "constant", "warmup_epochs": 1.0},
    ],
    ids=lambda values: "-".join(map(str, values.values())),
)
def test_its_updates_and_the_loss_it_prints_are_ours(values: dict[str, object]) -> None:
    """From the same weights and batches; a clip so small that it counts whether what is frozen has a part in it."""
    recipe = tiny.recipe(epochs=10, **values)
    drawn = torch.Generator().manual_seed(3)
    batches = [
        Batch(torch.randn(4, 3, tiny.SIDE, tiny.SIDE, generator=drawn), torch.tensor([0, 0, 0, i % 2]), ())
        for i in range(EPOCH)
    ]
    weights = balanced_weights([int(label) for batch in batches for label in batch.labels], 2)
    ours = Learner(
        tiny.spec(), recipe, devices.resolve("cpu", "float32"), k=1, steps_per_epoch=EPOCH,
        class_weights=weights if recipe.balance == "loss" else None,
    )  # fmt: skip
    source = training_source(tiny.spec(), recipe)
    space = _executed(source)
    written = _made(source, space, 10)
    written["network"].load_state_dict(ours.network.state_dict())
    named = {"class_weights": torch.tensor(weights), "device": torch.device("cpu")}
    parameters = space["learn"].__annotations__.keys() - {"return", "network", "batches", "optimizer"}
    options = {name: named[name] if name in named else written[name] for name in parameters}
    for _ in range(10):
        for batch in batches:
            ours.learn(batch)
        loss, top1 = space["learn"](
            written["network"], [(one.images, one.labels) for one in batches], written["optimizer"], **options
        )
        read = ours.meters.epoch()
        assert (loss, top1) == pytest.approx((read.loss, read.top1), rel=1e-4)
        ours.finish_epoch(read.loss)
        for name, value in ours.network.state_dict().items():
            torch.testing.assert_close(written["network"].state_dict()[name], value, rtol=1e-3, atol=1e-5)


def _subset(labels: Sequence[int]) -> Any:
    """A part of a larger data set, as `open_images` gives it: every second image."""
    targets = [label for one in labels for label in (one, 0)]
    part = SimpleNamespace(dataset=SimpleNamespace(targets=targets), indices=range(0, len(targets), 2))
    return torch.utils.data.Subset(part.dataset, part.indices)


def test_its_class_weights_are_ours() -> None:
    labels = [0] * 60 + [1] * 3 + [2] * 20
    found = _executed(training_source(tiny.spec(3), tiny.recipe(balance="loss")))["balanced_weights"](
        _subset(labels)
    )
    assert found.tolist() == pytest.approx(balanced_weights(labels, 3))


def test_its_order_draws_classes_alike() -> None:
    labels = [0] * 900 + [1] * 60 + [2] * 40
    source = training_source(tiny.spec(3), tiny.recipe(balance="sampling"))
    assert "sampler=balanced_order(train)" in source and "shuffle" not in source
    order = _executed(source)["balanced_order"](_subset(labels))
    with CHANCE.fork_rng():
        CHANCE.manual_seed(1)
        drawn = Counter(labels[int(i)] for i in order)
    assert drawn.total() == 1000
    assert all(abs(count - 1000 / 3) < 60 for count in drawn.values())  # four deviations


def _run(space: dict[str, Any], root: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setattr("sys.argv", ["network.py", "data", *options])
    with CHANCE.fork_rng():
        space["main"]()


@pytest.mark.parametrize(
    ("values", "epochs"),
    [
        ({"lr": 1e-12, "early_stopping": 2}, 3),
        ({"lr": 1e-12, "early_stopping": 2, "balance": "sampling", "schedule": "plateau"}, 3),
        ({"lr": 1e-12}, 6),
        ({"lr": 1e-12, "early_stopping": 6}, 6),
    ],
)
def test_it_stops_when_nothing_gets_better(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    values: dict[str, object],
    epochs: int,
) -> None:
    """At a rate that changes no float, the first epoch stays the best."""
    tiny.folder(tmp_path / "data", each=5)
    space = _executed(training_source(tiny.spec(), tiny.recipe(**values)))
    _run(space, tmp_path, monkeypatch, "--epochs", "6")
    told = capsys.readouterr().out
    assert told.count("validation") == epochs
    assert ("Stopped early: none was better than epoch 1 for 2 epochs." in told) == (epochs == 3)


@pytest.mark.parametrize(
    "values",
    [
        {"schedule": "2012", "balance": "loss", "label_smoothing": 0.1, "warmup_epochs": 0.5},
        {"schedule": "plateau", "balance": "sampling", "warmup_epochs": 1.5, "augment_validation": True},
        {"schedule": "dexp", "precision": "bfloat16", "label_smoothing": 0.1, "early_stopping": 12},
        {"schedule": "2012", "fit": "pad", "as_2012": True, "workers": 1, "batch_size": 2},
    ],
)
def test_it_learns_unequal_classes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    values: dict[str, object],
) -> None:
    tiny.folder(tmp_path / "data", each=12)
    for path in sorted((tmp_path / "data/class1").iterdir())[4:]:
        path.unlink()
    recipe = tiny.recipe(epochs=12, colour_pca=0.1, initialisation="he", **values)
    space, ended = _executed(training_source(tiny.spec(), recipe)), list[int]()
    if recipe.schedule == "2012":
        end_noise = space["end_noise"]

        def counted(train: object) -> None:
            ended.append(1)
            end_noise(train)

        space["end_noise"] = counted
    _run(space, tmp_path, monkeypatch)
    assert "top-1 100.0%" in capsys.readouterr().out.splitlines()[-1]
    assert len(ended) == sum(colour_noise(recipe, epoch) == 0 for epoch in range(12))


def test_noise_ends_and_validation_is_augmented_where_asked(tmp_path: Path) -> None:
    tiny.folder(tmp_path / "data", each=5)
    recipe = tiny.recipe(schedule="2012", augment_validation=True, crop=False, mirror=False, colour_pca=2.0)
    space = _executed(training_source(tiny.spec(), recipe))
    with CHANCE.fork_rng():
        train, val = space["open_images"](tmp_path / "data")
        space["prepare"](train, val)
        for part in (train, val):
            assert not torch.equal(part[0][0], part[0][0])
        space["end_noise"](train)
        for part in (train, val):
            assert torch.equal(part[0][0], part[0][0])


def test_what_a_recipe_does_not_ask_for_is_not_written() -> None:
    source = training_source(tiny.spec(), Recipe())
    for word in ("warm", "weights(train", "Sampler", "smoothing", "best_epoch", "noise(", "requires_grad_"):
        assert word not in source
