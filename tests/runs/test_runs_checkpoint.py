"""Checkpoints: exact, verified, never half, and never a program."""

from __future__ import annotations

import builtins
import contextlib
import dataclasses
import hashlib
import io
import itertools
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from blank_run import blank_run
from faulty_files import ERRORS, FaultyFiles, HeldOpen, PowerCut
from hypothesis import given, settings
from hypothesis import strategies as st

from alexnet_studio.ground import file_ops
from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.runs import checkpoint, checkpoint_document, folder, manifest
from alexnet_studio.runs.checkpoint_document import Best, Checkpoint
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
        patched.setattr(checkpoint_document, "SCHEMA_VERSION", 99)
        checkpoint.save(run, _payload(1), best=False)
    with pytest.raises(BadInput) as caught:
        checkpoint.load(run, "last")
    assert caught.value.code == "checkpoint_from_newer_version"


def _is_sound(run: RunFolder, old: int, new: int, *, with_best: bool = True) -> None:
    """Whatever happened to the save of `new` over `old`: one of them is there, and the next save works."""
    last, best = checkpoint.load(run, "last"), checkpoint.load(run, "best")
    assert last.step in {old, new} and best.step in {1, new}
    assert (last.note, best.note) == ("", "")
    # What says which epoch is the best must find its weights.
    assert not (with_best and last.step == new) or best.step == new
    checkpoint.save(run, _payload(9), best=True)
    checkpoint.save(run, _payload(10), best=False)
    assert (checkpoint.load(run, "last").step, checkpoint.load(run, "best").step) == (10, 9)
    names = {path.name for path in run.checkpoints.iterdir()}
    assert names == {"last.pt", "previous.pt", "best.pt", "manifest.json"}
    assert {*manifest.read(run.checkpoints)} == names - {"manifest.json"}


@pytest.mark.parametrize("best", [True, False])
@pytest.mark.parametrize("lasting", [True, False])
@pytest.mark.parametrize("kind", ERRORS)
def test_fault_50_a_save_that_fails_at_any_call_leaves_what_there_was(
    tmp_path: Path, kind: str, lasting: bool, best: bool
) -> None:
    codes = {"full": "disk_full", "broken": "not_writable", "forbidden": "not_writable"}
    whole = _saved(tmp_path)
    for number in itertools.count(1):
        run = _copy_of(whole, tmp_path / f"run {number}")
        disk = FaultyFiles(number, ERRORS[kind], lasting=lasting)
        with file_ops.through(disk), contextlib.suppress(Failed):
            try:
                checkpoint.save(run, _payload(3), best=best)
            except Failed as error:
                assert error.code == codes[kind]
                assert kind != "full" or re.search(r"\d MB free", error.sentence)
                raise
        if not disk.was_hit:
            assert number > 20
            break
        if not lasting:
            assert not list(run.checkpoints.glob(".*.tmp"))
        _is_sound(run, 2, 3, with_best=best)


@pytest.mark.parametrize("best", [True, False])
def test_fault_51_a_power_cut_at_any_call_leaves_one_that_verifies(tmp_path: Path, best: bool) -> None:
    whole = _saved(tmp_path)
    survived: list[int] = []
    for number in itertools.count(1):
        run = _copy_of(whole, tmp_path / f"run {number}")
        disk = FaultyFiles(number)
        with file_ops.through(disk), contextlib.suppress(PowerCut):
            checkpoint.save(run, _payload(3), best=best)
        if not disk.was_hit:
            break
        survived.append(checkpoint.load(run, "last").step)
        _is_sound(run, 2, 3, with_best=best)
    assert (survived[0], survived[-1]) == (2, 3)
    assert survived == sorted(survived)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc says which file is synced")
def test_fault_51_a_file_is_on_the_disk_before_it_takes_its_name_and_the_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = _saved(tmp_path)
    done: list[str] = []

    class Watched(file_ops.FileOps):
        def replace(self, source: Path, target: Path) -> None:
            done.append(f"{_plain(source)} becomes {target.name}")
            super().replace(source, target)

    def synced(handle: int) -> None:
        done.append(f"{_plain(Path(f'/proc/self/fd/{handle}').readlink())} synced")

    monkeypatch.setattr(os, "fsync", synced)
    with file_ops.through(Watched()):
        checkpoint.save(run, _payload(3), best=True)
    for step, name in enumerate(done):
        source, _, target = name.partition(" becomes ")
        if target and source.startswith("."):
            assert done[step - 1] == f"{source} synced", done
            assert done[step + 1] == "checkpoints synced", done
    assert {"next-best.pt", "next.pt", "manifest.json"} <= {one.split(" becomes ")[-1] for one in done}


def _plain(path: Path) -> str:
    return re.sub(r"\.[0-9a-f]{8}\.tmp$", "", path.name)


def _copy_of(run: RunFolder, path: Path) -> RunFolder:
    shutil.copytree(run.path, path)
    return folder.open(path)


