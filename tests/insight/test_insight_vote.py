"""Votes against loops and scikit-learn, neighbours among pixels against loops, the shortcut against its batches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from insight_runs import save_weights
from numpy.typing import NDArray
from sklearn.neighbors import KNeighborsClassifier

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import finished
from alexnet_studio.insight.features import embed
from alexnet_studio.insight.loaded import load
from alexnet_studio.insight.neighbours import Neighbours
from alexnet_studio.insight.pixel_space import nearest_pixels, opened, view_of
from alexnet_studio.insight.shortcut import batches_of, shortcut
from alexnet_studio.insight.vote import among_indexed, count, others, suspects
from alexnet_studio.insight.vote_run import On, VoteReport, vote_run
from alexnet_studio.runs import features as feature_files
from alexnet_studio.runs.folder import RunFolder

Features = NDArray[np.float32]


def _clouds(images: int, seed: int = 0) -> tuple[Features, list[str]]:
    rng = np.random.default_rng(seed)
    labels = rng.integers(3, size=images)
    features = (rng.normal(size=(images, 6)) + 1.5 * np.eye(3, 6)[labels]).astype(np.float32)
    return features, [("a", "b", "c")[i] for i in labels]


def test_the_vote_is_scikit_learns_where_nothing_ties() -> None:
    features, classes = _clouds(300)
    queries, own = _clouds(90, seed=1)
    near = finished(among_indexed(Neighbours(features), queries, 7))
    vote = count(own, near, classes, 7)
    model: Any = KNeighborsClassifier(n_neighbors=7, algorithm="brute")
    model.fit(features, classes)
    predicted = model.predict(queries)
    tied = [sorted(classes[row] for row in rows) for rows in near]
    compared = 0
    for one, theirs, names in zip(vote.judged, predicted, tied, strict=True):
        if sorted((names.count(name) for name in set(names)), reverse=True)[:2] not in ([3, 3], [2, 2]):
            assert one.winner == theirs
            compared += 1
    assert compared > 60
    assert vote.accuracy == sum(one.winner == name for one, name in zip(vote.judged, own, strict=True)) / 90


def test_leaving_one_out_as_loops_do() -> None:
    features, classes = _clouds(120)
    features[7] = features[3]  # a copy counts, oneself does not
    near = finished(others(Neighbours(features), features, range(120), 5))
    for row, found in enumerate(near):
        distances = np.square(features.astype(np.float64) - features[row].astype(np.float64)).sum(axis=1)
        order = [int(i) for i in np.argsort(distances, kind="stable") if i != row]
        assert list(found) == order[:5]
    assert near[7][0] == 3
    vote = count(classes, near, classes, 5)
    shares = [np.mean([classes[i] == classes[row] for i in found]) for row, found in enumerate(near)]
    assert vote.same_class == pytest.approx(np.mean(shares))


def test_a_tie_goes_to_the_nearest() -> None:
    vote = count(["b"], [(0, 1, 2, 3)], ["a", "b", "b", "a"], 4)
    assert (vote.judged[0].winner, vote.judged[0].votes, vote.judged[0].agreeing) == ("a", 2, 2)


def test_a_lost_tie_is_no_suspicion() -> None:
    assert suspects(count(["b", "b"], [(0, 1), (0, 0)], ["a", "b"], 2))[0].position == 1
    assert len(suspects(count(["b"], [(0, 1)], ["a", "b"], 2))) == 0


def test_suspects_are_those_whose_neighbours_disagree_first_the_worst() -> None:
    rng = np.random.default_rng(2)
    classes = ["a"] * 40 + ["b"] * 40
    features = (rng.normal(size=(80, 4)) + 20 * np.repeat([[0.0], [1.0]], 40, axis=0)).astype(np.float32)
    features[[5, 61]] += np.array([[20], [-20]], np.float32)  # each lies among the other class
    near = finished(others(Neighbours(features), features, range(80), 6))
    found = suspects(count(classes, near, classes, 6))
    assert sorted(one.position for one in found) == [5, 61]
    assert {(one.judged.own, one.judged.winner, one.judged.votes) for one in found} == {
        ("a", "b", 6),
        ("b", "a", 6),
    }


@pytest.mark.parametrize("batch", [1, 3, 10, 40, 1000])
def test_the_shortcut_keeps_the_nearest_of_each_batch(batch: int) -> None:
    features, _ = _clouds(200)
    query = _clouds(1, seed=5)[0][0]
    numbers = batches_of(200, batch=batch)
    assert np.bincount(numbers).max() == min(batch, 200)
    search = Neighbours(features)
    answer = shortcut(search, query, 6, numbers)
    distances = np.square(features.astype(np.float64) - query).sum(axis=1)
    best = [min(np.flatnonzero(numbers == i), key=lambda row: distances[row]) for i in np.unique(numbers)]
    expected = sorted((int(row) for row in best), key=lambda row: distances[row])[:6]
    assert [one.row for one in answer.found] == expected
    true = [one.row for one in search.search(query, 6)]
    assert [one.row for one in answer.missed] == [row for row in true if row not in expected]
    if batch == 1:
        assert answer.missed == ()


def _indexed(run: RunFolder) -> None:
    list(embed(load(run), run))


def test_neighbours_among_pixels_as_a_loop_finds_them(run: RunFolder, photos: Path) -> None:
    _indexed(run)
    file, record = feature_files.read(run.features, "fc7"), load(run).record
    space = finished(opened(run, file, record))
    views = {path: view_of(photos / path, record).astype(np.int64) for path in file.paths}
    query = view_of(photos / "red/5.png", record)
    expected = sorted(
        (float(np.sqrt(np.square(views[path] - query).sum())), i) for i, path in enumerate(file.paths)
    )
    (found,) = finished(nearest_pixels(space, query[None], 7))
    assert [(one.distance, one.row) for one in found] == expected[:7]
    (left,) = finished(nearest_pixels(space, query[None], 12, leave_out=[expected[0][1]]))
    assert [one.row for one in left] == [row for _, row in expected[1:]]


def test_an_image_that_is_gone_has_no_pixels(run: RunFolder, photos: Path) -> None:
    _indexed(run)
    file, record = feature_files.read(run.features, "fc7"), load(run).record
    (photos / file.paths[4]).unlink()
    space = finished(opened(run, file, record))
    assert sorted(space.rows) == [row for row in range(12) if row != 4]


@pytest.mark.parametrize("on", ["train", "val"])
def test_a_runs_vote_stands_beside_its_network(run: RunFolder, on: On) -> None:
    _indexed(run)
    file = feature_files.read(run.features, "fc7")
    report = list(vote_run(load(run), run, file, 3, on=on, pixels=True))[-1]
    assert isinstance(report, VoteReport)
    document = report.as_json()
    assert document["images"] == (12 if on == "train" else 6)
    assert document["pixels"]["accuracy"] == 1  # the classes are colours
    assert set(report.paths) == set(getattr(run.record.split, on))
    assert 0 <= document["network_accuracy"] <= 1
    some = list(vote_run(load(run), run, file, 3, on=on, most=4))[-1]
    assert isinstance(some, VoteReport)
    assert some.features.images == len(some.paths) == 4


def test_a_vote_of_other_weights_is_refused(run: RunFolder) -> None:
    _indexed(run)
    save_weights(run, seed=9)
    with pytest.raises(BadInput, match="Index the run again"):
        list(vote_run(load(run), run, feature_files.read(run.features, "fc7"), 3))
