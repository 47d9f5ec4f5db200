"""`collect`: its document, its notes, and what it says of a source that is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from cli.answer import Command
from PIL import Image


def test_collect(command: Command, tmp_path: Path) -> None:
    for number in range(4):
        Image.fromarray(np.full((8, 8, 3), 60 * number, np.uint8)).save(tmp_path / f"{number}.png")
    rows = ["path,label", "0.png,1", "1.png,0", "2.png,1", "3.png,0", "gone.png,0"]
    (tmp_path / "labels.csv").write_text("\n".join(rows), "utf-8")
    (tmp_path / "names.txt").write_text("wolf\ncat\n", "utf-8")
    words = ("collect", tmp_path / "labels.csv", tmp_path / "out", "--names", tmp_path / "names.txt")
    document = command(*words, "--json").document
    assert set(document) == {"folder", "classes", "images", "skipped", "notes"}
    assert (document["folder"], document["classes"], document["images"]) == (str(tmp_path / "out"), 2, 4)
    assert document["skipped"] == [{"path": "gone.png", "reason": "does not exist"}]
    assert command("scan", tmp_path / "out", "--json").document["classes"] == {"cat": 2, "wolf": 2}
    again = command(*words)
    assert again.code == 0
    assert again.out == f"4 images in 2 classes: {tmp_path / 'out'}\n"
    assert "left out: gone.png (does not exist)" in again.err
    smaller = command(*words[:2], tmp_path / "small", "--side", 8, "--json").document
    assert smaller["images"] == 4


def test_collect_refuses_what_it_does_not_know(command: Command, tmp_path: Path) -> None:
    for source, says in ((tmp_path / "gone", "does not exist"), (tmp_path, "no set of images")):
        answer = command("collect", source, tmp_path / "out")
        assert answer.code == 2
        assert answer.out == ""
        assert len(answer.err.splitlines()) == 1
        assert says in answer.err


def test_tiles_and_columns_and_what_they_say(command: Command, tmp_path: Path) -> None:
    noise = np.random.default_rng(1)
    for name in ("cat", "dog"):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for number in range(3):
            pixels = noise.integers(0, 256, (40, 50, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "photos" / name / f"{number}.png")
    answer = command("collect", tmp_path / "photos", tmp_path / "out", "--tiles", 16)
    assert (answer.code, answer.out) == (0, f"36 images in 2 classes: {tmp_path / 'out'}\n")
    assert "Of 6 photos the edges were left out: 16 pixels do not divide their sides." in answer.err
    assert (tmp_path / "out/cat/0.png.tile-001-002.png").is_file()
    rows = [
        f"photos/{name}/{i}.png,{name},s{i},{'val' if i == 2 else 'train'}"
        for name in ("cat", "dog")
        for i in range(3)
    ]
    (tmp_path / "t.csv").write_text("\n".join(["picture,animal,owner,part", *rows]), "utf-8")
    columns = (
        "--path-column",
        "picture",
        "--label-column",
        "animal",
        "--split-column",
        "part",
        "--group-column",
        "owner",
    )
    document = command("collect", tmp_path / "t.csv", tmp_path / "parts", *columns, "--json").document
    assert command("scan", tmp_path / "parts", "--json").document["splits"] == {"train": 4, "val": 2}
    assert any("groups.csv" in note for note in document["notes"])
    wrong = command("collect", tmp_path / "photos", tmp_path / "no", "--tiles", 16, "--group-column", "x")
    assert (wrong.code, len(wrong.err.splitlines())) == (2, 1)
    assert "--group-column does nothing" in wrong.err
