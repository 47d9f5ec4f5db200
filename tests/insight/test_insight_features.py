"""The feature file: each row is the hidden layer's answer to the image at its path."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from insight_runs import save_weights
from PIL import Image

from alexnet_studio.ground.errors import BadInput, StudioError
from alexnet_studio.ground.progress import Progress
from alexnet_studio.insight import features as features_room
from alexnet_studio.insight.features import Embedded, embed
from alexnet_studio.insight.loaded import load
from alexnet_studio.insight.neighbours import nearest
from alexnet_studio.insight.predict import query
from alexnet_studio.runs import features as feature_files
from alexnet_studio.runs.folder import RunFolder


def _embedded(run: RunFolder, folder: Path | None = None, *, layer: str | None = None) -> Embedded:
    last = list(embed(load(run), run, folder, layer=layer))[-1]
    assert isinstance(last, Embedded)
    return last


def test_rows_are_the_training_images_in_the_order_of_the_record(run: RunFolder, photos: Path) -> None:
    done = _embedded(run)
    loaded = load(run)
    file = feature_files.read(run.features, "fc7")
    assert file.paths == run.record.split.train
    assert file.classes == tuple(path.split("/")[0] for path in file.paths)
    assert (file.checkpoint, file.source) == (loaded.checkpoint_id, str(photos))
    assert (done.images, done.dimensions, done.left_out) == (12, file.features.shape[1], 0)
    assert done.file.stat().st_size > 0
    for row, path in enumerate(file.paths):
        np.testing.assert_allclose(file.features[row], query(loaded, photos / path)[1], rtol=1e-4, atol=1e-5)


def test_thumbnails_show_the_images_themselves(run: RunFolder, photos: Path) -> None:
    _embedded(run)
    file = feature_files.read(run.features, "fc7")
    assert file.thumbnails.shape == (12, 64, 64, 3)
    for path, thumbnail in zip(file.paths, file.thumbnails, strict=True):
        original = np.asarray(Image.open(photos / path))
        assert np.abs(thumbnail.mean(axis=(0, 1)) - original.mean(axis=(0, 1))).max() < 4


def test_an_indexed_image_is_its_own_nearest_neighbour(run: RunFolder, photos: Path) -> None:
    _embedded(run)
    file = feature_files.read(run.features, "fc7")
    for row in (0, 5, 11):
        found = nearest(file, file.features[row], 3)
        assert (found[0].path, found[0].distance) == (file.paths[row], 0.0)
        assert nearest(file, query(load(run), photos / file.paths[row])[1], 1)[0].row == row


def test_another_folder_and_another_layer(run: RunFolder, photos: Path) -> None:
    done = _embedded(run, photos, layer="fc6")
    file = feature_files.read(run.features, "fc6")
    assert done.images == len(file.paths) == 18
    assert file.layer == "fc6"


def test_closing_early_keeps_the_old_features_and_what_was_computed(run: RunFolder, photos: Path) -> None:
    _embedded(run)
    events = embed(load(run), run, photos)
    for event in events:
        if isinstance(event, Progress) and event.what == "index":
            break
    events.close()
    assert feature_files.read(run.features, "fc7").paths == run.record.split.train
    assert not list(run.features.glob("*.tmp"))
    again = [event for event in embed(load(run), run, photos) if isinstance(event, Progress)]
    assert not [event for event in again if event.what == "index"]  # one batch was all, and it is there
    assert len(feature_files.read(run.features, "fc7").paths) == 18
    assert not list(run.features.glob(".*"))


def test_what_was_interrupted_is_finished_as_if_it_had_not_been(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    _embedded(run)
    whole = feature_files.read(run.features, "fc7")
    expected, thumbnails = np.array(whole.features), np.array(whole.thumbnails)
    monkeypatch.setattr(features_room, "_BATCH", 5)
    events = embed(load(run), run)
    for event in events:
        if event == Progress("index", 10, 12):
            break
    events.close()
    events = [
        event for event in embed(load(run), run) if isinstance(event, Progress) and event.what == "index"
    ]
    assert events == [Progress("index", 12, 12)]
    found = feature_files.read(run.features, "fc7")
    np.testing.assert_allclose(found.features, expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(found.thumbnails, thumbnails)


def test_what_was_computed_by_other_weights_is_not_taken_up(
    run: RunFolder, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(features_room, "_BATCH", 5)
    events = embed(load(run), run)
    for event in events:
        if event == Progress("index", 10, 12):
            break
    events.close()
    save_weights(run, seed=3)
    done = [event for event in embed(load(run), run) if isinstance(event, Progress) and event.what == "index"]
    assert [event.done for event in done] == [5, 10, 12]
    file = feature_files.read(run.features, "fc7")
    assert file.checkpoint == load(run).checkpoint_id
    assert nearest(file, query(load(run), photos / file.paths[2])[1], 1)[0].row == 2


def test_images_that_are_gone_are_left_out_and_counted(run: RunFolder, photos: Path) -> None:
    (photos / "red" / "0.png").unlink()
    (photos / "red" / "1.png").write_bytes((photos / "red" / "1.png").read_bytes()[:200])
    done = _embedded(run)
    assert (done.images, done.left_out) == (10, 2)
    assert not {"red/0.png", "red/1.png"} & set(feature_files.read(run.features, "fc7").paths)


def test_a_wrong_layer_and_a_lost_folder_are_refused_before_any_work(run: RunFolder, photos: Path) -> None:
    with pytest.raises(BadInput, match="fc99"):
        next(embed(load(run), run, layer="fc99"))
    photos.rename(photos.parent / "moved")
    with pytest.raises(StudioError, match="photos"):
        list(embed(load(run), run))
    assert not run.features.exists()
