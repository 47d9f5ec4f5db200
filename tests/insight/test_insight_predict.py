"""Predictions and queries against the module itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import decode
from alexnet_studio.images.loader import image_tensor
from alexnet_studio.insight.loaded import load
from alexnet_studio.insight.predict import predict, query
from alexnet_studio.insight.views import Views
from alexnet_studio.runs.folder import RunFolder


def test_probabilities_are_the_softmax_of_the_network(run: RunFolder, photos: Path) -> None:
    loaded = load(run)
    path = photos / "red" / "0.png"
    answers = list(predict(loaded, [path]))
    tensor = image_tensor(decode.read(path).pixels, loaded.record)[None]
    with torch.inference_mode():
        expected = torch.softmax(loaded.network(tensor), 1)[0].numpy()
    assert [name for name, _ in answers[0].top] == [loaded.classes[i] for i in np.argsort(-expected)]
    assert [share for _, share in answers[0].top] == pytest.approx(sorted(expected, reverse=True), abs=1e-6)
    assert sum(share for _, share in answers[0].top) == pytest.approx(1, abs=1e-6)


def test_an_unreadable_image_gets_its_own_row(run: RunFolder, photos: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.jpg"
    text.write_text("not an image")
    first, bad, gone, last = predict(
        load(run), [photos / "red" / "0.png", text, tmp_path / "gone.png", photos / "red" / "0.png"]
    )
    assert first.error is None
    assert first.top == last.top
    assert bad.error is not None
    assert str(text) in bad.error
    assert bad.top == ()
    assert gone.error is not None


@pytest.mark.parametrize("views", ["center", "ten"])
def test_many_are_answered_as_one_by_one_and_left_at_any_moment(
    run: RunFolder, photos: Path, tmp_path: Path, views: Views
) -> None:
    loaded = load(run)
    (tmp_path / "text.jpg").write_text("not an image")
    some = sorted(photos.rglob("*.png"))
    paths = [*some, tmp_path / "text.jpg", *some, *some, *some]  # more than are answered at once
    answers = list(predict(loaded, paths, views))
    assert [answer.image for answer in answers] == paths
    for answer in answers:
        (alone,) = predict(loaded, [answer.image], views)
        assert dict(answer.top) == pytest.approx(dict(alone.top), abs=1e-6)
        assert [view.top[0][0] for view in answer.views] == [view.top[0][0] for view in alone.views]
        assert answer.error == alone.error
    for _ in predict(loaded, paths, views):
        break  # a thread that reads on would be found by the fixture of all tests


def test_a_query_gives_what_predict_and_the_hidden_layer_give(run: RunFolder, photos: Path) -> None:
    loaded = load(run)
    path = photos / "blue" / "1.png"
    probabilities, features = query(loaded, path)
    (answer,) = predict(loaded, [path])
    assert max(probabilities) == pytest.approx(answer.top[0][1])
    tensor = image_tensor(decode.read(path).pixels, loaded.record)[None]
    with torch.inference_mode():
        assert np.array_equal(features, loaded.network.hidden(tensor)[0].numpy())
    assert features.min() >= 0  # after the ReLU


def test_an_unknown_layer_is_refused_by_name(run: RunFolder, photos: Path) -> None:
    with pytest.raises(BadInput, match="fc99"):
        query(load(run), photos / "blue" / "1.png", "fc99")
