"""Every class as often, every image before any comes again."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from alexnet_studio.images.balanced_order import balanced_order

LABELS = st.lists(st.integers(0, 4), min_size=1, max_size=60)


@given(LABELS, st.integers(0, 9), st.integers(0, 3))
def test_classes_are_visited_alike(labels: list[int], seed: int, epoch: int) -> None:
    positions, repeats = balanced_order(labels, seed=seed, epoch=epoch)
    assert len(positions) == len(repeats) == len(labels)
    visits = Counter(labels[position] for position in positions)
    assert set(visits) == set(labels) and max(visits.values()) - min(visits.values()) <= 1
    for label in visits:
        images = Counter(position for position in positions if labels[position] == label)
        counts = [images.get(i, 0) for i, one in enumerate(labels) if one == label]
        assert max(counts) - min(counts) <= 1
    assert len(set(zip(positions, repeats, strict=True))) == len(positions)
    assert (positions, repeats) == balanced_order(labels, seed=seed, epoch=epoch)


def test_a_large_class_shows_other_images_in_the_next_epoch() -> None:
    labels = [0] * 90 + [1] * 10
    shown = [set(balanced_order(labels, seed=1, epoch=epoch)[0]) for epoch in (0, 1)]
    assert shown[0] != shown[1] and set(range(90, 100)) <= shown[0] & shown[1]
