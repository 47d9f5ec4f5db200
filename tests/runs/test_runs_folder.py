"""A run folder is made once, never among the images, and says plainly when it cannot be opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from blank_run import blank_record, blank_run

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs import folder


def test_what_was_created_is_opened(tmp_path: Path) -> None:
    made = blank_run(tmp_path)
    assert folder.open(made.path) == made
    assert folder.is_run(made.path)
    assert not folder.is_run(tmp_path)


def test_an_empty_folder_may_become_a_run(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    assert blank_run(tmp_path).path.is_dir()


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("taken", "run_exists"),
        ("data/inside", "run_inside_data"),
        ("data", "run_inside_data"),
        ("file", "run_is_file"),
    ],
)
def test_fault_57_places_that_are_refused(tmp_path: Path, place: str, code: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("dear")
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput) as caught:
        folder.create(tmp_path / place, blank_record(tmp_path / "data"))
    assert caught.value.code == code
    assert str(tmp_path / place) in caught.value.sentence
    assert not (tmp_path / "data" / "inside").exists()


@pytest.mark.parametrize("name", ["CON", "con", "aux.txt", "LPT1", "run.", "run "])
def test_fault_57_a_name_that_windows_lacks_is_refused_everywhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput) as caught:
        folder.create(tmp_path / name, blank_record(tmp_path / "data"))
    assert caught.value.code == "name_not_portable"
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("name", ["猫 🐈", "ñandú", "console", "v1.2", ".hidden"])
def test_fault_57_names_in_any_script_are_fine(tmp_path: Path, name: str) -> None:
    assert folder.open(folder.create(tmp_path / name, blank_record(tmp_path / "data")).path).name == name


def test_a_link_into_the_images_is_inside_them(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    with pytest.raises(BadInput, match="inside the image folder"):
        folder.create(tmp_path / "link" / "run", blank_record(tmp_path / "data"))


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b"\xff\xfe\x00", b"[" * 100_000, b'{"seed": {}}', b"12"]
)
def test_a_damaged_record_is_not_a_run(tmp_path: Path, content: bytes) -> None:
    run = blank_run(tmp_path)
    (run.path / "run.json").write_bytes(content)
    with pytest.raises(BadInput) as caught:
        folder.open(run.path)
    assert caught.value.code == "not_a_run"
    assert str(run.path) in caught.value.sentence


def test_a_missing_or_foreign_folder_is_not_a_run(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(BadInput) as caught:
            folder.open(path)
        assert caught.value.code == "not_a_run"


def test_fault_55_a_newer_version_is_named(tmp_path: Path) -> None:
    run = blank_run(tmp_path)
    document = json.loads((run.path / "run.json").read_text(encoding="utf-8"))
    (run.path / "run.json").write_text(json.dumps({**document, "schema_version": 99, "app_version": "9.9"}))
    with pytest.raises(BadInput, match=r"newer version \(9\.9\)"):
        folder.open(run.path)
