"""The Neighbours panel: pixels and 2012's shortcut beside the features, the vote, the suspects, and other layers."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from person import Person
from PIL import Image
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.drawings import DRAWINGS, render
from alexnet_studio.insight.loaded import load
from alexnet_studio.insight.pixel_space import view_of
from alexnet_studio.insight.vote_run import VoteReport, vote_run
from alexnet_studio.runs import features as feature_files
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs import manifest
from alexnet_studio.studio import tables
from alexnet_studio.studio.intents.run import example
from alexnet_studio.studio.jobs import follow as follow_jobs
from alexnet_studio.studio.jobs import indexing as indexing_jobs
from alexnet_studio.studio.jobs import neighbours as neighbour_jobs
from alexnet_studio.studio.jobs.follow import Grown
from alexnet_studio.studio.jobs.indexing import Indexed
from alexnet_studio.studio.jobs.insight import Shelf
from alexnet_studio.studio.jobs.neighbours import Asked
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.showing.neighbours import view_neighbours
from alexnet_studio.studio.showing.window import view_state
from alexnet_studio.studio.state.neighbours import Answer, nearest
from alexnet_studio.studio.state.votes import SuspectSeen
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.neighbours import NeighboursView
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.image_grid import ImageGrid
from alexnet_studio.studio.window import Window

PATIENCE_MS = 60_000
CLASSES, EACH = 5, 8  # of the example's training images are there
IMAGES = CLASSES * EACH


@pytest.fixture
def window(exploring: Window) -> Window:
    return exploring


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example with some of its images, drawn anew, and their features only.

    The first and the last of these images lie in each other's place, as wrong labels; so do two validation images.
    """
    monkeypatch.setenv("ALEXNET_STUDIO_CACHE", str(tmp_path / "cache"))
    copy = Path(shutil.copytree(example(), tmp_path / "run"))
    shutil.rmtree(copy / "evaluations")
    (copy / "features" / "fc7.queries.npz").unlink()
    root = tmp_path / "drawings"
    record = json.loads((copy / "run.json").read_text(encoding="utf-8"))
    record["data"]["root"] = str(root)
    (copy / "run.json").write_text(json.dumps(record), encoding="utf-8")
    file = feature_files.read(copy / "features", "fc7")
    rows = present(file.paths)
    numbers, thumbnails = np.array(file.features[rows]), np.array(file.thumbnails[rows])
    numbers[[0, -1]] = numbers[[-1, 0]]
    paths = [file.paths[row] for row in rows]
    for path, drawn in zip(paths, [paths[-1], *paths[1:-1], paths[0]], strict=True):
        draw(root / path, drawn)
    val: list[str] = record["split"]["val"]
    val = [val[0], val[1], val[10], val[11]]
    for path, drawn in zip(val, [val[3], *val[1:3], val[0]], strict=True):
        draw(root / path, drawn)
    replaced(copy, numbers, thumbnails, paths)
    return copy


def present(paths: Sequence[str]) -> list[int]:
    """The rows of the first images of the first classes."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, path in enumerate(paths):
        rows[path.split("/")[0]].append(row)
    return [row for some in list(rows.values())[:CLASSES] for row in some[:EACH]]


def draw(target: Path, path: str) -> None:
    """The sample's image at `path`."""
    name, number = path.removesuffix(".png").split("/")
    drawing = next(one for one in DRAWINGS if one.name == name)
    target.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(render(drawing, int(number))).save(target)


def replaced(
    run: Path,
    numbers: NDArray[np.float32],
    thumbnails: NDArray[np.uint8] | None = None,
    paths: Sequence[str] | None = None,
) -> None:
    """Other features in the place of the run's; not over files that are mapped."""
    folder = run / "features"
    arrays: list[tuple[NDArray[Any], Path]] = [(numbers, feature_files.numbers_of(folder, "fc7"))]
    if thumbnails is not None:
        arrays.append((thumbnails, feature_files.thumbnails_of(folder, "fc7")))
    for values, target in arrays:
        np.save(folder / "other.npy", values)
        (folder / "other.npy").replace(target)
    file = feature_files.json_of(folder, "fc7")
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if paths is not None:
        document |= {"paths": list(paths), "classes": [path.split("/")[-2] for path in paths]}
        document["folder"] = str(run.parent / "drawings")
    file.write_text(json.dumps(document), encoding="utf-8")


