"""The line before Start: counted exactly, timed roughly."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny
import torch

from alexnet_studio.ground import device as devices
from alexnet_studio.ground.progress import Progress
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.training.estimate import Estimate, estimate, memory_bytes
from alexnet_studio.training.propose import propose, warnings


def test_images_and_steps_are_those_of_the_training(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data", classes=3, each=7)
    events = list(estimate(folder, tiny.spec(3), tiny.recipe(epochs=3)))
    found = events[-1]
    assert isinstance(found, Estimate)
    assert (found.images, found.steps) == (18, 15)
    assert 0 < found.seconds < 60
    assert all(isinstance(event, Progress) for event in events[:-1])


def test_a_long_step_is_timed_on_fewer_images(tmp_path: Path) -> None:
    """38 images are more than mini is timed on: what they take comes from a line through two smaller batches."""
    folder = tiny.folder(tmp_path / "data", each=24)
    mini = catalogue.get("mini", classes=2)
    found = list(estimate(folder, mini, tiny.recipe(batch_size=38, epochs=1)))[-1]
    assert isinstance(found, Estimate)
    assert (found.images, found.steps) == (38, 1)
    assert 0 < found.seconds < 60


def test_fault_42_without_a_gpu_the_proposal_takes_minutes_and_this_is_known_before_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    threads = torch.get_num_threads()
    folder = tiny.folder(tmp_path / "data", each=10)
    device = devices.resolve()
    proposal = propose(folder, device.kind)
    spec = catalogue.get(proposal.network, classes=2)
    torch.set_num_threads(2)
    try:
        found = list(estimate(folder, spec, proposal.recipe))[-1]
    finally:
        torch.set_num_threads(threads)
    assert isinstance(found, Estimate)
    assert (device.kind, proposal.network) == ("cpu", "mini")
    assert 0 < found.seconds < 20 * 60  # the longest of all proposals for a CPU: 20,000 images are shown
    assert found.memory_bytes < 1 << 30
    assert warnings(folder, spec, proposal.recipe, device.kind) == ()


def test_memory_counts_weights_and_what_the_backward_pass_keeps() -> None:
    spec, cpu = catalogue.get("mini"), devices.resolve("cpu", "float32")
    recipe = tiny.recipe()
    one, two = (memory_bytes(spec, recipe, cpu, batch) for batch in (1, 2))
    assert one > report(spec).totals.params * 4 * 3  # weight, gradient, momentum
    assert two - one > 48 * 31 * 31 * 4 * 2  # conv1 before and after its ReLU
    assert memory_bytes(spec, tiny.recipe(optimizer="adam"), cpu, 1) - one == report(spec).totals.params * 4
