"""Pinned images and what was seen of them: as they were, in their epochs, and never out of the run's folder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from blank_run import blank_run

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs import changes, pins
from alexnet_studio.runs.changes import Change
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.pins import Looked, PinRecords

VIEW = np.arange(4 * 4 * 3, dtype=np.uint8).reshape(4, 4, 3)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return blank_run(tmp_path)


def _looked(epoch: int, key: str = "0123456789abcdef") -> Looked:
    near = tuple((row, 0.1 + row + epoch) for row in range(4))
    return Looked(epoch, key, ((1, 0.75), (0, 0.25)), near, 40)


def _change(step: int, kind: changes.Kind, pin: pins.Pin) -> Change:
    return Change(step, kind, image=pin.image, key=pin.key)


def test_a_view_is_kept_by_what_it_is(run: RunFolder) -> None:
    pin = pins.write_view(run, "猫/1.png", VIEW)
    assert np.array_equal(pins.read_view(run, pin), VIEW)
    other = pins.write_view(run, "猫/1.png", VIEW + 1)  # the same file, changed meanwhile
    assert other.key != pin.key and np.array_equal(pins.read_view(run, pin), VIEW)


@pytest.mark.parametrize("content", [None, b"", b"junk", b"changed"])
def test_a_damaged_view_is_one_sentence(run: RunFolder, content: bytes | None) -> None:
    pin = pins.write_view(run, "猫/1.png", VIEW)
    path = run.pins / f"{pin.key}.npy"
    if content is None:
        path.unlink()
    elif content == b"changed":
        np.save(path, VIEW[::-1])
    else:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=r"猫/1\.png is damaged") as caught:
        pins.read_view(run, pin)
    assert caught.value.code == "pin_damaged"


def test_what_is_pinned_follows_the_changes(run: RunFolder) -> None:
    cat, dog = (pins.write_view(run, name, VIEW) for name in ("cat.png", "dog.png"))
    changes.begin(run.path, [_change(0, "pin", cat)])
    changes.add(run.path, _change(5, "pin", dog))
    changes.add(run.path, Change(6, "rate", factor=0.5))
    changes.add(run.path, _change(9, "unpin", cat))
    assert [pins.pinned(run.path, step) for step in (0, 5, 8, 9)] == [(cat,), (cat, dog), (cat, dog), (dog,)]
    assert pins.pinned(run.path) == (dog,) and pins.ever_pinned(run.path) == (cat, dog)


def test_a_key_that_leads_elsewhere_is_damage(run: RunFolder) -> None:
    """A packed run may be a stranger's: a key becomes the name of a file."""
    document = [{"step": 0, "kind": "pin", "image": "a.png", "key": "../../checkpoints/last"}]
    (run.path / changes.NAME).write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        pins.pinned(run.path)
    assert caught.value.code == "changes_damaged"


def test_changes_of_an_older_version_are_read(run: RunFolder) -> None:
    document = [{"step": 3, "kind": "freeze", "factor": 1.0, "layer": "conv1"}]
    (run.path / changes.NAME).write_text(json.dumps(document), encoding="utf-8")
    assert changes.read(run.path) == (Change(3, "freeze", layer="conv1"),)


def test_what_was_seen_comes_back(run: RunFolder) -> None:
    records = PinRecords(run)
    assert records.read() == () and records.thumbnails() == {}
    for epoch in (1, 2, 3):
        records.append(epoch, [_looked(epoch), _looked(epoch, "fedcba9876543210")])
        records.append_thumbnails(epoch, {epoch: np.full((64, 64, 3), epoch, np.uint8)})
    wanted = tuple(
        _looked(epoch, key) for epoch in (1, 2, 3) for key in ("0123456789abcdef", "fedcba9876543210")
    )
    assert records.read() == wanted
    whole = {path.name: path.read_bytes() for path in run.pins.iterdir()}
    records.cut(1)
    assert records.read() == wanted[:2] and [*records.thumbnails()] == [1]
    for epoch in (2, 3):
        records.append(epoch, [_looked(epoch), _looked(epoch, "fedcba9876543210")])
        records.append_thumbnails(epoch, {epoch: np.full((64, 64, 3), epoch, np.uint8)})
    assert {path.name: path.read_bytes() for path in run.pins.iterdir()} == whole


def test_a_damaged_record_is_left_out(run: RunFolder) -> None:
    records = PinRecords(run)
    for epoch in (1, 2, 3):
        records.append(epoch, [_looked(epoch)])
    path = run.pins / "answers.epochs"
    content = bytearray(path.read_bytes())
    content[len(content) // 3 + 30] ^= 8
    path.write_bytes(content)
    assert [one.epoch for one in PinRecords(run).read()] == [1, 3]
