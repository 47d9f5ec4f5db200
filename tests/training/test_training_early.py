"""A training that starts while its store fills is the one that waited for it, to the bit."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Generator
from pathlib import Path

import exactness
import pytest
import tiny

from alexnet_studio.ground.errors import Failed
from alexnet_studio.images import store_writer
from alexnet_studio.images.decode import UnreadableError, content_of
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Note, Step
from alexnet_studio.training.events import Event
from alexnet_studio.training.trainer import Request, resume, train

_SMALL = "alexnet_studio.training.learned_images._EARLY_FROM"


@pytest.fixture
def folder(tmp_path: Path) -> ImageFolder:
    return tiny.folder(tmp_path / "data", each=12, val=3)


def _request(folder: ImageFolder, run: Path, **values: object) -> Request:
    return Request(folder, run, tiny.spec(dropout=0.5), tiny.recipe(workers=1, **values))


def _forget_store(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "cache")


def _notes(run: Path) -> dict[str, str]:
    return {row.code: row.sentence for row in History(run / "metrics.jsonl").read() if isinstance(row, Note)}


def _assert_same(run: Path, other: Path) -> None:
    exactness.assert_same(run, other)
    ours, theirs = (run_folder.open(path).record for path in (run, other))
    assert (ours.split.train, ours.split.val, ours.colour, ours.input) == (
        theirs.split.train,
        theirs.split.val,
        theirs.colour,
        theirs.input,
    )


def _until_step(events: Generator[Event | None], steps: int) -> None:
    for event in events:
        if isinstance(event, Step) and event.step == steps:
            break
    events.close()


@pytest.mark.parametrize("store", ["pixels", "jpeg"])
def test_early_and_late_learn_the_same(
    folder: ImageFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: str
) -> None:
    list(train(_request(folder, tmp_path / "late", store=store)))
    _forget_store(tmp_path)
    monkeypatch.setattr(_SMALL, 1)
    list(train(_request(folder, tmp_path / "early", store=store)))
    _assert_same(tmp_path / "late", tmp_path / "early")
    assert "images_replaced" not in _notes(tmp_path / "early")


@pytest.mark.parametrize("cut", [1, 6, 9])
def test_cut_while_it_fills_and_resumed(
    folder: ImageFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    list(train(_request(folder, tmp_path / "whole")))
    _forget_store(tmp_path)
    monkeypatch.setattr(_SMALL, 1)
    _until_step(train(_request(folder, tmp_path / "cut")), cut)
    _forget_store(tmp_path)
    list(resume(tmp_path / "cut"))
    _assert_same(tmp_path / "whole", tmp_path / "cut")


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("then", [1, 10_000])
def test_fault_20_what_cannot_be_decoded_stays_replaced_after_a_resume(
    folder: ImageFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: int, kept: bool
) -> None:
    """Whether the store is there when it is resumed or not, and is begun early again or not."""
    for path in ("train/class0/5.png", "train/class1/7.png", "val/class1/1.png"):
        content = (folder.root / path).read_bytes()
        (folder.root / path).write_bytes(content[: len(content) // 2])
    folder = tiny.scanned(folder.root)
    monkeypatch.setattr(_SMALL, 1)
    list(train(_request(folder, tmp_path / "whole")))
    notes = _notes(tmp_path / "whole")
    assert notes["images_replaced"].startswith("2 images were replaced by another of the class: train/class")
    assert len(run_folder.open(tmp_path / "whole").record.split.train) == 24
    _forget_store(tmp_path)
    _until_step(train(_request(folder, tmp_path / "cut")), 8)
    if not kept:
        _forget_store(tmp_path)
    monkeypatch.setattr(_SMALL, then)
    list(resume(tmp_path / "cut"))
    _assert_same(tmp_path / "whole", tmp_path / "cut")
    # Validation leaves it out, as it does in a run that waited.
    list(train(_request(folder, tmp_path / "late")))
    assert len(run_folder.open(tmp_path / "late").record.split.val) == 5
    assert "3 images were left out" in _notes(tmp_path / "late")["images_unreadable"]


def test_validation_judges_by_what_can_be_decoded(
    folder: ImageFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without anything to learn from differently, early and late judge the same."""
    content = (folder.root / "val/class1/1.png").read_bytes()
    (folder.root / "val/class1/1.png").write_bytes(content[: len(content) // 2])
    folder = tiny.scanned(folder.root)
    plain: dict[str, object] = {"crop": False, "mirror": False, "colour_pca": 0.0}
    list(train(_request(folder, tmp_path / "late", **plain)))
    _forget_store(tmp_path)
    monkeypatch.setattr(_SMALL, 1)
    list(train(_request(folder, tmp_path / "early", **plain)))
    assert exactness.curves(tmp_path / "early") == exactness.curves(tmp_path / "late")
    assert "val/class1/1.png" in _notes(tmp_path / "early")["images_unreadable"]


def test_how_far_it_is_and_what_is_in_both_parts_is_told_while_it_learns(
    folder: ImageFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(folder.root / "train/class0/3.png", folder.root / "val/class0/copy.png")
    monkeypatch.setattr(_SMALL, 1)
    monkeypatch.setattr("alexnet_studio.images.store_filling.threads", lambda: 0)  # decoded as it is wanted
    monkeypatch.setattr("alexnet_studio.images.statistics.SAMPLE_MAX", 5)
    list(train(_request(tiny.scanned(folder.root), tmp_path / "run", batch_size=2)))
    rows = [row for row in History(tmp_path / "run" / "metrics.jsonl").read() if isinstance(row, Note)]
    assert "images are decoded while the network learns" in rows[0].sentence
    told = [int(row.sentence.split()[0]) for row in rows[1:] if row.code == "filling"]
    assert told == sorted(set(told))
    assert len(told) >= 3
    assert {"filled", "same_in_train_and_val"} <= {row.code for row in rows}


def test_fault_32_more_than_a_hundredth_gone_pauses_and_is_resumed(
    folder: ImageFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_SMALL, 1)
    monkeypatch.setattr("alexnet_studio.images.statistics.SAMPLE_MAX", 1)
    list(train(_request(folder, tmp_path / "whole")))
    _forget_store(tmp_path)

    def without_some(path: Path) -> bytes:
        if path.name in {"3.png", "4.png"}:
            raise UnreadableError(path, "does not exist", lasting=False)
        return content_of(path)

    with monkeypatch.context() as gone:
        gone.setattr(store_writer, "content_of", without_some)
        with pytest.raises(Failed) as caught:
            list(train(_request(folder, tmp_path / "run")))
    assert caught.value.code == "images_lost"
    ended = History(tmp_path / "run" / "metrics.jsonl").read()[-1]
    assert isinstance(ended, Ended)
    assert (ended.reason, ended.code) == ("failed", "images_lost")
    list(resume(tmp_path / "run"))
    _assert_same(tmp_path / "whole", tmp_path / "run")


def test_fault_37_a_share_that_went_mute_pauses_the_run_and_it_is_resumed(
    folder: ImageFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_SMALL, 1)
    monkeypatch.setattr("alexnet_studio.images.statistics.SAMPLE_MAX", 1)
    list(train(_request(folder, tmp_path / "whole")))
    _forget_store(tmp_path)
    answers = threading.Event()

    def mute(path: Path) -> bytes:
        if path.name == "3.png":
            answers.wait(20)
        return content_of(path)

    monkeypatch.setattr("alexnet_studio.images.watch._SILENCE_S", 0.4)
    monkeypatch.setattr("alexnet_studio.images.watch._MUTE_S", 0.1)
    monkeypatch.setattr(store_writer, "content_of", mute)
    with pytest.raises(Failed) as caught:
        list(train(_request(folder, tmp_path / "run")))
    answers.set()
    assert caught.value.code == "read_hangs"
    assert "3.png has not been read to its end" in caught.value.sentence
    ended = History(tmp_path / "run" / "metrics.jsonl").read()[-1]
    assert isinstance(ended, Ended)
    assert (ended.reason, ended.code) == ("failed", "read_hangs")
    list(resume(tmp_path / "run"))
    _assert_same(tmp_path / "whole", tmp_path / "run")
