"""A run as one file, and files that only look like one."""

from __future__ import annotations

import io
import json
import stat
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from blank_run import blank_run

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.runs import folder, unpack
from alexnet_studio.runs.pack import Packed, pack
from alexnet_studio.runs.unpack import INSIDE, LABEL


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ALEXNET_STUDIO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    path = blank_run(tmp_path).path
    for name, content in (
        ("metrics.jsonl", b"{}\n" * 500),
        ("diary.md", b"- noted\n"),
        ("metrics.columns", b"derived"),
        ("inbox/1.json", b"{}"),
        ("checkpoints/last.pt", b"\x80weights" * 900),
        ("checkpoints/previous.pt", b"\x80weights" * 900),
        ("checkpoints/.best.pt.x.tmp", b"half"),
        ("features/fc7.npy", bytes(4000)),
        ("patches/conv1.npz", bytes(900)),
        ("answers/validation.epochs", bytes(700)),
        ("pins/0123456789abcdef.npy", bytes(500)),
        ("kernels/conv1.film", bytes(range(256))),
        ("thesis/chapter.md", b"not of a run"),
    ):
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_bytes(content)
    (path / "kernels" / "elsewhere").symlink_to("/etc/passwd")
    return path


def _packed(run: Path, target: Path, *, weights: bool = True) -> Path:
    events = list(pack(run, target, weights=weights))
    assert isinstance(events[-1], Packed)
    assert events[-1].size_bytes == target.stat().st_size
    last = events[-2]
    assert isinstance(last, Progress)
    assert last.done == last.total
    return target


def _contents(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


@pytest.mark.parametrize("weights", [True, False])
def test_a_packed_run_opens_as_it_was(run: Path, tmp_path: Path, weights: bool) -> None:
    file = _packed(run, tmp_path / "away" / "first run.zip", weights=weights)
    opened = folder.open(file)
    assert opened.record == folder.open(run).record
    assert opened.name == "first run"
    left_out = {"metrics.columns", "inbox/1.json", "checkpoints/previous.pt", "checkpoints/.best.pt.x.tmp"}
    left_out |= {"thesis/chapter.md", "kernels/elsewhere"} | (set() if weights else {"checkpoints/last.pt"})
    assert _contents(opened.path) == {
        name: content for name, content in _contents(run).items() if name not in left_out
    }
    assert folder.open(file).path == opened.path


def test_a_file_that_has_changed_is_unpacked_anew(run: Path, tmp_path: Path) -> None:
    file = _packed(run, tmp_path / "run.zip")
    before = folder.open(file).path
    (run / "diary.md").write_text("- more was noted\n", encoding="utf-8")
    after = folder.open(_packed(run, file)).path
    assert after != before
    assert "more" in (after / "diary.md").read_text(encoding="utf-8")


def test_nothing_is_written_into_the_run_or_over_another(run: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="inside the run"):
        list(pack(run, run / "features" / "run.zip"))
    file = _packed(run, tmp_path / "run.zip")
    with pytest.raises(BadInput, match="already"):
        unpack.unpack(file, run)


def test_an_interrupted_pack_leaves_nothing(run: Path, tmp_path: Path) -> None:
    job = pack(run, tmp_path / "run.zip")
    next(job)
    job.close()
    assert not list(tmp_path.glob("*run.zip*"))


Archive = zipfile.ZipFile


def _named(name: str, *, mode: int = 0) -> Callable[[Archive], None]:
    def write(archive: Archive) -> None:
        member = zipfile.ZipInfo(name)
        member.external_attr = mode << 16
        archive.writestr(member, "content")

    return write


def _twice(archive: Archive) -> None:
    archive.writestr(f"{INSIDE}/diary.md", "one")
    archive.writestr(f"{INSIDE}/DIARY.md", "two")


def _bomb(archive: Archive) -> None:
    archive.writestr(f"{INSIDE}/metrics.jsonl", bytes(60_000_000), zipfile.ZIP_DEFLATED)


EVIL = {
    "../": _named("../../escaped.txt"),
    "run/../": _named(f"{INSIDE}/../../escaped.txt"),
    "absolute": _named("/tmp/escaped.txt"),
    "backslash": _named(f"{INSIDE}\\..\\escaped.txt"),
    "drive": _named(f"{INSIDE}/C:escaped.txt"),
    "elsewhere": _named("other/run.json"),
    "deeper": _named(f"{INSIDE}/features/deep/file.npy"),
    "folder": _named(f"{INSIDE}/features/"),
    "hidden": _named(f"{INSIDE}/.bashrc"),
    "link": _named(f"{INSIDE}/diary.md", mode=stat.S_IFLNK | 0o777),
    "device": _named(f"{INSIDE}/diary.md", mode=stat.S_IFCHR | 0o666),
    "twice": _twice,
    "bomb": _bomb,
}


@pytest.mark.parametrize("what", EVIL)
def test_fault_53_evil_archives_are_refused_whole(tmp_path: Path, cache: Path, what: str) -> None:
    file = tmp_path / "pictures" / "evil.zip"
    file.parent.mkdir()
    with zipfile.ZipFile(file, "w") as archive, warnings.catch_warnings():
        archive.writestr(LABEL, json.dumps({"format": unpack.FORMAT, "version": 1}))
        archive.writestr(f"{INSIDE}/run.json", "{}")
        EVIL[what](archive)
    with pytest.raises(BadInput) as told:
        folder.open(file)
    assert told.value.code == "not_a_pack"
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path != file]
    assert not list(cache.rglob("run*"))


def test_fault_53_a_length_that_lies_is_found(run: Path, tmp_path: Path) -> None:
    content = _packed(run, tmp_path / "run.zip").read_bytes()
    for place in (len(content) // 2, len(content) // 3):
        changed = bytearray(content)
        changed[place] ^= 0xFF
        (tmp_path / "flipped.zip").write_bytes(changed)
        with pytest.raises(BadInput, match="damaged"):
            folder.open(tmp_path / "flipped.zip")
    (tmp_path / "short.zip").write_bytes(content[: len(content) // 2])
    with pytest.raises(BadInput, match="damaged"):
        folder.open(tmp_path / "short.zip")
    assert not list((tmp_path / "cache").rglob("run.json"))


def test_other_archives_are_no_runs(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("holiday.txt", "sun")
    (tmp_path / "holiday.zip").write_bytes(buffer.getvalue())
    assert not unpack.is_pack(tmp_path / "holiday.zip")
    with pytest.raises(BadInput, match="not a run"):
        folder.open(tmp_path / "holiday.zip")
    newer = tmp_path / "newer.zip"
    with zipfile.ZipFile(newer, "w") as archive:
        archive.writestr(LABEL, json.dumps({"format": unpack.FORMAT, "version": 99}))
    with pytest.raises(BadInput, match="newer version"):
        folder.open(newer)
