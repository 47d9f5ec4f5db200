"""`demo` where there is no display: the main job in the terminal, and its three figures in the current folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from alexnet_studio.cli import output, pictures
from alexnet_studio.cli.interruption import result
from alexnet_studio.cli.questions import Question
from alexnet_studio.cli.train_command import follow
from alexnet_studio.ground import device as devices
from alexnet_studio.ground import places
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import folder as folders
from alexnet_studio.images import samples
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.insight.features import embed
from alexnet_studio.insight.loaded import load
from alexnet_studio.networks import spec_file
from alexnet_studio.networks.spec import first_conv
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.curves import Curves
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.history import History
from alexnet_studio.training.demonstration import demonstration

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_QUERIES = 5  # rows of the sheet, as in Fig. 4


def demo(
    *,
    screenshots: Annotated[
        Path | None,
        Parameter(help="drive the real window through the whole main job and save each panel here"),
    ] = None,
) -> int:
    """Make the sample, train on it and show what was learned: in the window, or here where there is no display."""
    if screenshots is not None:
        raise BadInput("no_display", "The pictures of the window need Qt, which cannot start here.")
    with output.progress_bar() as bar:
        folder = places.samples() / "drawings"
        result(samples.write("drawings", folder), bar)
        found = result(folders.scan(folder), bar)
        path = places.new_run_folder("demo")
        code = _train(found, path, bar)
        if code != 0:
            return code
        run = runs.open(path)
        loaded = load(run)
        result(embed(loaded, run), bar)
    _curves(run)
    title = f"{run.name} · {first_conv(loaded.spec).name} · epoch {loaded.epoch}"
    _write(pictures.kernels_figure(loaded.kernels(), title), Path("kernels.png"))
    question = Question(path, None, "best", 6)
    answers = [question.ask(found.root / image) for image in _spread(run.record.split.val)]
    _write(
        pictures.neighbours_figure(answers, f"{run.name} · {question.index.layer}"), Path("neighbours.png")
    )
    output.line(f"run: {path}")
    return 0


def _train(found: ImageFolder, path: Path, bar: output.ProgressBar) -> int:
    from alexnet_studio.training.trainer import Request, train

    proposal = demonstration(found, devices.resolve().kind)
    spec = spec_file.resolve(proposal.network, classes=len(found.classes), image_size=proposal.image_size)
    return follow(train(Request(found, path, spec, proposal.recipe)), path, bar)


def _curves(run: RunFolder) -> None:
    curves = Curves(History(run.metrics).read())
    _write(pictures.curves_figure(curves, run.name), Path("curves.png"))


def _write(figure: Figure, path: Path) -> None:
    pictures.save(figure, path)
    output.line(f"written: {path.absolute()}")


def _spread(paths: Sequence[str]) -> list[str]:
    """A few images from all over the sorted list, so that they are of different classes."""
    count = min(_QUERIES, len(paths))
    return [paths[(2 * row + 1) * len(paths) // (2 * count)] for row in range(count)]
