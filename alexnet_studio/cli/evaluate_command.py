"""`evaluate`: how well runs do on labelled images, and what they take for what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from alexnet_studio.cli import class_numbers, output, past_epoch, pictures
from alexnet_studio.cli.class_numbers import percent
from alexnet_studio.cli.interruption import result
from alexnet_studio.ground.errors import BadInput, StudioError

if TYPE_CHECKING:
    from alexnet_studio.insight.evaluate_run import RunEvaluation
    from alexnet_studio.runs.evaluations import EvaluationFile


def evaluate(
    members: Annotated[
        list[Path], Parameter(name="RUN", help="one run, or several whose probabilities are averaged")
    ],
    /,
    *,
    folder: Annotated[
        Path | None,
        Parameter(help="class folders with the run's class names; default: its validation images"),
    ] = None,
    views: Annotated[
        Literal["center", "ten"],
        Parameter(help="ten: four corners, the centre, and their mirrors, averaged (section 4.1)"),
    ] = "center",
    ensemble: Annotated[
        bool,
        Parameter(negative="", help="let each run count as is best for the validation images, as in 2012"),
    ] = False,
    per_class: Annotated[
        bool, Parameter(negative="", help="accuracy, precision, recall and F1 of each class")
    ] = False,
    mistakes: Annotated[
        int, Parameter(help="list so many mistakes, those that the network was surest of first")
    ] = 0,
    confusion: Annotated[
        Path | None, Parameter(help="the confusion matrix: .png, .svg or .pdf, or .csv for its counts")
    ] = None,
    calibration: Annotated[
        Path | None,
        Parameter(help="is it right as often as it is sure? A diagram: .png, .svg or .pdf"),
    ] = None,
    threshold: Annotated[
        float | None,
        Parameter(help="of the images with at least this probability: how many they are, how many are right"),
    ] = None,
    epoch: Annotated[
        int | None,
        Parameter(help="as it was then on its validation images, from the answers that the run kept"),
    ] = None,
    checkpoint: output.CheckpointFlag = "best",
    json: output.JsonFlag = False,
) -> None:
    """Measure a run's error on images that it was not trained on. One run's answers are kept in its folder."""
    if epoch is not None:
        refused = {
            "--folder": folder is not None,
            "--views ten": views == "ten",
            "--ensemble": ensemble,
            "--mistakes": mistakes > 0,
            "--calibration": calibration is not None,
            "--threshold": threshold is not None,
            "--checkpoint last": checkpoint == "last",
            "a second run": len(members) > 1,
        }
        past_epoch.refuse(refused)
        past_epoch.evaluate(members[0], epoch, per_class=per_class, confusion=confusion, json=json)
        return
    from alexnet_studio.cli.loading import left_out
    from alexnet_studio.insight.calibration import require_share
    from alexnet_studio.insight.evaluate_run import evaluate_runs

    if threshold is not None:
        require_share(threshold)
    if mistakes < 0:
        raise BadInput("mistakes_negative", "--mistakes is a number of mistakes to list. Give 0 or more.")
    with output.progress_bar() as bar:
        job = evaluate_runs(members, folder=folder, views=views, checkpoint=checkpoint, weigh=ensemble)
        measured = result(job, bar)
    for sentence in measured.notes:
        output.note(sentence)
    left_out(measured.left_out)
    if len(members) == 1:
        _keep(members[0], measured.file)
    more = _more(measured, per_class=per_class, mistakes=mistakes, threshold=threshold, ensemble=ensemble)
    if confusion is not None:
        _save_confusion(measured.file, confusion)
        more["confusion"] = str(confusion)
    if calibration is not None:
        pictures.save(pictures.calibration_figure(measured.file, _title(measured.file)), calibration)
        more |= {"calibration_error": _calibration_error(measured.file), "calibration": str(calibration)}
    if json:
        output.document({**measured.as_json(), **more})
    else:
        _print(measured, more)


def _keep(run: Path, file: EvaluationFile) -> None:
    """A run that may only be read has been evaluated all the same."""
    from alexnet_studio.runs import evaluations
    from alexnet_studio.runs import folder as runs

    try:
        evaluations.write(runs.open(run).path, file)
    except StudioError as error:
        output.note(f"The answers were not kept: {error.sentence}")


def _more(
    measured: RunEvaluation, *, per_class: bool, mistakes: int, threshold: float | None, ensemble: bool
) -> dict[str, Any]:
    """What was asked for beyond the document that is always given."""
    from alexnet_studio.insight import calibration
    from alexnet_studio.insight import per_class as classes

    file = measured.file
    more: dict[str, Any] = {}
    if ensemble:
        more["weights"] = list(measured.weights)
    if per_class:
        scores = classes.class_scores(file)
        more["balanced_accuracy"] = classes.balanced(scores)
        more["classes"] = class_numbers.listed(scores, file.classes)
    if mistakes:
        more["mistakes"] = [_mistake(file, int(row)) for row in classes.mistakes(file)[:mistakes]]
    if threshold is not None:
        covered = calibration.coverage(file.sureness, file.guesses == file.labels, threshold)
        more |= {"threshold": threshold, "coverage": covered.share, "coverage_accuracy": covered.right}
    return more


def _mistake(file: EvaluationFile, row: int) -> dict[str, Any]:
    guess = int(file.guesses[row])
    return {
        "image": str(Path(file.root) / file.paths[row]),
        "class": file.classes[file.labels[row]],
        "taken_for": file.classes[guess] if guess >= 0 else None,
        "probability": float(file.sureness[row]),
    }


def _calibration_error(file: EvaluationFile) -> float:
    from alexnet_studio.insight.calibration import calibration_error, reliability

    return calibration_error(reliability(file.sureness, file.guesses == file.labels))


def _save_confusion(file: EvaluationFile, target: Path) -> None:
    from alexnet_studio.insight.per_class import confusion

    cells = confusion(file.labels, file.guesses, len(file.classes))
    class_numbers.save_confusion(cells, file.classes, target, _title(file))


def _title(file: EvaluationFile) -> str:
    return f"{len(file.paths):,} images · {Path(file.root).name} · epoch {file.epoch}"


def _print(measured: RunEvaluation, more: dict[str, Any]) -> None:
    from alexnet_studio.insight.interval import wilson

    right = round((1 - measured.top1_error) * measured.images)
    low, high = wilson(right, measured.images)
    output.line(
        f"{right:,} of {measured.images:,} right: top-1 {100 - 100 * measured.top1_error:.1f} % "
        f"(95 % interval {100 * low:.1f}–{100 * high:.1f} %), "
        f"top-{measured.k} {100 - 100 * measured.top5_error:.1f} %, loss {measured.loss:.3f}"
    )
    balanced = measured.evaluation.balanced
    output.line(
        f"balanced accuracy {percent(balanced)}, calibration error {percent(_calibration_error(measured.file))}"
    )
    for run, weight in zip(measured.runs, more.get("weights", ()), strict=False):
        output.line(f"weight {weight:.3f}: {run}")
    if "threshold" in more:
        output.line(
            f"at least {percent(more['threshold'])} sure: {percent(more['coverage'])} of the images, "
            f"{percent(more['coverage_accuracy'])} of them right"
        )
    if "classes" in more:
        class_numbers.table(more["classes"], measured.k)
    for row in more.get("mistakes", ()):
        output.line(
            f"{row['image']}: {row['class']} taken for {row['taken_for']}, {percent(row['probability'])} sure"
        )
    for key in ("confusion", "calibration"):
        if key in more:
            output.line(f"written: {more[key]}")
