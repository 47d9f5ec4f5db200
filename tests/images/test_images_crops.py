"""Counting crops: by listing them all."""

from __future__ import annotations

from itertools import product

import pytest

from alexnet_studio.images.crops import crops, number, papers_crops


def test_the_papers_and_the_codes_numbers() -> None:
    assert crops(256, 224) == 2178
    assert papers_crops(256, 224) == 2048
    assert crops(224, 224) == 2
    assert papers_crops(224, 224) == 0


@pytest.mark.parametrize(("side", "size"), [(74, 64), (37, 32), (8, 8), (9, 8)])
def test_each_crop_has_its_number(side: int, size: int) -> None:
    for places, count in ((side - size + 1, crops), (side - size, papers_crops)):
        listed = list(product(range(places), range(places), (False, True)))
        assert len(listed) == count(side, size)
        found = [number((top, left), places, mirrored=mirrored) for top, left, mirrored in listed]
        assert found == list(range(1, len(listed) + 1))
        plain = [
            number((top, left), places, mirrored=None) for top in range(places) for left in range(places)
        ]
        assert plain == list(range(1, count(side, size, mirrored=False) + 1))
        assert number((places, 0), places, mirrored=False) is None
