"""Names, keys and exit codes of the commands, which other programs are tested against."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from cli.answer import Command
from numpy.typing import NDArray
from PIL import Image

STEP = {"event", "step", "epoch", "loss", "top1", "top5", "k", "lr", "images_per_second", "seconds"}
EPOCH = {
    *("event", "epoch", "step", "train_loss", "train_top1", "train_top5", "val_loss", "val_top1", "val_top5"),
    *("k", "seconds", "images_per_second", "val_balanced", "memory_mb"),
}
LAYER = {
    *(
        "name",
        "kind",
        "input",
        "output",
        "kernel",
        "stride",
        "padding",
        "groups",
        "weights",
        "biases",
        "params",
    ),
    *("macs", "neurons", "receptive_field"),
}


def test_networks(command: Command) -> None:
    entries = {row["name"]: row for row in command("networks", "--json").document}
    assert entries["paper"]["params"] == 60_965_224
    assert entries["torchvision"]["params"] == 61_100_840
    assert {"one-tower", "half-tower", "mini"} < entries.keys()
    assert set(entries["paper"]) == {"name", "title", "source", "params"}


def test_summary(command: Command) -> None:
    document = command("summary", "paper", "--json").document
    assert set(document) == {"network", "input", "layers", "totals"}
    assert document["input"] == [3, 224, 224]
    assert all(set(layer) == LAYER for layer in document["layers"])
    totals = document["totals"]
    assert totals["params"] == 60_965_224
    assert totals["macs"] == 724_406_816
    assert totals["neurons"] == 659_272
    for name, value in totals.items():
        assert value == sum(layer[name] for layer in document["layers"])


def test_summary_takes_classes_and_size(command: Command) -> None:
    document = command("summary", "torchvision", "--classes", "10", "--image-size", "128", "--json").document
    assert document["layers"][-1]["output"] == [10]
    assert document["input"] == [3, 128, 128]


def test_summary_for_people(command: Command) -> None:
    text = command("summary", "paper").out
    assert "60,965,224" in text
    assert "conv3" in text


def test_summary_tells_what_crosses_between_the_towers(command: Command) -> None:
    lines = command("summary", "paper").out
    assert "conv3 sees all towers: 21,632 values an image each way, 173,056 bytes in float32" in lines
    assert "memory of the towers" in lines
    assert "conv4 sees all towers" in command("summary", "paper", "--links", "conv4").out
    assert "towers" not in command("summary", "torchvision").out


def test_two_devices_for_two_towers(command: Command, pictures: Path, tmp_path: Path) -> None:
    words = (
        "train",
        str(pictures),
        "--epochs",
        "1",
        "--network",
        "mini",
        "--image-size",
        "32",
        "--links",
        "none",
    )
    answer = command(
        *words, "--width", "0.25", "--device", "cpu,cpu", "--run", str(tmp_path / "run"), "--json"
    )
    assert answer.code == 0
    started = answer.rows[0]
    assert (started["device"], started["network"]) == ("cpu,cpu", "mini-links-none")
    assert command("evaluate", str(tmp_path / "run"), "--json").document["images"] > 0


def test_train_begins_from_a_run(command: Command, trained: Path, pictures: Path, tmp_path: Path) -> None:
    words = ("train", str(pictures), "--from", str(trained), "--run", str(tmp_path / "new"), "--epochs", "1")
    answer = command(*words, "--freeze", "conv5", "--json")
    assert answer.code == 0
    notes = [row["sentence"] for row in answer.rows if row["event"] == "note"]
    assert notes[0].startswith(f"Begins from {trained}: 16 of 16 tensors")
    refused = command("train", str(pictures), "--run", str(tmp_path / "new"), "--resume", "--freeze", "conv1")
    assert refused.code == 2
    assert "--freeze" in refused.err


def test_train_begins_from_a_packed_run(
    command: Command, trained: Path, pictures: Path, tmp_path: Path
) -> None:
    file = tmp_path / "theirs.zip"
    assert command("pack", trained, "-o", file).code == 0
    answer = command("train", pictures, "--from", file, "--run", tmp_path / "new", "--epochs", "1", "--json")
    assert answer.code == 0
    assert answer.rows[0]["network"] == "mini"
    notes = [row["sentence"] for row in answer.rows if row["event"] == "note"]
    assert notes[0].startswith(f"Begins from {file}: 16 of 16 tensors")
    file.write_bytes(file.read_bytes()[:5000])
    refused = command("train", pictures, "--from", file, "--run", tmp_path / "other")
    assert (refused.code, refused.out) == (2, "")
    assert len(refused.err.strip().splitlines()) == 1 and "is not a packed run" in refused.err
    assert not (tmp_path / "other").exists()


def test_sample_and_scan(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "digits"
    written = command("sample", folder, "--kind", "digits", "--json").document
    assert set(written) == {"folder", "classes", "images"}
    found = command("scan", folder, "--json").document
    assert set(found) == {"folder", "layout", "classes", "images", "splits", "skipped", "notes", "alike"}
    assert found["layout"] == "classes"
    assert found["images"] == written["images"] == sum(found["classes"].values())
    assert len(found["classes"]) == written["classes"] == 10


def test_scan_of_splits(command: Command, pictures: Path) -> None:
    found = command("scan", pictures, "--json").document
    assert found["layout"] == "splits"
    assert found["classes"] == {"blue": 16, "green": 16, "red": 16}
    assert found["splits"] == {"train": 36, "test": 12}


def test_rows_of_a_training(trained: Path) -> None:
    rows = [json.loads(line) for line in (trained / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    assert rows[0]["event"] == "started"
    steps = [row for row in rows if row["event"] == "step"]
    epochs = [row for row in rows if row["event"] == "epoch"]
    assert steps
    assert all(set(row) == STEP for row in steps)
    assert [row["epoch"] for row in epochs] == [1, 2]
    assert all(set(row) == EPOCH for row in epochs)
    assert rows[-1]["event"] == "ended"
    assert rows[-1]["reason"] == "finished"
    assert rows[-1]["best_epoch"] in {1, 2}
    assert all(row["k"] == 3 for row in steps)


def test_train_prints_its_rows_and_refuses_an_existing_run(
    command: Command, pictures: Path, tmp_path: Path
) -> None:
    words = (
        "train",
        pictures,
        "--run",
        tmp_path / "run",
        "--network",
        "mini",
        "--epochs",
        1,
        "--batch-size",
        8,
    )
    first = command(*words, "--json")
    assert first.code == 0
    assert [
        json.loads(line) for line in (tmp_path / "run/metrics.jsonl").read_text("utf-8").splitlines()
    ] == first.rows
    again = command(*words)
    assert again.code == 2
    assert again.out == ""
    assert len(again.err.splitlines()) == 1
    longer = command(*words[:-3], 2, "--resume", "--json")
    assert longer.code == 0, longer.err
    assert [row["epoch"] for row in longer.rows if row["event"] == "epoch"] == [2]
    other = command(*words[:-3], 2, "--lr", 0.5, "--resume")
    assert other.code == 2
    assert "lr" in other.err


def test_evaluate(command: Command, trained: Path, pictures: Path) -> None:
    document = command("evaluate", trained, "--json").document
    assert set(document) == {"images", "loss", "top1_error", "top5_error", "k", "views", "runs"}
    assert document["views"] == "center"
    assert document["top5_error"] == 0  # three classes: the true one is always among the first three
    tested = command("evaluate", trained, "--folder", pictures / "test", "--views", "ten", "--json").document
    assert tested["images"] == 12
    assert tested["views"] == "ten"


def test_predict(command: Command, trained: Path, pictures: Path, tmp_path: Path) -> None:
    good, bad = pictures / "test/red/0.png", tmp_path / "words.jpg"
    bad.write_text("not an image", encoding="utf-8")
    answer = command("predict", trained, good, bad, "--json")
    assert answer.code == 1
    first, second = answer.document
    assert first["image"] == str(good)
    assert set(first["top"][0]) == {"class", "probability"}
    assert sum(entry["probability"] for entry in first["top"]) == pytest.approx(1, abs=1e-5)
    assert second["error"]
    assert "words.jpg" in second["error"]
    table = command("predict", trained, good, "--csv")
    assert table.code == 0
    assert table.out.splitlines()[0].startswith("image,")


def test_other_weights_than_those_asked_for_are_told(
    command: Command, trained: Path, pictures: Path, tmp_path: Path
) -> None:
    run, image = shutil.copytree(trained, tmp_path / "copy"), pictures / "test/red/0.png"
    (run / "checkpoints" / "best.pt").write_bytes(b"eleven")
    told = f"{run}: best.pt is damaged; last.pt was used instead."
    for words in (["predict", run, image], ["evaluate", run], ["index", run], ["neighbours", run, image]):
        answer = command(*words, "--json")
        assert answer.code == 0
        assert answer.err.splitlines() == [told]
        assert answer.document


def test_an_image_that_is_gone_is_told(
    command: Command, trained: Path, pictures: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(pictures / "test", tmp_path / "test")
    (folder / "red" / "0.png").write_bytes((folder / "red" / "0.png").read_bytes()[:300])
    answer = command("evaluate", trained, "--folder", folder, "--json")
    assert answer.document["images"] == 11
    assert answer.err == "1 image was left out: it is gone or cannot be decoded.\n"


def test_a_layer_that_the_network_lacks(command: Command, trained: Path, pictures: Path) -> None:
    answer = command("neighbours", trained, pictures / "test/red/0.png", "--layer", "fc9")
    assert answer.code == 2
    assert "fc9" in answer.err
    assert "fc7" in answer.err


def test_kernels(command: Command, trained: Path, tmp_path: Path) -> None:
    document = command("kernels", trained, "-o", tmp_path / "conv1.png", "--json").document
    assert len(document["towers"]) == 2
    assert all(set(tower) == {"kernels", "colourfulness"} for tower in document["towers"])
    assert document["file"] == str(tmp_path / "conv1.png")
    assert np.asarray(Image.open(tmp_path / "conv1.png")).std() > 1
    assert document["layer"] == "conv1"
    assert {"dead", "duplicates", "noisy", "order"} <= set(document)
    assert set(document["specialisation"]) == {"value", "chance", "coloured"}
    assert set(document["specialisation_over_time"][0]) == {"step", "epoch", "value"}


def test_index_and_neighbours(command: Command, trained: Path, pictures: Path, tmp_path: Path) -> None:
    run = shutil.copytree(trained, tmp_path / "copy")
    early = command("neighbours", run, pictures / "test/red/0.png")
    assert early.code == 2
    assert "index" in early.err
    done = command("index", run, "--json").document
    assert set(done) == {"images", "dimensions", "layer", "seconds", "file"}
    assert done["layer"] == "fc7"
    sheet = tmp_path / "sheet.png"
    query = pictures / "train/red/0.png"
    (answer,) = command("neighbours", run, query, "-k", 4, "-o", sheet, "--json").document
    assert answer["image"] == str(query)
    assert len(answer["neighbours"]) == 4
    assert all(set(found) == {"path", "class", "distance"} for found in answer["neighbours"])
    distances = [found["distance"] for found in answer["neighbours"]]
    assert distances == sorted(distances)
    assert sheet.stat().st_size > 1000
    whole = command("index", run, pictures / "test", "--json").document
    assert whole["images"] == 12


def test_map(command: Command, trained: Path, tmp_path: Path) -> None:
    run, picture = shutil.copytree(trained, tmp_path / "copy"), tmp_path / "map.png"
    early = command("map", run, "-o", picture)
    assert early.code == 2
    assert "Index the run first" in early.err
    assert command("index", run).code == 0
    document = command("map", run, "-o", picture, "--json").document
    assert set(document) == {
        *("images", "indexed", "method", "layer", "explained_x", "explained_y", "seconds", "file")
    }
    assert document["images"] == document["indexed"]
    assert picture.stat().st_size > 1000
    assert "images, layer fc7" in command("map", run, "-o", picture, "--method", "tsne").out
    assert command("map", run, "-o", tmp_path / "map.txt").code == 2


def test_bench(command: Command) -> None:
    (timing,) = command("bench", "lenet", "--batch", 4, "--steps", 3, "--warm-up", 1, "--json").document
    assert set(timing) == {
        *("network", "device", "batch", "forward_ms", "forward_sd", "step_ms", "step_sd", "images_per_second")
    }
    assert command("bench", "nope").code == 2
    assert command("bench", "lenet", "--batch", 0).code == 2
    assert command("bench", "paper", "--steps", "many").code == 2


def test_doctor_checks_what_operations_mean(command: Command) -> None:
    answer = command("doctor", "--semantics", "--json")
    assert answer.code == 0
    assert {row["ok"] for row in answer.document} == {True}
    assert command("doctor", "--semantics").out.count(" ok") == len(answer.document)


def test_doctor(command: Command) -> None:
    document = command("doctor", "--json").document
    assert {"versions", "devices", "display", "places"} <= document.keys()
    assert "cpu" in document["devices"]["usable"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["trian"], "trian"),
        (["summary"], "NETWORK"),
        (["summary", "vgg"], "vgg"),
        (["summary", "paper", "--image-size", "20"], "pool2"),
        (["summary", "paper", "--classes", "many"], "classes"),
        (["summary", "paper", "--clases", "3"], "--classes"),
        (["summary", "paper", "too", "many"], "too"),
        (["scan", "/no/such/folder"], "/no/such/folder"),
        (["train", "/no/such/folder", "--run", "r"], "/no/such/folder"),
        (["train", "x", "--run", "r", "--epochs", "0"], "epochs"),
        (["train", "x", "--run", "r", "--lr", "nan"], "lr"),
        (["train", "x", "--run", "r", "--optimizer", "magic"], "optimizer"),
        (["train", "x", "--run", "r", "--device", "banana"], "banana"),
        (["bench", "mini", "--device", "cuda:0,cpu"], "cuda:0,cpu"),
        (["summary", "torchvision", "--links", "conv4"], "one tower"),
        (["summary", "paper", "--links", "sideways"], "Choose one of: none, conv3, conv4, everywhere."),
        (["summary", "paper", "--classes", "some"], "Give a whole number."),
        (["summary", "paper", "--width", "wide"], "Give a number."),
        (["train", "x"], "--run"),
        (["evaluate", "/no/such/run"], "/no/such/run"),
        (["predict", "/no/such/run", "a.jpg"], "/no/such/run"),
        (["kernels", "/no/such/run", "-o", "k.png"], "/no/such/run"),
        (["neighbours", "/no/such/run", "a.jpg"], "/no/such/run"),
    ],
)
def test_bad_input_is_one_plain_sentence_and_exit_2(command: Command, words: list[str], says: str) -> None:
    answer = command(*words)
    assert answer.code == 2
    assert answer.out == ""
    assert len(answer.err.strip().splitlines()) == 1
    assert says in answer.err
    assert "Traceback" not in answer.err
    assert "pydantic" not in answer.err


def test_fault_57_a_run_that_cannot_be_written_is_one_plain_sentence(
    command: Command, pictures: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("dear")
    answer = command("train", pictures, "--run", tmp_path / "file" / "run")
    assert (answer.code, answer.out) == (1, "")
    assert "cannot be written (Not a directory)" in answer.err and "Traceback" not in answer.err


def test_statistics_are_those_of_the_pixels(command: Command, tmp_path: Path) -> None:
    noise = np.random.default_rng(3)
    pixels: list[NDArray[np.float64]] = []
    for split in ("train", "val"):
        for name in ("a", "b"):
            (tmp_path / "data" / split / name).mkdir(parents=True)
            for number in range(3):
                image = noise.integers(0, 256, (16, 16, 3), dtype=np.uint8)
                Image.fromarray(image).save(tmp_path / "data" / split / name / f"{number}.png")
                if split == "train":
                    pixels.append(image.reshape(-1, 3) / 255.0)
    found = command("statistics", str(tmp_path / "data"), "--side", "16", "--json").document
    assert set(found) == {
        *("folder", "images", "sampled", "mean", "std", "covariance", "eigenvalues", "eigenvectors")
    }
    every = np.concatenate(pixels)
    assert (found["images"], found["sampled"]) == (6, 6)
    np.testing.assert_allclose(found["mean"], every.mean(axis=0))
    np.testing.assert_allclose(found["std"], every.std(axis=0))
    wanted: NDArray[np.float64] = np.cov(every.T, bias=True)
    np.testing.assert_allclose(found["covariance"], wanted, atol=1e-12)
    axes: NDArray[np.float64] = np.array(found["eigenvectors"], np.float64)
    sizes: NDArray[np.float64] = np.array(found["eigenvalues"], np.float64)
    np.testing.assert_allclose(axes.T @ np.diag(sizes) @ axes, wanted, atol=1e-12)


def test_statistics_of_damaged_training_images_is_one_sentence(command: Command, tmp_path: Path) -> None:
    for split in ("train", "val"):
        for name in ("a", "b"):
            place = tmp_path / split / name / "1.png"
            place.parent.mkdir(parents=True)
            Image.fromarray(np.random.default_rng(1).integers(0, 256, (40, 40, 3), dtype=np.uint8)).save(
                place
            )
            if split == "train":
                place.write_bytes(place.read_bytes()[:200] + b"x" * 400)
    answer = command("statistics", str(tmp_path))
    assert answer.code == 2
    assert "None of the training images" in answer.err
