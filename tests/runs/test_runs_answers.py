"""What was answered in each epoch comes back as it was; what is damaged is told, and costs nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from blank_run import blank_record
from faulty_files import ERRORS, FaultyFiles

from alexnet_studio.ground import file_ops
from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.runs import folder
from alexnet_studio.runs.answers import Answers, EpochAnswers, KeptAnswers
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.record import RecordedSplit

CLASSES, IMAGES = 3, 13


def _run(tmp_path: Path, classes: int = CLASSES, images: int = IMAGES) -> RunFolder:
    split = RecordedSplit(train=("a.png",), val=tuple(f"{number}.png" for number in range(images)))
    record = blank_record(tmp_path / "data")
    names = tuple(f"class {label}" for label in range(classes))
    return folder.create(tmp_path / "run", record.model_copy(update={"classes": names, "split": split}))


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return _run(tmp_path)


def _answers(epoch: int) -> EpochAnswers:
    chance = np.random.default_rng(epoch)
    return EpochAnswers(
        epoch,
        np.arange(IMAGES) % CLASSES,
        chance.integers(-1, CLASSES, IMAGES),
        chance.integers(0, 2, IMAGES).astype(np.bool_),
    )


def _kept(run: RunFolder, epochs: int = 4) -> Answers:
    answers = Answers(run)
    for epoch in range(1, epochs + 1):
        answers.append(_answers(epoch), CLASSES)
    return answers


def _assert_holds(run: RunFolder, *epochs: int) -> None:
    kept = KeptAnswers(run)
    assert kept.epochs == epochs
    for epoch in epochs:
        got, wanted = kept.of(epoch), _answers(epoch)
        for name in ("labels", "guesses", "among"):
            assert np.array_equal(getattr(got, name), getattr(wanted, name))


def test_they_come_back_as_they_were(run: RunFolder) -> None:
    _kept(run)
    _assert_holds(run, 1, 2, 3, 4)


def test_an_old_run_has_none(run: RunFolder) -> None:
    Answers(run).cut(3)  # what a resume does
    kept = KeptAnswers(run)
    assert kept.epochs == ()
    with pytest.raises(BadInput, match="none yet") as caught:
        kept.of(1)
    assert caught.value.code == "epoch_not_kept"


def test_a_resumed_run_keeps_its_epochs_again(run: RunFolder) -> None:
    answers = _kept(run)
    whole = (run.answers / "validation.epochs").read_bytes()
    answers.cut(2)
    _assert_holds(run, 1, 2)
    for epoch in (3, 4):
        answers.append(_answers(epoch), CLASSES)
    assert (run.answers / "validation.epochs").read_bytes() == whole


def test_a_torn_epoch_is_ignored_and_written_over(run: RunFolder) -> None:
    _kept(run)
    path = run.answers / "validation.epochs"
    path.write_bytes(path.read_bytes()[:-5])
    _assert_holds(run, 1, 2, 3)
    Answers(run).append(_answers(4), CLASSES)
    _assert_holds(run, 1, 2, 3, 4)


def test_a_damaged_epoch_is_told_and_the_others_are_shown(run: RunFolder) -> None:
    _kept(run)
    path = run.answers / "validation.epochs"
    content = bytearray(path.read_bytes())
    content[len(content) // 4 + 6] ^= 1  # one bit of an answer in the second epoch
    path.write_bytes(content)
    _assert_holds(run, 1, 3, 4)
    with pytest.raises(BadInput, match="damaged there") as caught:
        KeptAnswers(run).of(2)
    assert caught.value.fields["epoch"] == 2


@pytest.mark.parametrize("content", [b"", b"junk", b"\x93NUMPY\x01\x00"])
def test_labels_that_are_none_are_one_sentence(run: RunFolder, content: bytes) -> None:
    _kept(run)
    (run.answers / "labels.npy").write_bytes(content)
    with pytest.raises(BadInput, match="Delete that folder") as caught:
        KeptAnswers(run)
    assert caught.value.code == "answers_damaged"
    answers = Answers(run)
    answers.cut(4)  # a resume begins anew
    answers.append(_answers(5), CLASSES)
    _assert_holds(run, 5)


def test_a_label_that_has_changed_makes_no_epoch_another_one(run: RunFolder) -> None:
    _kept(run)
    labels = np.load(run.answers / "labels.npy")
    labels[3] = (labels[3] + 1) % CLASSES
    np.save(run.answers / "labels.npy", labels)
    assert KeptAnswers(run).epochs == ()


def test_classes_that_a_run_has_not_are_refused(run: RunFolder) -> None:
    """Files come from strangers: a number of no class would be looked up among the classes."""
    strange = EpochAnswers(1, np.arange(IMAGES) % CLASSES, np.full(IMAGES, 7), np.zeros(IMAGES, np.bool_))
    Answers(run).append(strange, CLASSES)
    with pytest.raises(BadInput):
        KeptAnswers(run).of(1)


@pytest.mark.parametrize("error", ERRORS.values())
def test_a_disk_that_fails_once_costs_no_epoch(run: RunFolder, error: int) -> None:
    """At whichever call: what could not be written is written by the next try, once."""
    number = 0
    while True:
        number += 1
        disk = FaultyFiles(number, error)
        answers = Answers(run)
        with file_ops.through(disk):
            for epoch in (1, 2):
                for _ in range(2):
                    try:
                        answers.append(_answers(epoch), CLASSES)
                        break
                    except Failed as failed:
                        assert failed.code in {"disk_full", "not_writable"}
        _assert_holds(run, 1, 2)
        if not disk.was_hit:
            assert number > 8
            return
        Answers(run).cut(0)
        (run.answers / "labels.npy").unlink(missing_ok=True)


def test_ninety_epochs_of_imagenet_stay_at_ten_megabytes(tmp_path: Path) -> None:
    classes, images = 1_000, 50_000
    run = _run(tmp_path, classes, images)
    labels = np.arange(images) % classes
    answers = Answers(run)
    for epoch in (1, 2):
        answers.append(EpochAnswers(epoch, labels, labels[::-1], labels > 500), classes)
    size = (run.answers / "validation.epochs").stat().st_size / 2 * 90
    assert 9_000_000 < size < 10_000_000


def test_more_classes_than_two_bytes_count(tmp_path: Path) -> None:
    classes = 70_000
    run = _run(tmp_path, classes, 3)
    answers = EpochAnswers(1, np.array([0, 69_999, 2]), np.array([65_535, 69_999, -1]), np.ones(3, np.bool_))
    Answers(run).append(answers, classes)
    assert KeptAnswers(run).of(1).guesses.tolist() == [65_535, 69_999, -1]
