"""Fewer than five classes: top-5 would always be right, and torch's `topk` refuses it."""

from __future__ import annotations

from typing import Any

import pytest
import tiny

from alexnet_studio.training.plan import Plan


@pytest.mark.parametrize(("classes", "k"), [(2, 2), (4, 4), (5, 5), (1000, 5)])
def test_fault_06_top_k_is_of_as_many_classes_as_there_are(classes: int, k: int) -> None:
    unused: Any = None
    assert Plan(tiny.spec(classes), tiny.recipe(), unused, unused, unused, unused, ()).k == k
