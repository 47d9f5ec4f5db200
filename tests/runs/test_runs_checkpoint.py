"""Checkpoints: exact, verified, never half, and never a program."""

from __future__ import annotations

import builtins
import errno
import hashlib
import io
import json
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Literal

import pytest
import torch
from blank_run import blank_run

from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.runs import checkpoint
from alexnet_studio.runs.checkpoint import Best, Checkpoint
from alexnet_studio.runs.folder import RunFolder


def _payload(step: int) -> Checkpoint:
    weights = {"conv1.weight": torch.full((4, 3, 5, 5), float(step)), "conv1.bias": torch.zeros(4)}
    optimizer: dict[str, Any] = {"state": {0: {"momentum_buffer": torch.ones(4) * step}}, "param_groups": []}
    return Checkpoint(
        step, step // 2, 1, weights, optimizer, {"best": float("inf")}, {"loss": 0.1}, Best(1, (0.5, -2.0))
    )


def _saved(tmp_path: Path, steps: int = 2) -> RunFolder:
    run = blank_run(tmp_path)
    for step in range(1, steps + 1):
        checkpoint.save(run, _payload(step), best=step == 1)
    return run


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    run = _saved(tmp_path)
    last, best = checkpoint.load(run, "last"), checkpoint.load(run, "best")
    assert (last.step, best.step, last.best, last.note) == (2, 1, Best(1, (0.5, -2.0)), "")
    assert torch.equal(last.weights["conv1.weight"], _payload(2).weights["conv1.weight"])
    assert torch.equal(last.optimizer["state"][0]["momentum_buffer"], torch.ones(4) * 2)
    assert last.schedule == {"best": float("inf")}
    assert last.identity != best.identity


def test_the_best_and_the_last_of_one_save_are_the_same_weights(tmp_path: Path) -> None:
    run = _saved(tmp_path, steps=1)
    assert checkpoint.load(run, "best").identity == checkpoint.load(run, "last").identity


def test_without_a_best_one_the_last_is_used(tmp_path: Path) -> None:
    run = blank_run(tmp_path)
    checkpoint.save(run, _payload(3), best=False)
    assert checkpoint.load(run, "best").step == 3


def test_no_checkpoint_yet(tmp_path: Path) -> None:
    run = blank_run(tmp_path)
    assert not checkpoint.has_any(run)
    with pytest.raises(BadInput) as caught:
        checkpoint.load(run, "last")
    assert caught.value.code == "no_checkpoint"


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 50] = bytes(byte ^ 0xFF for byte in content[middle : middle + 50])
    path.write_bytes(content)


def _as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _foreign_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../holiday.txt", "sun")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "flipped": _flip,
    "empty": lambda path: path.write_bytes(b""),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-100]),
    "text": lambda path: path.write_text("eleven"),
    "folder": _as_folder,
    "zip": _foreign_zip,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_fault_52_a_damaged_checkpoint_falls_back_to_the_one_before(tmp_path: Path, damage: str) -> None:
    run = _saved(tmp_path)
    DAMAGES[damage](run.checkpoints / "last.pt")
    found = checkpoint.load(run, "last")
    assert found.step == 1
    assert found.note == "last.pt is damaged; previous.pt was used instead."


def test_a_best_checkpoint_that_is_gone_is_told(tmp_path: Path) -> None:
    run = _saved(tmp_path)
    (run.checkpoints / "best.pt").unlink()
    assert checkpoint.load(run, "best").note == "best.pt is missing; last.pt was used instead."


@pytest.mark.parametrize(
    ("damage", "forged"),
    [
        *((damage, False) for damage in DAMAGES),
        ("empty", True),
        ("truncated", True),
        ("text", True),
        ("zip", True),
    ],
)
def test_fault_52_damage_everywhere_names_the_file(tmp_path: Path, damage: str, forged: bool) -> None:
    """Also where somebody made the manifest fit."""
    run = _saved(tmp_path)
    for name in ("last.pt", "previous.pt"):
        DAMAGES[damage](run.checkpoints / name)
        if forged:
            _forge(run, name)
    with pytest.raises(BadInput) as caught:
        checkpoint.load(run, "last")
    assert caught.value.code == "checkpoint_damaged"
    assert str(run.checkpoints / "last.pt") in caught.value.sentence


def _forge(run: RunFolder, name: str) -> None:
    manifest = run.checkpoints / "manifest.json"
    document = json.loads(manifest.read_text())
    document["sha256"][name] = hashlib.sha256((run.checkpoints / name).read_bytes()).hexdigest()
    manifest.write_text(json.dumps(document))


