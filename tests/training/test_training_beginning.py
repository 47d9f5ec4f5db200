"""Training that begins from weights: what fits is taken, what is frozen stays, the rest begins anew and is told."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import tiny
import torch
from torch import Tensor

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.insight.exporting import export
from alexnet_studio.insight.loaded import load
from alexnet_studio.networks.build import build
from alexnet_studio.networks.editing import changed, frozen
from alexnet_studio.networks.spec import Spec
from alexnet_studio.runs import checkpoint
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.pack import pack
from alexnet_studio.runs.rows import Note, Step
from alexnet_studio.training.trainer import Request, resume, train


def weights(run: Path) -> dict[str, Tensor]:
    return checkpoint.load(run_folder.open(run), "last").weights


def begun(tmp_path: Path, spec: Spec, source: Path, classes: int = 3) -> list[str]:
    """Train one epoch from `source`; the sentences that were said."""
    folder = tiny.folder(tmp_path / "other", classes=classes)
    request = Request(folder, tmp_path / "new", spec, tiny.recipe(epochs=1), start=source)
    return [event.sentence for event in train(request) if isinstance(event, Note)]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A run of two classes."""
    folder = tiny.folder(tmp_path / "data")
    list(train(Request(folder, tmp_path / "old", tiny.spec(), tiny.recipe(epochs=1))))
    return tmp_path / "old"


def test_frozen_layers_stay_and_another_classifier_begins_anew(tmp_path: Path, old: Path) -> None:
    spec = frozen(tiny.spec(classes=3), "conv2")
    said = begun(tmp_path, spec, old)
    assert said[0] == f"Begins from {old}: 6 of 8 tensors; fc4 begins anew."
    before, after = weights(old), weights(tmp_path / "new")
    for name in ("conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias"):
        assert torch.equal(before[name], after[name])
    assert not torch.equal(before["fc3.weight"], after["fc3.weight"])
    assert after["fc4.weight"].shape == (3, 16)


def test_what_the_first_step_sees_are_the_old_weights(tmp_path: Path, old: Path) -> None:
    """Without learning anything the new run holds the old weights, and its own first ones where they do not fit."""
    spec = frozen(changed(tiny.spec(classes=3), "fc3", "neurons", 12), "fc3")
    said = begun(tmp_path, spec, old)
    assert said[0].endswith("4 of 8 tensors; fc3, fc4 begin anew.")
    before, after = weights(old), weights(tmp_path / "new")
    assert torch.equal(before["conv2.weight"], after["conv2.weight"])
    assert torch.equal(after["fc3.weight"], build(spec, seed=tiny.recipe().seed).state_dict()["fc3.weight"])


def test_images_are_normalised_as_the_weights_know_them(tmp_path: Path, old: Path) -> None:
    begun(tmp_path, tiny.spec(classes=3), old)
    ours, theirs = run_folder.open(tmp_path / "new").record.input, run_folder.open(old).record.input
    assert ours == theirs


def test_a_file_is_begun_from_too(tmp_path: Path) -> None:
    given = build(tiny.spec(), seed=9).state_dict()
    torch.save(given, tmp_path / "named.pt")
    said = begun(tmp_path, frozen(tiny.spec(classes=3), "conv2"), tmp_path / "named.pt")
    assert "fc4 begins anew" in said[0]
    assert "ImageNet's mean" in said[1]
    assert torch.equal(weights(tmp_path / "new")["conv1.weight"], given["conv1.weight"])


def packed(run: Path, target: Path, *, weights: bool = True) -> Path:
    list(pack(run, target, weights=weights))
    return target


def test_a_packed_run_is_begun_from_as_its_folder_is(tmp_path: Path, old: Path) -> None:
    file = packed(old, tmp_path / "theirs" / "their run.zip")
    whole = file.read_bytes()
    said = begun(tmp_path, frozen(tiny.spec(classes=3), "conv2"), file)
    assert said[0] == f"Begins from {file}: 6 of 8 tensors; fc4 begins anew."
    before, after = weights(old), weights(tmp_path / "new")
    assert all(torch.equal(before[name], after[name]) for name in ("conv1.weight", "conv2.bias"))
    assert run_folder.open(tmp_path / "new").record.input == run_folder.open(old).record.input
    # It is unpacked into the cache, and nowhere else.
    assert [path.read_bytes() for path in file.parent.iterdir()] == [whole]
    assert {path.name for path in tmp_path.iterdir()} == {"cache", "data", "old", "other", "new", "theirs"}


