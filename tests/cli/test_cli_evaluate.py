"""What `evaluate` and `predict` give beyond the document that is always given."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from cli.answer import Command
from PIL import Image

from alexnet_studio.runs import evaluations


def test_evaluate_tells_classes_mistakes_and_coverage(
    command: Command, trained: Path, pictures: Path, tmp_path: Path
) -> None:
    run = shutil.copytree(trained, tmp_path / "run", ignore=shutil.ignore_patterns("evaluations"))
    words = ("evaluate", run, "--folder", pictures / "test", "--json", "--per-class", "--mistakes", 99)
    more = ("--threshold", 0.4, "--confusion", tmp_path / "c.csv", "--calibration", tmp_path / "k.svg")
    document = command(*words, *more).document
    plain = command("evaluate", run, "--folder", pictures / "test", "--json").document
    assert {key: document[key] for key in plain} == plain
    (kept,) = evaluations.kept(run)
    file = evaluations.read(kept)
    right = file.guesses == file.labels
    assert len(document["mistakes"]) == 12 - right.sum() == round(12 * document["top1_error"])
    assert all(Path(row["image"]).is_file() for row in document["mistakes"])
    assert [row["class"] for row in document["classes"]] == ["blue", "green", "red"]
    for label, row in enumerate(document["classes"]):
        assert row["images"] == 4
        assert row["accuracy"] == row["recall"] == right[file.labels == label].mean()
    assert document["balanced_accuracy"] == pytest.approx(right.mean())
    assert document["coverage"] == (file.sureness >= 0.4).mean()
    assert "<svg" in (tmp_path / "k.svg").read_text(encoding="utf-8")
    rows = list(csv.reader((tmp_path / "c.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["true class", "blue", "green", "red"]
    counts = np.array([row[1:] for row in rows[1:]], int)
    assert counts.sum() == 12
    assert counts.trace() == right.sum()
    text = command(*words[:4], *words[5:], "--confusion", tmp_path / "c.png").out
    assert "balanced accuracy" in text
    assert "most often taken for" in text
    assert (tmp_path / "c.png").stat().st_size > 1000


def test_an_epoch_that_is_past(command: Command, trained: Path, tmp_path: Path) -> None:
    """The last one is what its weights answer; the first is told without any."""
    run = shutil.copytree(trained, tmp_path / "run", ignore=shutil.ignore_patterns("evaluations"))
    now = command("evaluate", run, "--checkpoint", "last", "--per-class", "--json").document
    shutil.rmtree(run / "checkpoints")
    then = command(
        "evaluate", run, "--epoch", 2, "--per-class", "--confusion", tmp_path / "c.csv", "--json"
    ).document
    assert then.pop("confusion") == str(tmp_path / "c.csv") and then.pop("epoch") == 2
    assert then.pop("loss") == pytest.approx(now.pop("loss"), abs=1e-5)
    assert then == now
    first = command("evaluate", run, "--epoch", 1, "--per-class")
    assert first.code == 0 and "epoch 1:" in first.out and "most often taken for" in first.out
    missing = command("evaluate", run, "--epoch", 3)
    assert missing.code == 2 and "from 1 to 2" in missing.err
    both = command("evaluate", run, "--epoch", 1, "--mistakes", 3)
    assert both.code == 2 and "--mistakes" in both.err


def test_an_ensemble_says_how_much_each_run_counts(command: Command, trained: Path, tmp_path: Path) -> None:
    other = shutil.copytree(trained, tmp_path / "other", ignore=shutil.ignore_patterns("evaluations"))
    document = command("evaluate", trained, other, "--ensemble", "--json").document
    assert sum(document["weights"]) == pytest.approx(1)
    assert not (other / "evaluations").exists()  # the answers of several runs are no one's
    alone = command("evaluate", trained, "--ensemble")
    assert alone.code == 2
    assert "two or more" in alone.err


def test_a_run_that_is_read_only_is_evaluated_all_the_same(
    command: Command, trained: Path, tmp_path: Path
) -> None:
    run = shutil.copytree(trained, tmp_path / "run", ignore=shutil.ignore_patterns("evaluations"))
    (run / "evaluations").write_text("a file where the folder should be", encoding="utf-8")
    answer = command("evaluate", run, "--json")
    assert answer.code == 0
    assert answer.document["images"] > 0
    assert answer.err.startswith("The answers were not kept: ")


def test_a_folder_is_predicted_sorted_and_submitted(
    command: Command, trained: Path, pictures: Path, tmp_path: Path
) -> None:
    inside = tmp_path / "new"
    for number, name in enumerate(("blue", "red")):
        (inside / name).mkdir(parents=True)
        shutil.copy(pictures / "test" / name / "0.png", inside / name / f"{number}.png")
    (inside / "bad.png").write_bytes(b"no image")
    (inside / "notes.txt").write_text("no image, and not named as one", encoding="utf-8")
    words = ("predict", trained, inside, "--threshold", 1, "--sort-into", tmp_path / "sorted")
    answer = command(*words, "--submission", tmp_path / "s.txt", "--json")
    assert answer.code == 1
    rows = answer.document
    assert [Path(row["image"]).name for row in rows] == ["bad.png", "0.png", "1.png"]
    assert "error" in rows[0]
    assert all(row["unsure"] for row in rows[1:])
    assert {Path(row["copy"]) for row in rows[1:]} == set((tmp_path / "sorted" / "unsure").iterdir())
    lines = [line.split() for line in (tmp_path / "s.txt").read_text(encoding="utf-8").splitlines()]
    names = ["", "blue", "green", "red"]
    assert lines[0] == ["0", "0", "0"]
    for line, row in zip(lines[1:], rows[1:], strict=True):
        assert [names[int(number)] for number in line] == [entry["class"] for entry in row["top"]]
    assert "1,000 classes" in answer.err
    assert "run's own order" in answer.err
    (tmp_path / "order.txt").write_text("red\ngreen\nblue\n", encoding="utf-8")
    again = command(*words[:3], "--submission", tmp_path / "t.txt", "--synsets", tmp_path / "order.txt")
    assert "numbered as in" in again.err
    turned = [line.split() for line in (tmp_path / "t.txt").read_text(encoding="utf-8").splitlines()]
    assert [[str(4 - int(number)) for number in line] for line in turned[1:]] == lines[1:]


def test_each_view_stands_in_the_document_and_in_the_table(
    command: Command, trained: Path, pictures: Path
) -> None:
    image = pictures / "test/red/0.png"
    (row,) = command("predict", trained, image, "--each-view", "--json").document
    assert len(row["views"]) == 10
    assert {view["mirrored"] for view in row["views"]} == {False, True}
    for entry in row["top"]:
        shares = [
            one["probability"]
            for view in row["views"]
            for one in view["top"]
            if one["class"] == entry["class"]
        ]
        assert entry["probability"] == pytest.approx(np.mean(shares), abs=1e-6)
    table = list(csv.DictReader(io.StringIO(command("predict", trained, image, "--each-view", "--csv").out)))
    assert table[0]["class_of_view_10"] == row["views"][9]["top"][0]["class"]
    plain = command("predict", trained, image, "--csv").out.splitlines()[0]
    assert plain == "image,class_1,probability_1,class_2,probability_2,class_3,probability_3,error"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--threshold", "1.5"], "from 0 to 1"),
        (["--synsets", "order.txt"], "--submission"),
        (["--threshold", "nan"], "from 0 to 1"),
    ],
)
def test_wrong_options_of_predict_are_one_sentence(
    command: Command, trained: Path, pictures: Path, words: list[str], says: str
) -> None:
    answer = command("predict", trained, pictures / "test/red/0.png", *words)
    assert answer.code == 2
    assert says in answer.err
    assert len(answer.err.splitlines()) == 1


def test_a_folder_without_images_and_a_folder_into_itself_are_refused(
    command: Command, trained: Path, pictures: Path, tmp_path: Path
) -> None:
    empty = command("predict", trained, tmp_path)
    assert empty.code == 2
    assert str(tmp_path) in empty.err
    within = command("predict", trained, pictures / "test", "--sort-into", pictures / "test" / "sorted")
    assert within.code == 2
    assert "lies inside" in within.err
    assert not (pictures / "test" / "sorted").exists()


def test_a_class_without_images_has_dashes(
    command: Command, trained: Path, pictures: Path, tmp_path: Path
) -> None:
    shutil.copytree(pictures / "test" / "red", tmp_path / "some" / "red")
    Image.new("RGB", (40, 36), "green").save(tmp_path / "some" / "red" / "more.png")
    words = ("evaluate", trained, "--folder", tmp_path / "some", "--per-class")
    document = command(*words, "--json").document
    assert document["classes"][0] == {
        **dict.fromkeys(("accuracy", "top5", "precision", "recall", "f1", "taken_for")),
        "class": "blue",
        "images": 0,
    }
    assert "—" in command(*words).out
    assert json.loads(json.dumps(document))