class _Evil:
    def __init__(self, marker: Path) -> None:
        self._marker = marker

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return (builtins.open, (str(self._marker), "w"))


@pytest.mark.parametrize("how", ["torch", "pickle"])
def test_fault_53_an_evil_pickle_is_refused_and_nothing_runs(tmp_path: Path, how: str) -> None:
    run = _saved(tmp_path, steps=1)
    marker = tmp_path / "pwned"
    evil = {"schema_version": 1, "weights": _Evil(marker)}
    buffer = io.BytesIO()
    if how == "torch":
        torch.save(evil, buffer)
    else:
        pickle.dump(evil, buffer)
    (run.checkpoints / "last.pt").write_bytes(buffer.getvalue())
    _forge(run, "last.pt")
    with pytest.raises(BadInput) as caught:
        checkpoint.load(run, "last")
    assert caught.value.code == "checkpoint_damaged"
    assert not marker.exists()


def test_fault_53_a_compressed_archive_is_not_unpacked(tmp_path: Path) -> None:
    run = _saved(tmp_path, steps=1)
    last = run.checkpoints / "last.pt"
    with zipfile.ZipFile(last) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(last, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    _forge(run, "last.pt")
    with pytest.raises(BadInput, match="not a checkpoint"):
        checkpoint.load(run, "last")


def test_without_its_manifest_nothing_is_trusted(tmp_path: Path) -> None:
    run = _saved(tmp_path)
    (run.checkpoints / "manifest.json").write_text("{}")
    with pytest.raises(BadInput, match=r"manifest\.json"):
        checkpoint.load(run, "last")


def test_fault_55_a_checkpoint_of_a_newer_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = blank_run(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(checkpoint, "SCHEMA_VERSION", 99)
        checkpoint.save(run, _payload(1), best=False)
    with pytest.raises(BadInput) as caught:
        checkpoint.load(run, "last")
    assert caught.value.code == "checkpoint_from_newer_version"


class _FullDisk:
    """A file on a disk that is full after `room` bytes."""

    def __init__(self, file: IO[bytes], room: int) -> None:
        self._file = file
        self._room = room

    def write(self, data: bytes) -> int:
        self._room -= len(data)
        if self._room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._file.write(data)

    def __enter__(self) -> _FullDisk:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)


@pytest.mark.parametrize("room", [0, 1, 70, 500, 1000, 1700, 2400, 3000])
def test_fault_50_a_full_disk_leaves_the_old_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    run = _saved(tmp_path, steps=1)
    really = os.fdopen

    def fdopen(handle: int, mode: Literal["wb"]) -> _FullDisk:
        return _FullDisk(really(handle, mode), room)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fdopen", fdopen)
        with pytest.raises(Failed) as caught:
            checkpoint.save(run, _payload(2), best=True)
    assert caught.value.code == "disk_full"
    assert (checkpoint.load(run, "last").step, checkpoint.load(run, "best").step) == (1, 1)
    assert not list(run.checkpoints.glob(".*.tmp"))
    checkpoint.save(run, _payload(2), best=True)
    assert checkpoint.load(run, "best").step == 2


class _PowerCut(BaseException):
    pass


def test_fault_51_a_power_cut_at_any_replacement_leaves_one_that_verifies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The n-th rename of a save never happens, for every n; then the run is opened again, and saved again."""
    survived: list[int] = []
    while True:
        run = _saved(tmp_path / str(len(survived)))
        if _saved_until(run, len(survived), monkeypatch):
            break
        found = checkpoint.load(run, "last")
        assert found.note == ""
        survived.append(found.step)
        assert checkpoint.load(run, "best").step in {1, 3}
        checkpoint.save(run, _payload(4), best=True)
        assert (checkpoint.load(run, "last").step, checkpoint.load(run, "best").step) == (4, 4)
    assert (survived[0], survived[-1]) == (2, 3)
    assert survived == sorted(survived)


def _saved_until(run: RunFolder, replacements: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Save step 3, with the power cut after so many renames; whether it was done before that."""
    done = 0
    path_replace, os_replace = Path.replace, os.replace

    def tick() -> None:
        nonlocal done
        if done == replacements:
            raise _PowerCut
        done += 1

    def of_path(self: Path, target: Path) -> Path:
        tick()
        return path_replace(self, target)

    def of_os(source: str, target: Path) -> None:
        tick()
        os_replace(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", of_path)
        patched.setattr(os, "replace", of_os)
        try:
            checkpoint.save(run, _payload(3), best=True)
        except _PowerCut:
            return False
    return True