def idle(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(lambda: not window.controller.state.progress, timeout=PATIENCE_MS)


def opened(qtbot: QtBot, window: Window, run: Path) -> State:
    window.controller.settle(lambda: window.controller.runs.open(run))
    qtbot.waitUntil(lambda: window.controller.state.run is not None, timeout=PATIENCE_MS)
    idle(qtbot, window)
    return window.controller.state


def asked(qtbot: QtBot, window: Window, image: str) -> Answer:
    window.panels.neighbours.images_picked.emit((image,))
    idle(qtbot, window)
    (answer,) = window.controller.state.neighbours.answers
    return answer


def shown(window: Window) -> NeighboursView:
    return view_neighbours(window.controller.state)


def choose(chooser: Chooser, index: int) -> None:
    """As a person does."""
    chooser.setCurrentIndex(index)
    chooser.activated.emit(index)


def click_first(person: Person, grid: ImageGrid) -> None:
    x, y, width, height = grid.geometry_now().cell(0)
    person.clicks(grid.viewport(), QPoint(int(x + width / 2), int(y + height / 3)))


def test_a_mistake_leads_to_its_neighbours_the_suspects_and_another_label(
    qtbot: QtBot, window: Window, run: Path, person: Person
) -> None:
    state = opened(qtbot, window, run)
    panel, evaluation = window.panels.neighbours, window.panels.evaluation
    window.commands["show_evaluation"].trigger()
    person.clicks(evaluation.evaluate)
    qtbot.waitUntil(lambda: state.evaluation.seen is not None, timeout=PATIENCE_MS)
    idle(qtbot, window)
    click_first(person, evaluation.images.grid)
    idle(qtbot, window)
    assert len(state.evaluation.images) == 2
    assert [answer.path for answer in state.neighbours.answers] == [state.selection.image]
    window.commands["show_neighbours"].trigger()
    panel.tabs.setCurrentWidget(panel.suspects)
    person.clicks(panel.suspects.look)
    idle(qtbot, window)
    suspects = state.neighbours.votes.suspects
    assert suspects is not None
    assert suspects.images == IMAGES
    file = feature_files.read(run / "features", "fc7")
    assert {one.path for one in suspects.found} == {file.paths[0], file.paths[-1]}
    first: SuspectSeen = suspects.found[0]
    assert (first.votes, first.agreeing) == (6, 0)
    click_first(person, panel.suspects.grid)
    idle(qtbot, window)
    assert state.selection.image == first.path
    (answer,) = state.neighbours.answers
    assert answer.path == first.path
    pictures = panel.suspects.neighbours.rows[0].pictures()
    assert [picture.note for picture in pictures] == ["itself", *[""] * 6]
    assert {picture.second for picture in pictures[1:]} == {first.winner}
    assert not panel.suspects.neighbours.missing()
    # One of the neighbours can be the wrong one: it is picked, and the others stay.
    panel.suspects.neighbours.rows[0].picked.emit(pictures[2].key)
    assert panel.suspects.title.text() == f"{Path(pictures[2].key).name}, of class {first.winner}"
    assert panel.suspects.neighbours.rows[0].pictures() == pictures
    assert panel.suspects.labels.label.currentText() == first.winner
    panel.suspects.neighbours.rows[0].picked.emit(first.path)
    labels = panel.suspects.labels
    names = [labels.label.itemText(index) for index in range(labels.label.count())]
    choose(labels.label, names.index(first.winner))
    idle(qtbot, window)
    assert state.labels.now is not None
    assert state.labels.now.labels == ((first.path, first.winner),)
    assert shown(window).suspects.captions[first.path] == f"now {first.winner}"
    person.clicks(labels.undo)
    idle(qtbot, window)
    assert not state.labels.now
    person.clicks(labels.leave_out)
    idle(qtbot, window)
    assert shown(window).suspects.captions[first.path] == "left out"


def test_pixels_and_the_shortcut_stand_beside_the_features(qtbot: QtBot, window: Window, run: Path) -> None:
    state = opened(qtbot, window, run)
    image = runs.open(run).record.split.val[1]
    answer = asked(qtbot, window, image)
    panel = window.panels.neighbours
    choose(panel.query.spaces, 3)
    qtbot.waitUntil(lambda: len(state.neighbours.beside) == 2, timeout=PATIENCE_MS)
    idle(qtbot, window)
    opened_run = runs.open(run)
    file = feature_files.read(opened_run.features, "fc7")
    record = load(opened_run).record
    query = view_of(opened_run.data_root / image, record).astype(float)
    distances = sorted(
        (float(np.linalg.norm(view_of(opened_run.data_root / path, record).astype(float) - query)), row, path)
        for row, path in enumerate(file.paths)
        if (opened_run.data_root / path).exists()
    )
    assert len(distances) == IMAGES
    by_pixels = state.neighbours.beside[image, "pixels"]
    assert [one.path for one in by_pixels.found] == [path for _, _, path in distances[:25]]
    assert [one.distance for one in by_pixels.found] == pytest.approx([d for d, _, _ in distances[:25]])
    # All are in one batch of a thousand, of which the 2012 program kept the nearest.
    kept = state.neighbours.beside[image, "shortcut"].found
    assert kept == answer.found[:1]
    view = shown(window).answer
    assert view is not None
    pixels, shortcut = view.beside
    assert pixels.said.startswith("pixels · ")
    assert pixels.said.endswith("of 6 agree")
    assert shortcut.said.endswith("misses 5 of 6")
    assert [near.note for near in shortcut.neighbours] == ["", *["missed"] * 5]
    assert [near.thumbnail.path for near in shortcut.neighbours] == [one.path for one in answer.found[:6]]
    assert [len(row.pictures()) for row in panel.query.neighbours.rows] == [6, 6, 6]
    table = tables.rows("neighbours", view_state(state))
    assert table is not None
    assert [row[2] for row in table[1:]] == ["features"] * 6 + ["pixels"] * 6 + ["shortcut"] * 6
    # Remembered: the same answer when it is asked again.
    asked(qtbot, window, image)
    assert state.neighbours.beside[image, "pixels"] is by_pixels
    choose(panel.query.spaces, 0)
    assert len(panel.query.neighbours.rows[1].pictures()) == 0


def test_images_that_are_not_here_are_told_in_the_row_of_the_pixels(qtbot: QtBot, window: Window) -> None:
    state = opened(qtbot, window, example())
    window.panels.neighbours.query.space_picked.emit("pixels")
    idle(qtbot, window)
    view = shown(window).answer
    assert view is not None
    assert state.notice is None
    assert "There is no folder" in view.beside[0].said
    assert view.neighbours
    # An indexed one has its features, if nothing else.
    answer = asked(qtbot, window, feature_files.read(example() / "features", "fc7").paths[7])
    assert (answer.error, answer.top) == (None, ())
    assert answer.found[0].itself
    assert answer.found[0].distance == 0
    assert len(answer.found) == 25


def test_the_query_itself_and_a_deleted_image_are_marked_with_their_distances(
    qtbot: QtBot, window: Window, run: Path
) -> None:
    state = opened(qtbot, window, run)
    root = run.parent / "drawings"
    image = feature_files.read(run / "features", "fc7").paths[3]
    before = asked(qtbot, window, str(root / image))  # by another name, and still itself
    assert before.found[0].itself
    assert before.found[0].path == image
    assert before.found[0].distance == pytest.approx(0, abs=1e-3)
    assert not any(one.itself or one.gone for one in before.found[1:])
    assert len(nearest(before.found, 6)) == 7
    kept = before.found[3]
    (root / kept.path).unlink()
    after = asked(qtbot, window, image)
    assert [one.distance for one in after.found] == [one.distance for one in before.found]
    assert next(one for one in after.found if one.path == kept.path).gone
    state.neighbours.k = 24
    view = shown(window).answer
    assert view is not None
    notes = {near.thumbnail.path: near.note for near in view.neighbours}
    assert (notes[image], notes[kept.path]) == ("itself", "file gone")
    assert view.neighbours[0].agrees is None
    assert view.said.endswith("of 24 agree")


def test_more_neighbours_than_there_are_images(qtbot: QtBot, window: Window) -> None:
    state = opened(qtbot, window, example())
    window.panels.neighbours.k.setValue(300)
    idle(qtbot, window)
    view = shown(window)
    assert view.answer is not None
    file = feature_files.read(example() / "features", "fc7")
    lengths = [near.length for near in view.answer.neighbours]
    assert len(lengths) == len(file.paths) == 224
    assert lengths == sorted(lengths)
    assert view.answer.said.endswith("only 224 are indexed")
    assert state.neighbours.k == 300


def test_the_vote_is_that_of_the_command_line(
    qtbot: QtBot, window: Window, run: Path, person: Person
) -> None:
    state = opened(qtbot, window, run)
    panel = window.panels.neighbours
    panel.tabs.setCurrentWidget(panel.vote)
    panel.k.setValue(3)
    choose(panel.vote.spaces, 1)
    person.clicks(panel.vote.vote)
    idle(qtbot, window)
    choose(panel.vote.images, 1)
    person.clicks(panel.vote.vote)
    idle(qtbot, window)
    opened_run = runs.open(run)
    file = feature_files.read(opened_run.features, "fc7")
    on_train, on_val = state.neighbours.votes.seen
    for seen in (on_train, on_val):
        job = vote_run(load(opened_run), opened_run, file, 3, on=seen.on, pixels=True)
        report = next(event for event in job if isinstance(event, VoteReport))
        assert report.pixels is not None
        assert (seen.accuracy, seen.same_class) == (report.features.accuracy, report.features.same_class)
        assert (seen.pixels, seen.network) == (report.pixels.accuracy, report.network)
    assert [row[0] for row in panel.vote.table.texts()] == ["training", "validation"]
    assert [row[1] for row in panel.vote.table.texts()] == [str(IMAGES), "4"]
    table = tables.rows("votes", view_state(state))
    assert table is not None
    assert table[1:] == tuple(map(tuple, panel.vote.table.texts()))
    panel.k.setValue(5)
    panel.vote.vote.click()
    window.controller.act("cancel")
    idle(qtbot, window)
    assert state.neighbours.votes.seen == (on_train, on_val)
    state.neighbours.outdated = True
    assert not shown(window).votes.vote.enabled
    assert "moved on" in shown(window).votes.vote.tip


def test_another_layer_is_indexed_and_the_first_one_is_still_there(
    qtbot: QtBot, window: Window, run: Path, person: Person
) -> None:
    state = opened(qtbot, window, run)
    panel = window.panels.neighbours
    image = runs.open(run).record.split.val[0]
    by_fc7 = asked(qtbot, window, image)
    names = [name for name, _ in shown(window).layers]
    choose(panel.layer, names.index("pool5"))
    idle(qtbot, window)
    view = shown(window)
    assert (view.layer, view.title) == ("pool5", "")
    assert view.answer is not None
    assert "not indexed" in view.answer.said
    assert view.answer.bars
    person.clicks(panel.index)
    idle(qtbot, window)
    file = feature_files.read(run / "features", "pool5")
    assert dict(state.run.feature_sizes if state.run else ())["pool5"] == file.features.shape[1]
    assert len(file.paths) == IMAGES
    (answer,) = state.neighbours.answers
    assert len(answer.found) == 25
    assert answer.found[0].distance != by_fc7.found[0].distance
    assert shown(window).title == f"Euclidean · of {IMAGES}"
    choose(panel.layer, names.index("fc7"))
    idle(qtbot, window)
    assert state.neighbours.answers == (by_fc7,)


def test_an_index_that_was_cancelled_goes_on_where_it_was(qtbot: QtBot, window: Window, run: Path) -> None:
    state = opened(qtbot, window, run)
    work = indexing_jobs.index(run, "fc6")
    begun = next(event for event in work if isinstance(event, Progress) and event.what == "index")
    work.close()
    assert (begun.done, begun.total) == (32, IMAGES)
    listener = window.controller.indexing.listeners[JobKind.INDEX]
    listener.told(begun)
    listener.finished(Finished(JobKind.INDEX, cancelled=True))
    assert state.notice is not None
    assert state.notice.sentence.startswith(f"32 of {IMAGES} images are indexed")
    events = list(indexing_jobs.index(run, "fc6"))
    done = [event.done for event in events if isinstance(event, Progress) and event.what == "index"]
    assert done == [IMAGES]  # the first batch was there
    assert isinstance(events[-1], Indexed)
    assert events[-1].features.layer == "fc6"


def test_the_index_of_many_images_is_made_with_progress_and_left_at_once(run: Path, tmp_path: Path) -> None:
    enlarge(run, 5_000)
    image = runs.open(run).record.split.val[0]
    question = Asked(run, tmp_path / "drawings", "", 24)
    shelf = Shelf()
    work = neighbour_jobs.ask(shelf, question, (image,))
    seen = next(event for event in work if isinstance(event, Progress))
    assert (seen.what, seen.total) == ("sort", 5_000)
    work.close()
    assert not (run / "features" / "fc7.near").exists()
    (answer,) = [
        event for event in neighbour_jobs.ask(shelf, question, (image,)) if isinstance(event, Answer)
    ]
    assert len(answer.found) == 25
    assert (run / "features" / "fc7.near").exists()
    again = list(neighbour_jobs.ask(shelf, question, (image,)))
    assert not any(isinstance(event, Progress) for event in again)


def enlarge(run: Path, images: int) -> None:
    """The run's features, again and again with a little noise."""
    file = feature_files.read(run / "features", "fc7")
    rows = np.arange(images) % len(file.paths)
    noise = np.random.default_rng(0).normal(scale=0.01, size=(images, file.features.shape[1]))
    values, thumbnails = (file.features[rows] + noise).astype(np.float32), file.thumbnails[rows]
    replaced(run, values, thumbnails, [f"{row}/{file.paths[place]}" for row, place in enumerate(rows)])


def test_what_cannot_be_answered_is_said_in_its_place(
    qtbot: QtBot, window: Window, run: Path, tmp_path: Path
) -> None:
    state = opened(qtbot, window, run)
    text = tmp_path / "letter.png"
    text.write_text("Dear all", encoding="utf-8")
    image = runs.open(run).record.split.val[0]
    window.panels.neighbours.images_picked.emit((str(text), image))
    idle(qtbot, window)
    view = shown(window)
    assert "letter.png" in view.sheet[0].error
    assert view.sheet[1].neighbours
    assert window.panels.neighbours.query.error.isVisible()
    numbers = np.load(run / "features" / "fc7.npy")
    numbers[5, 3] = np.nan
    replaced(run, numbers)
    assert "not numbers" in str(asked(qtbot, window, str(tmp_path / "drawings" / image)).error)
    replaced(run, np.zeros((IMAGES, 7), np.float32))
    error = asked(qtbot, window, str(tmp_path / "drawings" / image)).error
    assert error is not None
    assert error.code == "query_dimensions"
    assert "Index the run again" in error.sentence
    shutil.rmtree(run / "features")
    answer = asked(qtbot, window, image)
    assert answer.top
    assert not answer.found
    assert state.notice is None


def test_a_run_without_features_offers_the_index(qtbot: QtBot, window: Window, run: Path) -> None:
    shutil.rmtree(run / "features")
    opened(qtbot, window, run)
    view = shown(window)
    assert view.empty is not None
    assert view.empty.intent == "index"
    assert not view.votes.vote.enabled
    window.controller.act("vote")
    notice = window.controller.state.notice
    assert notice is not None
    assert "not indexed yet" in notice.sentence


def test_weights_that_another_process_has_written_outdate_the_features(
    qtbot: QtBot, window: Window, run: Path
) -> None:
    state = opened(qtbot, window, run)
    listener = window.controller.follows.listeners[JobKind.FOLLOW]
    listener.told(next(event for event in follow_jobs.follow(run, -1, 2) if isinstance(event, Grown)))
    assert not state.neighbours.outdated
    manifest.write(run / "checkpoints", {"best.pt": "ff" * 32})
    listener.told(next(event for event in follow_jobs.follow(run, -1, 2) if isinstance(event, Grown)))
    assert state.neighbours.outdated
    assert "outdated" in shown(window).outdated
