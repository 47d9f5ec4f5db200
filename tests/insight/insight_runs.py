"""A small finished run on a small real folder, made without training: its weights are drawn by seed."""

from __future__ import annotations

from pathlib import Path

from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.networks import catalogue, spec_file
from alexnet_studio.networks.build import build
from alexnet_studio.networks.spec import Spec
from alexnet_studio.runs import checkpoint
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.checkpoint_document import Checkpoint
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.record import DataSource, RecordedSplit, RunRecord

CLASSES = ("blue", "green", "red")
PER_CLASS = 6


def make_spec(classes: int = 3) -> Spec:
    return catalogue.get("mini", classes=classes, image_size=32, width=0.25)


def make_run(path: Path, root: Path, *, seed: int = 0, classes: tuple[str, ...] = CLASSES) -> RunFolder:
    spec = make_spec(len(classes))
    record = InputRecord(resize_to=36, size=32, mean=(0.4, 0.4, 0.4), std=(0.2, 0.2, 0.2))
    made = runs.create(
        path,
        RunRecord(
            app_version="0",
            created="2012-12-03T00:00:00+00:00",
            network=spec_file.to_json(spec),
            input=record.model_dump(mode="json"),
            recipe={},
            classes=classes,
            data=DataSource(root=str(root), fingerprint="", layout="classes"),
            split=RecordedSplit(
                train=tuple(f"{name}/{i}.png" for name in CLASSES for i in range(4)),
                val=tuple(f"{name}/{i}.png" for name in CLASSES for i in (4, 5)),
            ),
            colour={},
            seed=seed,
            device="cpu",
            precision="float32",
            threads=1,
            versions={},
        ),
    )
    save_weights(made, seed=seed)
    return made


def save_weights(run: RunFolder, *, seed: int) -> None:
    weights = build(make_spec(len(run.record.classes)), seed=seed).state_dict()
    payload = Checkpoint(
        step=7, epoch=1, batch=0, weights=dict(weights), optimizer={}, schedule={}, meters={}, best=None
    )
    checkpoint.save(run, payload, best=True)
