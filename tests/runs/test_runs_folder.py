"""A run folder is made once, never among the images, and says plainly when it cannot be opened."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from blank_run import blank_record, blank_run
from faulty_files import FaultyFiles

from alexnet_studio.ground import file_ops
from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.ground.file_ops import FileOps
from alexnet_studio.runs import folder

_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="where nobody may make anything, root included")


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


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        # Root may write wherever permissions say that nobody may: there the disk itself has to refuse.
        ("forbidden/run", "Permission denied"),
        ("forbidden", "Permission denied"),
        ("file/runs/run", "Not a directory"),
        ("r" * 300, "File name too long"),
        ("loop", "Too many levels of symbolic links"),
        pytest.param("/proc/runs/run", "No such file or directory", marks=_LINUX),
    ],
)
def test_fault_57_where_nothing_can_be_written_is_known_before_the_start(
    tmp_path: Path, place: str, reason: str
) -> None:
    (tmp_path / "forbidden").mkdir()
    (tmp_path / "file").write_text("dear")
    (tmp_path / "loop").symlink_to("loop")
    disk = FaultyFiles(1, errno.EACCES, lasting=True) if "forbidden" in place else FileOps()
    with file_ops.through(disk), pytest.raises(Failed) as caught:
        folder.check_place(tmp_path / place, tmp_path / "data")
    assert caught.value.code == "not_writable"
    assert caught.value.sentence.startswith(f"{tmp_path / place} cannot be written ({reason}).")
    assert {path.name for path in tmp_path.rglob("*")} == {"forbidden", "file", "loop"}


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount a disk")
def test_fault_57_a_real_disk_that_may_only_be_read(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("this container may not mount a disk")
    try:
        with pytest.raises(Failed, match="Read-only file system"):
            folder.check_place(disk / "runs" / "run", tmp_path / "data")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_looking_for_a_place_leaves_nothing_there(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    folder.check_place(tmp_path / "run", tmp_path / "data")
    folder.check_place(tmp_path / "deep" / "er" / "run", tmp_path / "data")
    assert [path.name for path in tmp_path.rglob("*")] == ["run"]


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
