"""Every rule of the window in tables: which button can be pressed when, and what the numbers say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.folder import ImageFile, ImageFolder, Skipped
from alexnet_studio.runs.rows import Ended, Epoch, Started, Step
from alexnet_studio.studio import setup_building, wording
from alexnet_studio.studio.dataset import label_of, of_folder, of_record
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing.window import view_state
from alexnet_studio.studio.state.neighbours import Answer, FeaturesSeen, FoundImage
from alexnet_studio.studio.state.run import Phase, RunState
from alexnet_studio.studio.state.window import Notice, State
from alexnet_studio.studio.views.parts import ActionView, Selection
from alexnet_studio.studio.views.window import WindowView


def folder(classes: int = 3, each: int = 4) -> ImageFolder:
    names = tuple(f"class{label}" for label in range(classes))
    images = tuple(
        ImageFile(f"{name}/{number}.png", label, "train", 10, 0)
        for label, name in enumerate(names)
        for number in range(each)
    )
    return ImageFolder(Path("/photos"), "classes", names, images, (Skipped("x.txt", "is not an image"),), ())


def run(phase: Phase = Phase.READY, **fields: object) -> RunState:
    made = RunState(Path("/runs/photos-1"), phase)
    made.started = Started(0, 0, 10, 8, 12, 4, 3, "mini", "cpu", "float32", 3)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def ready(
    run_state: RunState | None = None, classes: int = 3, network: str = "mini", **values: object
) -> State:
    recipe = {"epochs": 10, "batch_size": 4, "image_size": None, "width": 1.0, **values}
    setup = setup_building.build(network, tuple(recipe.items()), classes)
    return State(dataset=of_folder(folder(classes)), setup=setup, run=run_state)


def actions(view: WindowView) -> dict[str, ActionView]:
    return dict(view.actions)


def test_a_network_that_ends_with_features_cannot_be_started() -> None:
    view = view_state(ready(network="tf-lrn"))
    assert not actions(view)["start"].enabled
    assert "Add a classifier" in actions(view)["start"].tip
    assert view.architecture.rows[-1].name == "pool5"
    assert view.architecture.rows[0].padding == "3+4"
    assert view.architecture.rows[0].activation == "ReLU"


ENDED = Ended(80, 10, "finished", 9)
STOPPED = Ended(20, 2, "stopped", 2)


@pytest.mark.parametrize(
    ("make", "enabled"),
    [
        (State, ""),
        (ready, "start"),
        (lambda: ready(classes=1), ""),
        (lambda: ready(epochs=0), ""),
        (lambda: ready(network="paper", image_size=8), ""),
        (lambda: ready(run(Phase.TRAINING)), "pause stop"),
        (lambda: ready(run(Phase.TRAINING, has_checkpoint=True)), "pause stop index"),
        (lambda: ready(run(Phase.PAUSED)), "stop resume"),
        (lambda: ready(run(Phase.STOPPING)), ""),
        (lambda: ready(run(ended=ENDED, has_checkpoint=True)), "start index"),
        (lambda: ready(run(ended=STOPPED, has_checkpoint=True)), "start resume index"),
        (lambda: ready(run(ended=STOPPED)), "start"),
        (lambda: ready(run(ended=STOPPED, has_checkpoint=True, is_example=True)), "start"),
    ],
)
def test_which_buttons_can_be_pressed(make: Callable[[], State], enabled: str) -> None:
    seen = actions(view_state(make()))
    names = ("start", "pause", "stop", "resume", "index")
    assert {name for name in names if seen[name].enabled} == set(enabled.split())
    assert all(seen[name].tip for name in names if not seen[name].enabled), "a disabled button says why"


def test_the_same_state_gives_an_equal_view_and_is_not_changed() -> None:
    state = ready(run(Phase.TRAINING))
    assert view_state(state) == view_state(state)


def test_nothing_loaded_shows_the_first_page_and_each_panels_way_in() -> None:
    view = view_state(State())
    assert view.welcome
    for panel in (view.data, view.architecture, view.training, view.kernels, view.neighbours):
        assert panel.empty is not None
        assert panel.empty.sentence
        assert panel.empty.intent in {"open_folder", "open_example"}


def test_a_folder_alone_leaves_the_first_page() -> None:
    view = view_state(State(dataset=of_folder(folder())))
    assert not view.welcome
    assert view.data.title == "photos · 12 images · 3 classes"
    assert view.data.splits == ("train",)
    assert [row.train for row in view.data.classes] == [4, 4, 4]
    assert view.status.skipped == "1 image skipped"


def test_a_selected_class_shows_its_own_images() -> None:
    state = State(dataset=of_folder(folder()), selection=Selection(label=1))
    assert {path.split("/")[0] for path in view_state(state).data.images} == {"class1"}


def test_the_architecture_is_formatted() -> None:
    view = view_state(ready(classes=1000, network="paper")).architecture
    assert view.totals is not None
    assert view.totals.params == "60,965,224"
    first = view.rows[0]
    assert (first.name, first.output, first.kernel, first.params) == (
        "conv1",
        "96 × 55 × 55",
        "11 × 11",
        "34,944",
    )
    assert sum(row.share for row in view.rows) == pytest.approx(1)


def test_a_network_that_does_not_fit_says_so_at_the_layer() -> None:
    view = view_state(ready(network="paper", image_size=30))
    assert "image size" in view.architecture.error
    outputs = {row.name: row.output for row in view.architecture.rows}
    assert outputs["conv2"] == "256 × 2 × 2"
    assert (outputs["pool2"], outputs["conv3"]) == ("✕ does not fit", "")
    assert view.architecture.totals is None
    assert not actions(view)["start"].enabled


def test_a_wrong_field_is_told_at_the_field() -> None:
    assert dict(view_state(ready(lr=-1.0)).training.recipe.errors).keys() == {"lr"}


def training_run() -> RunState:
    made = run(Phase.TRAINING)
    for step in range(1, 9):
        made.add(Step(step, 1, 2.0 / step, 0.25, 0.75, 3, 0.02, 60.0))
    made.add(Epoch(1, 8, 1.0, 0.5, 0.9, 1.2, 0.5, 1.0, 3, 4.0, 60.0))
    made.add(Step(9, 2, 0.2, 0.5, 1.0, 3, 0.02, 318.4))
    return made


def test_the_numbers_of_a_training() -> None:
    view = view_state(ready(training_run()))
    shown = [(readout.value, readout.caption) for readout in view.readouts]
    assert shown == [
        ("2 / 10", "epoch"),
        ("50.0 %", "validation top-1, best 50.0 %"),
        ("318", "images/s"),
        ("36 s", "left"),  # 10 epochs less 9 of 8 steps, 4 s each
    ]
    assert view.modified
    assert view.title == "photos-1"
    assert view.training.recipe.enabled
    assert "the next training" in view.training.recipe.reason
    assert view.status.device == "CPU · float32 · 318 images/s"


def test_few_validation_images_are_counted_not_only_shared() -> None:
    assert view_state(ready(training_run())).training.accuracy == (
        "2 of 4 validation images right (50 %, 95 % interval 15–85 %)"
    )


def test_curves_are_errors_over_steps() -> None:
    view = view_state(ready(training_run())).training
    assert list(view.top1_train[0]) == list(range(1, 10))
    assert list(view.top1_train[1][:2]) == [0.75, 0.75]
    assert list(view.top1_val[1]) == [0.5]
    assert view.k == 3


@pytest.mark.parametrize(
    ("kind", "progress", "job"),
    [
        (JobKind.SCAN, None, "looking through the folder"),
        (JobKind.SCAN, Progress("scan", 1327), "looking through the folder 1,327"),
        (JobKind.INDEX, Progress("index", 12, 2000), "indexing 12 of 2,000"),
        (JobKind.TRAIN, None, ""),
        (JobKind.TRAIN, Progress("decode", 12, 300), "preparing the images 12 of 300"),
        (JobKind.TRAIN, Progress("evaluate", 64, 5000), "validating 64 of 5,000"),
        (JobKind.ESTIMATE, None, ""),
    ],
)
def test_what_is_running_can_be_cancelled(kind: JobKind, progress: Progress | None, job: str) -> None:
    status = view_state(State(progress={kind: progress})).status
    assert status.job == job
    assert status.cancel.enabled == bool(job)


def test_the_last_save_is_told_by_its_age_while_that_is_counted_and_by_its_time_when_it_is_not() -> None:
    saved = datetime(2026, 11, 28, 17, 5, 59).astimezone()
    state = ready(run(Phase.TRAINING, saved_at=100.0, saved_time=saved))
    assert state.run is not None
    state.now = 112.0
    assert view_state(state).status.saved == "checkpoint saved 12 s ago"
    for phase in (Phase.PAUSED, Phase.READY):
        state.run.phase = phase
        assert view_state(state).status.saved == "checkpoint saved at 17:05"


def test_an_answer_with_agreement() -> None:
    state = ready(run(has_checkpoint=True))
    state.neighbours.features = FeaturesSeen("fc7", 2000, "abc")
    found = (FoundImage("class0/1.png", "class0", 18.24), FoundImage("class1/1.png", "class1", 20.9))
    state.neighbours.answers = (
        Answer("class0/9.png", "class0", (("class0", 0.74), ("class1", 0.26)), found),
    )
    view = view_state(state).neighbours
    assert (view.layer, view.title) == ("fc7", "Euclidean · of 2,000")
    assert view.answer is not None
    assert view.answer.said == "1 of 2 agree"
    assert [(bar.name, bar.text, bar.right) for bar in view.answer.bars] == [
        ("class0", "74 %", True),
        ("class1", "26 %", False),
    ]
    assert [(near.distance, near.agrees) for near in view.answer.neighbours] == [
        ("18.2", True),
        ("20.9", False),
    ]


def test_fewer_neighbours_are_shown_without_asking_again() -> None:
    state = ready(run(has_checkpoint=True))
    found = tuple(FoundImage(f"class0/{n}.png", "class0", float(n)) for n in range(6))
    state.neighbours.answers, state.neighbours.k = (Answer("q.png", found=found),), 2
    answer = view_state(state).neighbours.answer
    assert answer is not None
    assert len(answer.neighbours) == 2


def test_outdated_features_carry_a_badge() -> None:
    state = ready(run(has_checkpoint=True))
    state.neighbours.outdated = True
    assert view_state(state).neighbours.outdated


def test_closing_says_what_is_being_waited_for_and_then_leaves() -> None:
    state = ready(run(Phase.STOPPING))
    state.closing = True
    view = view_state(state)
    assert view.notice is not None
    assert not view.leaving
    assert state.run is not None
    state.run.phase = Phase.READY
    assert view_state(state).leaving


def test_a_notice_keeps_its_remedy() -> None:
    view = view_state(State(notice=Notice("Too much.", is_error=True, button="Half", intent="half_batch")))
    assert view.notice is not None
    assert (view.notice.kind, view.notice.button, view.notice.intent) == ("error", "Half", "half_batch")


def test_html_stays_text() -> None:
    error = BadInput("x", "{name} is wrong.", name="<img src=x>")
    assert wording.sentence(error) == "<img src=x> is wrong."


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (45.4, "45 s"),
        (130, "2 min 10 s"),
        (3 * 3600 + 300, "3 h 5 min"),
        (2 * 86_400 + 4 * 3600, "2 d 4 h"),
    ],
)
def test_spans_of_time(seconds: float, text: str) -> None:
    assert wording.duration(seconds) == text


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("cat/1.png", 0),
        ("train/dog/1.png", 1),
        ("val/cat/deep/1.png", 0),
        ("train/1.png", 2),
        ("1.png", None),
    ],
)
def test_a_paths_class(path: str, label: int | None) -> None:
    assert label_of(path, {"cat": 0, "dog": 1, "train": 2}) == label


def test_a_record_alone_fills_the_data_panel() -> None:
    dataset = of_record("/gone/photos", ("cat", "dog"), ("cat/1.png", "dog/1.png"), ("cat/2.png",))
    view = view_state(State(dataset=dataset, run=run())).data
    assert [(row.name, row.train, row.val) for row in view.classes] == [("cat", 1, 1), ("dog", 1, 0)]
    assert view.notes
    assert not actions(view_state(State(dataset=dataset)))["start"].enabled
