"""Which training images pinned ones are compared with, and how an epoch that is past is scored."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_studio.insight.epoch_answers import scored
from alexnet_studio.insight.pinned import drawn
from alexnet_studio.runs.answers import EpochAnswers

METRICS: Any = import_module("sklearn.metrics")  # its stubs know less than it does


@given(st.lists(st.integers(0, 5), min_size=1, max_size=200), st.integers(1, 150), st.integers(0, 9))
def test_a_draw_takes_each_class_share(labels: list[int], most: int, seed: int) -> None:
    places = drawn(labels, most, seed)
    assert list(places) == sorted(set(places)) and len(places) == min(most, len(labels))
    assert places == drawn(labels, most, seed)
    there, taken = Counter(labels), Counter(labels[place] for place in places)
    for label, count in there.items():
        assert abs(taken[label] - len(places) * count / len(labels)) <= len(there)
        assert taken[label] or most < len(there)  # one of each, where there is room


def test_a_draw_follows_from_the_seed_alone() -> None:
    labels = [label for label in range(10) for _ in range(600)]
    draws = {drawn(labels, 2_000, seed) for seed in (1, 2, 3)}
    assert len(draws) == 3
    assert {count for places in draws for count in Counter(labels[i] for i in places).values()} == {200}


def test_an_epochs_numbers_are_scikit_learns() -> None:
    chance = np.random.default_rng(0)
    labels, guesses = chance.integers(0, 4, 90), chance.integers(-1, 4, 90)
    among = (labels == guesses) | chance.integers(0, 2, 90).astype(np.bool_)
    found = scored(EpochAnswers(7, labels, guesses, among), 4)
    judged = guesses >= 0
    labels, guesses, among = labels[judged], guesses[judged], among[judged]
    assert (found.epoch, found.images) == (7, len(labels)) and 0 < len(labels) < 90
    assert np.array_equal(found.cells, METRICS.confusion_matrix(labels, guesses, labels=range(4)))
    assert found.top1 == pytest.approx(METRICS.accuracy_score(labels, guesses))
    assert found.top5 == pytest.approx(among.mean())
    wanted = METRICS.precision_recall_fscore_support(labels, guesses, labels=range(4))
    for label, score in enumerate(found.classes):
        assert (score.precision, score.recall, score.f1) == pytest.approx(
            [part[label] for part in wanted[:3]]
        )
        assert score.top5 == pytest.approx(among[labels == label].mean())


def test_an_epoch_in_which_nothing_could_be_judged() -> None:
    found = scored(EpochAnswers(1, np.array([0, 1]), np.array([-1, -1]), np.zeros(2, np.bool_)), 2)
    assert found.images == 0 and np.isnan(found.top1) and found.cells.sum() == 0
    assert found.classes[0].recall is None
