"""A feature file is whole or it is not there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs import features
from alexnet_studio.runs.feature_draft import Draft
from alexnet_studio.runs.features import FeatureFile


def _written(folder: Path, checkpoint: str = "abc") -> FeatureFile:
    with Draft(folder, "fc7", images=3, dimensions=4) as draft:
        draft.features[:] = np.arange(12, dtype=np.float32).reshape(3, 4)
        draft.thumbnails[1] = 7
        return draft.finish(
            paths=["a/1.png", "a/2.png", "猫/3.png"],
            classes=["a", "a", "猫"],
            checkpoint=checkpoint,
            source="/photos",
        )


def test_what_was_written_is_read(tmp_path: Path) -> None:
    written, found = _written(tmp_path), features.read(tmp_path, "fc7")
    np.testing.assert_array_equal(found.features, np.arange(12).reshape(3, 4))
    assert found.thumbnails.shape == (3, 64, 64, 3)
    assert (found.paths, found.classes, found.checkpoint, found.source) == (
        written.paths, ("a", "a", "猫"), "abc", "/photos",
    )  # fmt: skip
    assert isinstance(found.features, np.memmap)
    assert not found.features.flags.writeable
    assert features.layers(tmp_path) == ("fc7",)


def test_the_files_keys_are_the_contracts(tmp_path: Path) -> None:
    _written(tmp_path)
    document = json.loads((tmp_path / "fc7.json").read_text(encoding="utf-8"))
    assert set(document) == {"paths", "classes", "layer", "checkpoint", "folder"}
    assert np.load(tmp_path / "fc7.npy").dtype == np.float32


def test_a_draft_that_is_left_leaves_nothing_and_keeps_the_old(tmp_path: Path) -> None:
    _written(tmp_path, "old")
    with pytest.raises(KeyboardInterrupt), Draft(tmp_path, "fc7", images=9, dimensions=4) as draft:
        draft.features[:3] = 1
        raise KeyboardInterrupt
    assert features.read(tmp_path, "fc7").checkpoint == "old"
    assert not list(tmp_path.glob(".*"))


def test_no_features_yet(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        features.read(tmp_path, "fc7")
    assert caught.value.code == "no_features"


@pytest.mark.parametrize("name", ["fc7.json", "fc7.npy", "fc7.thumbnails.npy"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"\x93NUMPY"])
def test_damage_says_index_again(tmp_path: Path, name: str, content: bytes | None) -> None:
    _written(tmp_path)
    if content is not None:
        (tmp_path / name).write_bytes(content)
    elif name == "fc7.json":
        document = json.loads((tmp_path / name).read_text(encoding="utf-8"))
        (tmp_path / name).write_text(json.dumps({**document, "paths": document["paths"][:-1]}))
    else:
        (tmp_path / name).unlink()
    with pytest.raises(BadInput) as caught:
        features.read(tmp_path, "fc7")
    assert caught.value.code == "features_damaged"


_KILLED = """
import os, sys
from pathlib import Path
from alexnet_studio.runs import feature_draft
feature_draft._KEEP_S = -1.0
with feature_draft.Draft(Path(sys.argv[1]), "fc7", images=6, dimensions=4, of="seven") as draft:
    draft.features[:4] = 7
    draft.thumbnails[:4] = 9
    draft.advance(4)
    draft.features[4:] = 5
    os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize(
    ("of", "images", "done"), [("seven", 6, 4), ("eight", 6, 0), ("seven", 5, 0), ("", 6, 0)]
)
def test_a_draft_that_was_killed_is_taken_up_by_the_same_only(
    tmp_path: Path, of: str, images: int, done: int
) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False)
    assert killed.returncode != 0
    with Draft(tmp_path, "fc7", images=images, dimensions=4, of=of) as draft:
        assert draft.done == done
        assert (draft.features[:done] == 7).all()
        assert (draft.thumbnails[:done] == 9).all()
        draft.features[done:] = 1
        file = draft.finish(
            paths=[f"{i}.png" for i in range(images)], classes=["a"] * images, checkpoint="c", source="/"
        )
    assert file.features[:, 0].tolist() == [7.0] * done + [1.0] * (images - done)
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("content", [b"", b"[]", b'{"of": "seven", "sizes": [6, 4], "done": 99}'])
def test_a_damaged_note_of_a_draft_begins_anew(tmp_path: Path, content: bytes) -> None:
    subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False)
    (tmp_path / ".fc7.draft").write_bytes(content)
    with Draft(tmp_path, "fc7", images=6, dimensions=4, of="seven") as draft:
        assert draft.done == 0


def test_a_draft_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="no"),
        Draft(tmp_path, "fc7", images=6, dimensions=4, of="a") as draft,
    ):
        draft.advance(3)
        raise ValueError("no")
    assert not list(tmp_path.iterdir())