@pytest.mark.parametrize("how", ["folder", "pack", "safetensors"])
def test_as_many_other_classes_have_a_classifier_of_their_own(tmp_path: Path, old: Path, how: str) -> None:
    """The rows of the old one belong to other names."""
    source = old
    if how == "pack":
        source = packed(old, tmp_path / "old.zip")
    if how == "safetensors":
        source = export(load(run_folder.open(old)), tmp_path / "old.safetensors", "safetensors").file
    same = begun(tmp_path / "same", frozen(tiny.spec(), "fc3"), source, classes=2)
    assert same[0] == f"Begins from {source}: 8 of 8 tensors."
    folder = tiny.folder(tmp_path / "others")
    for name in ("class0", "class1"):
        (folder.root / name).rename(folder.root / f"other {name}")
    spec = frozen(tiny.spec(), "fc3")
    recipe = tiny.recipe(epochs=1, seed=3)
    request = Request(tiny.scanned(folder.root), tmp_path / "others-run", spec, recipe, start=source)
    said = [event.sentence for event in train(request) if isinstance(event, Note)]
    assert said == [f"Begins from {source}: 6 of 8 tensors; fc4 begins anew."]
    assert run_folder.open(request.run).record.input == run_folder.open(old).record.input


def _cut_in_half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _only_its_beginning(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:20])


def _another_archive(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("holiday.txt", "sun")


def _no_archive(file: Path) -> None:
    file.write_text("sun", encoding="utf-8")


def _with_paths_outside(file: Path) -> None:
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("run/../../escaped.txt", "evil")


def _compressed_state_dict(file: Path) -> None:
    """As somebody may pack their weights by hand."""
    torch.save(build(tiny.spec()).state_dict(), file.with_name("w.pth"))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(file.with_name("w.pth"), "w.pth")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_cut_in_half, "it is damaged or no zip archive"),
        (_only_its_beginning, "it is damaged or no zip archive"),
        (_another_archive, "it does not begin with alexnet-studio.json"),
        (_no_archive, "it is damaged or no zip archive"),
        (_with_paths_outside, "it has a file that no run has, run/../../escaped.txt"),
        (_compressed_state_dict, "it does not begin with alexnet-studio.json"),
    ],
)
def test_what_is_no_packed_run_is_one_sentence(
    tmp_path: Path, old: Path, spoil: Callable[[Path], None], reason: str
) -> None:
    file = packed(old, tmp_path / "theirs" / "run.zip")
    spoil(file)
    before = {path for path in tmp_path.rglob("*") if tmp_path / "cache" not in path.parents}
    with pytest.raises(BadInput) as caught:
        begun(tmp_path, tiny.spec(classes=3), file)
    assert caught.value.code == "not_a_pack"
    assert caught.value.sentence == (
        f"{file} is not a packed run that can be opened: {reason}. Choose a file that `pack` has made."
    )
    after = {path for path in tmp_path.rglob("*") if tmp_path / "cache" not in path.parents}
    assert {path.relative_to(tmp_path).parts[0] for path in after - before} <= {"other", "cache"}
    assert not list((tmp_path / "cache").rglob("run.json"))


def test_a_run_that_was_packed_without_its_weights_is_one_sentence(tmp_path: Path, old: Path) -> None:
    file = packed(old, tmp_path / "run.zip", weights=False)
    with pytest.raises(BadInput, match=f"{file} was packed without its weights") as caught:
        begun(tmp_path, tiny.spec(classes=3), file)
    assert caught.value.code == "pack_without_weights"
    assert not (tmp_path / "new").exists()


def test_stopped_before_its_first_epoch_it_still_knows_where_it_began(tmp_path: Path, old: Path) -> None:
    folder = tiny.folder(tmp_path / "other", classes=3)
    spec = frozen(tiny.spec(classes=3), "conv1")
    request = Request(folder, tmp_path / "new", spec, tiny.recipe(epochs=2), start=old)
    whole = replace(request, run=tmp_path / "whole")
    list(train(whole))
    events = train(request)
    next(event for event in events if isinstance(event, Step))
    events.close()
    list(resume(tmp_path / "new"))
    ours, theirs = weights(tmp_path / "new"), weights(tmp_path / "whole")
    assert all(torch.equal(tensor, theirs[name]) for name, tensor in ours.items())


def test_weights_of_another_plan_are_refused_and_leave_no_run(tmp_path: Path, old: Path) -> None:
    spec = changed(tiny.spec(classes=3), "conv2", "filters", 6)
    with pytest.raises(BadInput) as caught:
        begun(tmp_path, spec, old)
    assert caught.value.code == "weights_do_not_match"
    assert not (tmp_path / "new").exists()


def test_all_frozen_is_refused(tmp_path: Path, old: Path) -> None:
    with pytest.raises(BadInput, match="nothing can be learned"):
        begun(tmp_path, frozen(tiny.spec(classes=3), "fc4"), old)


def test_thawing_gives_every_layer_its_rate_back() -> None:
    spec = tiny.spec()
    assert frozen(frozen(spec, "fc3"), None) == spec
    with pytest.raises(BadInput, match="conv9"):
        frozen(spec, "conv9")
