"""Specs as JSON: there and back, and what a slip in a file says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks import catalogue, spec_file


def mini() -> dict[str, Any]:
    return spec_file.to_json(catalogue.get("mini"))


def layer(number: int, **fields: object) -> dict[str, Any]:
    """mini's document with fields of one layer set."""
    document = mini()
    document["layers"][number] |= fields
    return document


@pytest.mark.parametrize("name", catalogue.names())
def test_a_spec_comes_back_from_its_json_as_it_was(name: str) -> None:
    spec = catalogue.get(name, classes=3, width=0.5)
    document = json.loads(json.dumps(spec_file.to_json(spec), allow_nan=False))
    assert spec_file.from_json(document, "run.json") == spec


def test_a_spec_comes_back_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "网络.json"
    path.write_text(json.dumps(mini()), encoding="utf-8")
    assert spec_file.read(path) == catalogue.get("mini")
    assert spec_file.resolve(str(path), classes=4, width=0.5) == catalogue.get("mini", classes=4, width=0.5)


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (None, "the whole of it"),
        ([], "the whole of it"),
        ({}, "name"),
        (mini() | {"towers": 0}, "towers"),
        (mini() | {"colour": "red"}, "colour"),
        (mini() | {"layers": 3}, "layers"),
        (mini() | {"initialisation": "luck"}, "initialisation"),
        (layer(3, filters="many"), "layers[3].filters"),
        (layer(3, filters=10**9), "layers[3].filters"),
        (layer(3, kind="magic"), "layers[3]"),
        (layer(3, name="conv 2"), "layers[3].name"),
        (layer(3, name="a.b"), "layers[3].name"),
        (layer(1, alpha=float("nan")), "layers[1].alpha"),
        (layer(1, k=0), "layers[1].k"),
        (layer(11, rate=1.0), "layers[11].rate"),
    ],
)
def test_a_slip_is_named_with_its_file_and_field(document: object, field: str) -> None:
    with pytest.raises(BadInput) as error:
        spec_file.from_json(document, "my-network.json")
    assert error.value.code == "spec_field"
    assert error.value.fields["field"] == field
    assert "my-network.json" in error.value.sentence


@pytest.mark.parametrize("content", [b"", b"{", b"conv1 96", b"\xff\xfe\x00", b"[" * 100_000])
def test_a_file_that_holds_no_json_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    with pytest.raises(BadInput) as error:
        spec_file.resolve(str(path))
    assert error.value.code == "spec_unreadable"
    assert str(path) in error.value.sentence


def test_a_missing_file_and_a_folder_are_refused_by_name(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.json", tmp_path):
        with pytest.raises(BadInput) as error:
            spec_file.resolve(str(path))
        assert error.value.code == "spec_unreadable"
        assert str(path) in error.value.sentence


def test_a_word_is_looked_up_in_the_catalogue() -> None:
    assert spec_file.resolve("mini", image_size=96) == catalogue.get("mini", image_size=96)
    with pytest.raises(BadInput) as error:
        spec_file.resolve("maxi")
    assert error.value.code == "unknown_network"


def test_a_folder_called_like_a_network_does_not_hide_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mini").mkdir()
    monkeypatch.chdir(tmp_path)
    assert spec_file.resolve("mini") == catalogue.get("mini")
