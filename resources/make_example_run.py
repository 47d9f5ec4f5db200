"""Make `resources/example-run`, the finished run that the first page opens: at most 8 MB, with its weights.

    .venv/bin/python resources/make_example_run.py

It is trained like the demo, on the sample of drawings, and then kept small: a film of a few dozen frames, the
features of some training images of each class, answered validation images, what it answered after each epoch, and the
best weights without the optimiser's state.
"""

import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from alexnet_studio.ground import device, places
from alexnet_studio.images import folder as folders
from alexnet_studio.images import samples
from alexnet_studio.insight import evaluate_run, features, kept_queries, loaded
from alexnet_studio.networks import spec_file
from alexnet_studio.runs import checkpoint, evaluations
from alexnet_studio.runs import features as feature_files
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.feature_draft import Draft
from alexnet_studio.runs.features import FeatureFile
from alexnet_studio.runs.film import Film
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.rows import Epoch
from alexnet_studio.training.demonstration import demonstration
from alexnet_studio.training.trainer import Request, train

LAYER = "fc7"
FRAMES = 60
KEPT_PER_CLASS = 16
QUERIES_PER_CLASS = 2
LARGEST = 8 << 20


def main() -> None:
    target = places.resources() / "example-run"
    with tempfile.TemporaryDirectory() as temporary:
        images = Path(temporary) / "drawings"
        whole = trained(images, Path(temporary) / "run")
        shutil.rmtree(target, ignore_errors=True)
        example = shortened(whole, target)
        index(whole, example)
        answer(example, images)
        evaluate(whole, example)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    say(f"{target}: {size / 2**20:.1f} MB")
    if size > LARGEST:
        raise SystemExit("That is more than 8 MB.")


def trained(images: Path, path: Path) -> RunFolder:
    *_, _ = samples.write("drawings", images)
    *_, found = folders.scan(images)
    assert isinstance(found, folders.ImageFolder)
    proposal = demonstration(found, device.resolve().kind)
    spec = spec_file.resolve(proposal.network, classes=len(found.classes), image_size=proposal.image_size)
    for event in train(Request(found, path, spec, proposal.recipe)):
        if isinstance(event, Epoch):
            say(f"epoch {event.epoch}: validation top-1 {event.val_top1:.3f}")
    run = runs.open(path)
    *_, _ = features.embed(loaded.load(run), run)
    return run


def shortened(whole: RunFolder, target: Path) -> RunFolder:
    """The run without what only a resumed training needs, and without this machine's paths."""
    record = whole.record.model_copy(
        update={
            "data": whole.record.data.model_copy(update={"root": "drawings"}),
            "note": "The run that comes with AlexNet Studio, trained on its sample of drawings.",
        }
    )
    example = runs.create(target, record)
    shutil.copy(whole.metrics, example.metrics)
    shutil.copytree(whole.answers, example.answers)
    film, short = Film(whole.kernels), Film(example.kernels)
    frames = film.frames
    # Kernels form early and settle late: more frames at the beginning.
    for kept in np.unique((np.linspace(0, 1, FRAMES) ** 2 * (len(frames) - 1)).astype(int)):
        number = int(kept)
        short.append(frames[number].step, frames[number].epoch, film.read(number))
    checkpoint.save(example, replace(checkpoint.load(whole, "best"), optimizer={}), best=True)
    for path in example.checkpoints.glob("*.pt"):
        if path.name != "best.pt":
            path.unlink()
    return example


def index(whole: RunFolder, example: RunFolder) -> None:
    """The features of the first images of each class."""
    file = feature_files.read(whole.features, LAYER)
    rows = first_of_each_class(file)
    with Draft(example.features, LAYER, images=len(rows), dimensions=file.features.shape[1]) as draft:
        draft.features[:] = file.features[rows]
        draft.thumbnails[:] = file.thumbnails[rows]
        draft.finish(
            paths=[file.paths[row] for row in rows],
            classes=[file.classes[row] for row in rows],
            checkpoint=loaded.load(example).checkpoint_id,
            source="drawings",
        )


def first_of_each_class(file: FeatureFile) -> list[int]:
    seen: Counter[str] = Counter()
    rows: list[int] = []
    for row, name in enumerate(file.classes):
        seen[name] += 1
        if seen[name] <= KEPT_PER_CLASS:
            rows.append(row)
    return rows


def answer(example: RunFolder, images: Path) -> None:
    """Validation images with their answers, so that their neighbours show without torch."""
    seen: Counter[str] = Counter()
    chosen: list[tuple[str, str]] = []
    for path in example.record.split.val:
        name = Path(path).parts[0]
        seen[name] += 1
        if seen[name] <= QUERIES_PER_CLASS:
            chosen.append((path, name))
    *_, _ = kept_queries.keep(loaded.load(example), example, images, chosen)


def evaluate(whole: RunFolder, example: RunFolder) -> None:
    """What it answered on its validation images."""
    *_, found = evaluate_run.evaluate_runs([whole.path])
    assert isinstance(found, evaluate_run.RunEvaluation)
    kept = replace(found.file, root="drawings", checkpoint=loaded.load(example).checkpoint_id)
    evaluations.write(example.path, kept)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
