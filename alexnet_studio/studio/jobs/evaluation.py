"""Work of the Evaluation panel: reading what a run has kept, evaluating it anew, and looking at ten views."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from alexnet_studio.ground.errors import BadInput, StudioError
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.state.evaluation import EvaluationSeen, TenSeen

if TYPE_CHECKING:
    from alexnet_studio.runs.evaluations import EvaluationFile
    from alexnet_studio.runs.folder import RunFolder
    from alexnet_studio.studio.jobs.insight import Shelf


def read_kept(path: Path, root: str) -> Work:
    """The newest evaluation that the run has kept and that can be read; `root` is the folder on the screen."""
    from alexnet_studio.runs import evaluations
    from alexnet_studio.runs import folder as runs

    run = runs.open(path)
    yield None
    for kept in evaluations.kept(run.path):
        try:
            file = evaluations.read(kept)
        except StudioError:
            continue  # the next older one; a new evaluation takes its place
        yield _seen(run, file, root)
        return


def evaluate(
    path: Path, folder: Path | None, views: Literal["center", "ten"], root: str, *, test: bool
) -> Work:
    """With the run's best weights; kept in its folder where that can be written.

    Raises `BadInput` ("no_test_images", and what `evaluate_runs` raises).
    """
    from alexnet_studio.insight.evaluate_run import RunEvaluation, evaluate_runs
    from alexnet_studio.runs import evaluations
    from alexnet_studio.runs import folder as runs

    run = runs.open(path)
    if test and folder is not None and not any((folder / name).is_dir() for name in ("test", "Test", "TEST")):
        raise BadInput(
            "no_test_images",
            "{folder} has no test/ beside its training images. Make one, or evaluate another folder.",
            folder=str(folder),
        )
    yield None
    for event in evaluate_runs([path], folder=folder, views=views):
        if not isinstance(event, RunEvaluation):
            yield event
            continue
        notes = list(event.notes)
        try:
            evaluations.write(run.path, event.file)
        except StudioError as error:
            notes.append(error.sentence)
        yield _seen(run, event.file, root, " ".join(notes))


def ten_views(shelf: Shelf, path: Path, root: Path, image: str) -> Work:
    """Raises `BadInput` ("image_unreadable")."""
    from alexnet_studio.images import decode, prepare
    from alexnet_studio.insight.predict import ten_views as answers
    from alexnet_studio.insight.views import TEN, ten
    from alexnet_studio.runs import folder as runs

    loaded = shelf.network(runs.open(path))
    yield None
    pixels = decode.read(root / image, loaded.record.channels).pixels
    answer = answers(loaded, root / image, pixels)
    crops = ten(prepare.fit(pixels, loaded.record), loaded.record.size)
    yield TenSeen(image, tuple(crops), TEN, tuple(view.top for view in answer.views), answer.top)


def _seen(run: RunFolder, file: EvaluationFile, root: str, note: str = "") -> EvaluationSeen:
    from alexnet_studio.insight import calibration, per_class

    right = file.guesses == file.labels
    _, covered, accuracy = calibration.coverage_curve(file.sureness, right)
    own = root == file.root or (bool(root) and Path(root).resolve() == Path(file.root).resolve())
    keys = file.paths if own else tuple(str(Path(file.root) / path) for path in file.paths)
    return EvaluationSeen(
        run.path,
        file,
        keys,
        {key: row for row, key in enumerate(keys)},
        per_class.class_scores(file),
        per_class.confusion(file.labels, file.guesses, len(file.classes)),
        calibration.reliability(file.sureness, right),
        (covered, accuracy),
        _is_outdated(run, file.checkpoint),
        note,
    )


def _is_outdated(run: RunFolder, checkpoint: str) -> bool:
    """Whether other weights than those of `checkpoint` are the best now; without weights nothing has moved on."""
    from alexnet_studio.runs import manifest

    hashes = manifest.read(run.checkpoints)
    digest = hashes.get("best.pt") or hashes.get("last.pt") or ""
    return bool(digest) and not digest.startswith(checkpoint)
