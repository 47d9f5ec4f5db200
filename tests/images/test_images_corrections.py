"""Corrected labels: applied to what was scanned, kept as a table, never written to the images' folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from image_corpus import answer, class_folders, scanned

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import corrections
from alexnet_studio.images.corrections import Corrections, Linked, as_links, corrected
from alexnet_studio.images.folder import ImageFolder


@pytest.fixture
def folder(tmp_path: Path) -> ImageFolder:
    return scanned(class_folders(tmp_path / "data", {"cat": 3, "dog": 3, "=owl": 1}, side=4))


def labels(folder: ImageFolder) -> dict[str, str]:
    return {image.path: folder.classes[image.label] for image in folder.images}


def test_images_are_relabelled_and_left_out(folder: ImageFolder) -> None:
    wanted = Corrections().with_label(["cat/000.png", "=owl/000.png"], "dog").with_label(["dog/001.png"], "")
    found = corrected(folder, wanted)
    assert labels(found) == {
        "cat/001.png": "cat",
        "cat/002.png": "cat",
        "=owl/000.png": "dog",
        "cat/000.png": "dog",
        "dog/000.png": "dog",
        "dog/002.png": "dog",
    }
    assert found.classes == ("cat", "dog")  # the owl was the only one
    assert [image.label for image in found.images] == sorted(image.label for image in found.images)
    assert labels(corrected(folder, wanted.without(labels(folder)))) == labels(folder)


def test_a_new_name_is_a_new_class(folder: ImageFolder) -> None:
    found = corrected(folder, Corrections().with_label(["cat/000.png"], "lynx"))
    assert found.classes == ("=owl", "cat", "dog", "lynx")
    assert labels(found)["cat/000.png"] == "lynx"


def test_leaving_everything_out_is_refused(folder: ImageFolder) -> None:
    with pytest.raises(BadInput, match="Every training image"):
        corrected(folder, Corrections().with_label(labels(folder), ""))


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
        st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    )
)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, pairs: dict[str, str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "labels.csv"
    made = Corrections(tuple(sorted(pairs.items())))
    corrections.write(path, made)
    assert corrections.read(path) == made
    cells = [cell for line in path.read_text().splitlines() for cell in line.replace('"', "").split(",")]
    assert not any(cell[:1] in {"=", "+", "-", "@"} for cell in cells[:1])


def test_no_file_is_no_corrections_and_another_file_is_refused(tmp_path: Path) -> None:
    assert corrections.read(tmp_path / "none.csv") == Corrections()
    (tmp_path / "bad.csv").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "one.csv").write_text("only\n")
    for name in ("bad.csv", "one.csv"):
        with pytest.raises(BadInput, match=name):
            corrections.read(tmp_path / name)


def test_a_corrected_folder_of_links_scans_as_it_was_corrected(folder: ImageFolder, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in folder.root.rglob("*.png")}
    found = corrected(
        folder, Corrections().with_label(["cat/000.png"], "dog").with_label(["dog/000.png"], "")
    )
    made = answer(as_links(found, tmp_path / "made"), Linked)
    assert made.images == 6
    again = scanned(tmp_path / "made")
    assert sorted(labels(again).values()) == sorted(labels(found).values())
    assert labels(again)["dog/cat-000.png"] == "dog"
    assert {path: path.read_bytes() for path in folder.root.rglob("*.png")} == before
    with pytest.raises(BadInput, match="is in use"):
        list(as_links(found, tmp_path / "made"))