@pytest.mark.parametrize(
    ("held", "kept", "best"),
    [("last.pt", "next.pt", 2), ("best.pt", "next-best.pt", 3), ("previous.pt", "next.pt", 2)],
)
def test_fault_59_a_reader_in_the_way_is_told_and_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: str, kept: str, best: int
) -> None:
    monkeypatch.setattr("alexnet_studio.ground.files._PAUSES_S", (0.001, 0.001))
    run = blank_run(tmp_path)
    checkpoint.save(run, _payload(1), best=True)
    checkpoint.save(run, _payload(2), best=True)
    with file_ops.through(HeldOpen(held)):
        note = checkpoint.save(run, _payload(3), best=best == 3)
        assert note == f"Another program has the old checkpoint open: the new one is kept as {kept}."
        assert (checkpoint.load(run, "last").step, checkpoint.load(run, "best").step) == (3, best)
        checkpoint.save(run, _payload(4), best=best == 3)
        assert checkpoint.load(run, "last").step == 4
    _is_sound(run, 4, 4) if best == 3 else checkpoint.save(run, _payload(5), best=True)
    assert not list(run.checkpoints.glob("next*"))


def test_fault_59_a_reader_that_lets_go_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alexnet_studio.ground.files._PAUSES_S", (0.001, 0.001))
    run = _saved(tmp_path)
    with file_ops.through(HeldOpen("last.pt", patience=2)):
        assert checkpoint.save(run, _payload(3), best=False) == ""
    assert checkpoint.load(run, "last").step == 3


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount a small disk")
def test_fault_50_a_real_disk_that_is_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], check=False)
    if mounted.returncode != 0:
        pytest.skip("this container may not mount a small disk")
    try:
        run = _saved(disk)
        large = dataclasses.replace(_payload(3), weights={"fc6.weight": torch.zeros(200_000)})
        with pytest.raises(Failed, match=r"disk.* is full \(0\.0 MB free\)") as caught:
            checkpoint.save(run, large, best=False)
        assert caught.value.code == "disk_full"
        _is_sound(run, 2, 3, with_best=False)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@settings(max_examples=150)
@given(
    places=st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 255)), min_size=1, max_size=8),
    data=st.data(),
)
def test_fault_52_flipped_bytes_are_found_or_refused(
    tmp_path_factory: pytest.TempPathFactory, places: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Also where the hash was made to fit: then it is what it says, or it is refused."""
    run = _saved(tmp_path_factory.mktemp("flipped"), steps=1)
    path = run.checkpoints / "last.pt"
    content = bytearray(path.read_bytes())
    for place, change in places:
        content[place % len(content)] ^= change
    path.write_bytes(content)
    if data.draw(st.booleans()):
        _forge(run, "last.pt")
    try:
        found = checkpoint.load(run, "last")
    except BadInput as error:
        assert error.code in {"checkpoint_damaged", "checkpoint_from_newer_version"}
    else:
        assert isinstance(found, Checkpoint)


def test_fault_53_a_name_that_leaves_its_archive_is_refused(tmp_path: Path) -> None:
    run = _saved(tmp_path, steps=1)
    last = run.checkpoints / "last.pt"
    with zipfile.ZipFile(last, "a") as archive:
        archive.writestr("archive/../../evil.txt", "evil")
    _forge(run, "last.pt")
    with pytest.raises(BadInput, match="not a checkpoint"):
        checkpoint.load(run, "last")


def test_fault_53_a_tensor_larger_than_its_bytes_is_refused(tmp_path: Path) -> None:
    """Four bytes that claim to be four terabytes of weights."""
    run = blank_run(tmp_path)
    bomb = torch.zeros(1).expand(10**6, 10**6)
    checkpoint.save(run, dataclasses.replace(_payload(1), weights={"conv1.weight": bomb}), best=False)
    assert (run.checkpoints / "last.pt").stat().st_size < 10_000
    with pytest.raises(BadInput, match="not a checkpoint"):
        checkpoint.load(run, "last")


def test_fault_55_a_checkpoint_of_another_device_loads_on_the_cpu(tmp_path: Path) -> None:
    """As one of a GPU is read here: its tensors say where they were."""
    run = blank_run(tmp_path)
    checkpoint.save(run, dataclasses.replace(_payload(1), weights={"a": torch.ones(4)}), best=False)
    last = run.checkpoints / "last.pt"
    with zipfile.ZipFile(last) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(last, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            # In the pickle a device is a short string: its length, then its letters.
            archive.writestr(name, content.replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0"))
    _forge(run, "last.pt")
    assert b"cuda:0" in last.read_bytes()
    assert checkpoint.load(run, "last").weights["a"].device == torch.device("cpu")


def test_fault_51_a_crash_in_the_very_first_save_leaves_the_best_one_to_go_on_from(tmp_path: Path) -> None:
    """`best.pt` is written before `last.pt`."""
    run = blank_run(tmp_path)
    checkpoint.save(run, _payload(step=3), best=True)
    for path in run.checkpoints.glob("*.pt"):
        if path.name != "best.pt":
            path.unlink()
    assert checkpoint.has_any(run)
    assert checkpoint.load(run, "last").step == 3
