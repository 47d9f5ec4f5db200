"""Section 6 of the paper: a sixth convolution, learned on many classes, then tuned for others."""

from __future__ import annotations

from pathlib import Path

import tiny
import torch

from alexnet_studio.networks import catalogue
from alexnet_studio.networks.editing import frozen
from alexnet_studio.runs import checkpoint
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.rows import Ended, Note
from alexnet_studio.training.trainer import Request, train

_FEW = {"epochs": 1, "batch_size": 4, "image_size": 80, "lr": 0.001}


def _weights(run: Path) -> dict[str, torch.Tensor]:
    return checkpoint.load(run_folder.open(run), "last").weights


def test_the_sixth_convolution_is_kept_and_another_classifier_begins_anew(tmp_path: Path) -> None:
    many = tiny.folder(tmp_path / "many", classes=6, each=3)
    few = tiny.folder(tmp_path / "few", classes=2, each=4)
    plan = catalogue.get("paper-conv6", classes=6, image_size=80, width=0.05)
    list(train(Request(many, tmp_path / "first", plan, tiny.recipe(**_FEW))))
    tuned = frozen(catalogue.get("paper-conv6", classes=2, image_size=80, width=0.05), "conv6")
    events = list(
        train(Request(few, tmp_path / "second", tuned, tiny.recipe(**_FEW), start=tmp_path / "first"))
    )
    assert isinstance(events[-1], Ended) and events[-1].reason == "finished"
    told = next(event.sentence for event in events if isinstance(event, Note) and event.code == "begins_from")
    assert "fc8 begins anew" in told
    before, after = _weights(tmp_path / "first"), _weights(tmp_path / "second")
    for name in ("conv1.weight", "conv6.weight", "conv6.bias"):
        assert torch.equal(before[name], after[name])
    assert before["fc7.weight"].shape == after["fc7.weight"].shape
    assert not torch.equal(before["fc7.weight"], after["fc7.weight"])
    assert after["fc8.weight"].shape[0] == 2
