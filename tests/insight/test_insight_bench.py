"""The benchmark's protocol: how many calls it makes, what it goes back from, and that its numbers are times."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alexnet_studio.ground import device as devices
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.insight.bench import Objective, Timing, bench
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.spec import Spec

CPU = devices.resolve("cpu", "float32")


def timing(spec: Spec, batch: int = 4, objective: Objective | None = None) -> tuple[list[Progress], Timing]:
    *progress, last = bench(spec, CPU, batch=batch, objective=objective, warm_up=2, timed=5)
    assert isinstance(last, Timing)
    return [event for event in progress if isinstance(event, Progress)], last


def test_it_warms_up_times_and_says_how_long_things_take() -> None:
    progress, found = timing(catalogue.get("mini", width=0.25))
    assert len(progress) == 3 * (2 + 5)
    assert (found.network, found.device, found.batch) == ("mini", "cpu", 4)
    assert 0 < found.forward_ms < found.step_ms
    assert found.images_per_second == pytest.approx(4000 / found.step_ms)
    assert 0 < found.latency_ms < found.forward_ms * 2


def test_a_network_of_features_goes_back_from_its_last_pooling() -> None:
    _, found = timing(catalogue.get("tf-lrn", width=0.1, image_size=63))
    assert found.step_ms > 0


@pytest.mark.parametrize("objective", ["loss", "pool5"])
def test_either_objective_can_be_asked_for(objective: Objective) -> None:
    assert timing(catalogue.get("lenet"), objective=objective)[1].step_ms > 0


def test_what_cannot_be_timed_is_said() -> None:
    for batch, timed in ((0, 5), (4, 0)):
        with pytest.raises(BadInput):
            list(bench(catalogue.get("lenet"), CPU, batch=batch, timed=timed))
    bare = replace(catalogue.get("lenet"), layers=catalogue.get("lenet").layers[-3:], image_size=8)
    with pytest.raises(BadInput, match="no pooling"):
        timing(bare, objective="pool5")
