"""What a scan finds, what it leaves out, and that it says why."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from image_corpus import class_folders, encoded, noise, png_that_claims, save, scanned

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import census, pace, regular_file
from alexnet_studio.images.folder import (
    ImageFolder,
    as_json,
    fingerprint,
    require_trainable,
    scan,
)
from alexnet_studio.images.long_path import extended

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="FIFO, modes and links of POSIX")


def refusal(root: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        scanned(root)
    assert str(root) in caught.value.sentence or caught.value.code == "classes_differ"
    return caught.value


def reasons(folder: ImageFolder) -> dict[str, str]:
    return {skipped.path: skipped.reason for skipped in folder.skipped}


def noted(folder: ImageFolder, words: str) -> bool:
    return any(words in note for note in folder.notes)


def test_class_folders_at_the_root(tmp_path: Path) -> None:
    folder = scanned(class_folders(tmp_path, {"dog": 2, "Cat": 3, "ant 10": 1, "ant 9": 1}))
    assert folder.classes == ("Cat", "ant 10", "ant 9", "dog")  # sorted as torchvision's ImageFolder sorts
    assert [(image.path, image.label, image.split) for image in folder.images][:4] == [
        ("Cat/000.png", 0, "train"),
        ("Cat/001.png", 0, "train"),
        ("Cat/002.png", 0, "train"),
        ("ant 10/000.png", 1, "train"),
    ]
    assert (folder.skipped, folder.notes) == ((), ())


def test_the_json_document(tmp_path: Path) -> None:
    assert as_json(scanned(class_folders(tmp_path, {"a": 1, "b": 2}))) == {
        "folder": str(tmp_path),
        "layout": "classes",
        "classes": {"a": 1, "b": 2},
        "images": 3,
        "splits": {},
        "skipped": [],
        "notes": [],
        "alike": [],
    }


@pytest.mark.parametrize("val", ["val", "valid", "validation", "Val"])
def test_fault_04_splits_are_found_under_their_names(val: str, tmp_path: Path) -> None:
    for part, count in (("train", 3), (val, 2), ("test", 1)):
        class_folders(tmp_path / part, {"a": count, "b": count})
    folder = scanned(tmp_path)
    document = as_json(folder)
    assert document["layout"] == "splits"
    assert document["splits"] == {"train": 6, "val": 4, "test": 2}
    assert document["classes"] == {"a": 6, "b": 6}
    assert [image.split for image in folder.images] == ["train"] * 6 + ["val"] * 4 + ["test"] * 2


def test_fault_09_splits_are_matched_by_name_and_not_by_position(tmp_path: Path) -> None:
    class_folders(tmp_path / "train", {"a": 1, "b": 1, "c": 1})
    class_folders(tmp_path / "val", {"c": 1})
    assert {image.path: image.label for image in scanned(tmp_path).images}["val/c/000.png"] == 2


def test_fault_09_an_unknown_class_is_refused_with_both_differences(tmp_path: Path) -> None:
    class_folders(tmp_path / "train", {"a": 1, "cat": 1})
    class_folders(tmp_path / "val", {"a": 1, "kitten": 1})
    error = refusal(tmp_path)
    assert error.code == "classes_differ"
    assert "kitten" in error.sentence
    assert "cat" in str(error.fields["missing"])


def test_a_class_named_train_among_others_is_a_class(tmp_path: Path) -> None:
    class_folders(tmp_path, {"bus": 1, "car": 1, "train": 1})
    save(noise(1), tmp_path / "train" / "steam" / "x.png")
    folder = scanned(tmp_path)
    assert (folder.layout, folder.classes) == ("classes", ("bus", "car", "train"))


def test_other_folders_beside_the_splits_are_not_read(tmp_path: Path) -> None:
    class_folders(tmp_path / "train", {"a": 1, "b": 1})
    class_folders(tmp_path / "test", {"a": 1})
    class_folders(tmp_path / "extra", {"a": 1})
    folder = scanned(tmp_path)
    assert len(folder.images) == 3
    assert noted(folder, "extra/")


def test_deeper_files_belong_to_the_top_class_folder(tmp_path: Path) -> None:
    class_folders(tmp_path, {"a": 1, "b": 1})
    save(noise(1), tmp_path / "a" / "2024" / "may" / "x.png")
    assert as_json(scanned(tmp_path))["classes"] == {"a": 2, "b": 1}


def test_fault_01_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none").code == "folder_missing"


def test_fault_03_images_without_class_folders_are_no_class(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "folder_empty"
    image = save(noise(1), tmp_path / "flat" / "x.png")
    flat = refusal(image.parent)
    assert flat.code == "no_class_folders"
    assert "folder of its own" in flat.sentence
    (tmp_path / "bare" / "a").mkdir(parents=True)
    assert refusal(tmp_path / "bare").code == "no_images"


def test_fault_02_a_file_names_its_parent(tmp_path: Path) -> None:
    image = save(noise(1), tmp_path / "a" / "x.png")
    error = refusal(image)
    assert error.code == "folder_is_file"
    assert error.fields["parent"] == str(image.parent)


def test_no_readable_image_says_what_was_met(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.jpg").write_bytes(b"")
    error = refusal(tmp_path)
    assert error.code == "no_readable_images"
    assert "is empty" in error.sentence


def test_fault_03_images_directly_under_train_are_explained(tmp_path: Path) -> None:
    for part in ("train", "val"):  # with train/ alone, and with both
        save(noise(1), tmp_path / part / "x.png")
        assert refusal(tmp_path).code == "no_class_folders"


def test_val_and_test_without_train_are_refused(tmp_path: Path) -> None:
    class_folders(tmp_path / "val", {"a": 1})
    class_folders(tmp_path / "test", {"a": 1})
    assert refusal(tmp_path).code == "no_train_folder"


@contextmanager
def one_whom_modes_stop() -> Generator[None]:
    """Root may read everything: for a while the tests are run by nobody instead."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@needs_posix
def test_fault_01_a_folder_without_permission(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    with one_whom_modes_stop():
        assert refusal(closed).code == "folder_forbidden"


@needs_posix
def test_fault_01_a_file_and_a_class_folder_without_permission_are_left_out() -> None:
    # Not in tmp_path, which nobody but its owner may enter.
    with tempfile.TemporaryDirectory(prefix="alexnet-studio-tests-") as place:
        root = class_folders(Path(place), {"a": 2, "b": 1, "c": 1})
        root.chmod(0o755)
        (root / "a" / "000.png").chmod(0)
        (root / "c").chmod(0)
        with one_whom_modes_stop():
            folder = scanned(root)
        (root / "c").chmod(0o755)
    assert reasons(folder) == {
        "a/000.png": "may not be read (no permission)",
        "c": "is a folder that may not be read (no permission)",
    }
    assert len(folder.images) == 2


def test_fault_05_one_class_can_be_scanned_but_not_trained(tmp_path: Path) -> None:
    folder = scanned(class_folders(tmp_path, {"only": 3}))
    assert noted(folder, "one class only (only)")
    with pytest.raises(BadInput) as caught:
        require_trainable(folder)
    assert caught.value.code == "one_class"
    require_trainable(scanned(class_folders(tmp_path, {"another": 1})))


def test_fault_07_an_empty_class_folder_is_left_out(tmp_path: Path) -> None:
    class_folders(tmp_path, {"a": 1, "b": 1})
    (tmp_path / "empty").mkdir()
    folder = scanned(tmp_path)
    assert folder.classes == ("a", "b")
    assert noted(folder, "empty")


def test_fault_11_extreme_imbalance_names_both_classes_and_counts(tmp_path: Path) -> None:
    class_folders(tmp_path, {"many": 99, "two": 2, "one": 1}, side=2)
    assert scanned(tmp_path).notes == ()
    class_folders(tmp_path, {"many": 100}, side=2)
    folder = scanned(tmp_path)
    assert noted(folder, "many has 100 images to learn from and one 1 image")


def test_fault_12_hidden_and_system_names_are_counted_and_not_listed(tmp_path: Path) -> None:
    class_folders(tmp_path, {"a": 1, "b": 1, "__MACOSX": 1, ".hidden": 1})
    for name in (".DS_Store", "Thumbs.db", "._000.png"):
        (tmp_path / "a" / name).write_bytes(b"x")
    save(noise(1), tmp_path / "a" / ".ipynb_checkpoints" / "x.png")
    folder = scanned(tmp_path)
    assert (folder.classes, len(folder.images), folder.skipped) == (("a", "b"), 2, ())
    assert noted(folder, "6 hidden or system names")


def test_fault_19_22_what_is_not_used_has_a_reason(tmp_path: Path) -> None:
    class_folders(tmp_path, {"a": 1, "b": 1})
    (tmp_path / "a" / "zero.jpg").write_bytes(b"")
    (tmp_path / "a" / "text.jpg").write_text("not an image")
    (tmp_path / "b" / "drawing.SVG").write_text("<svg/>")
    (tmp_path / "b" / "LICENSE").write_text("MIT")
    (tmp_path / "readme.txt").write_text("hello")
    (tmp_path / "stray.png").write_bytes(encoded(noise(1), "PNG"))
    folder = scanned(tmp_path)
    assert reasons(folder) == {
        "a/text.jpg": "is not an image",
        "a/zero.jpg": "is empty",
        "b/LICENSE": "is of a type that is not read (no extension)",
        "b/drawing.SVG": "is of a type that is not read (.svg)",
        "readme.txt": "is no image and lies in no class folder",
        "stray.png": "lies in no class folder",
    }
    assert noted(folder, "2 files of types that are not read skipped: 1 .svg, 1 no extension")


def test_fault_21_a_wrong_extension_is_kept_with_a_note(tmp_path: Path) -> None:
    class_folders(tmp_path, {"a": 1, "b": 1})
    (tmp_path / "a" / "x.JPEG").write_bytes(encoded(noise(1), "PNG"))
    folder = scanned(tmp_path)
    assert len(folder.images) == 3
    assert noted(folder, "a/x.JPEG holds PNG")


def test_fault_20_30_verify_finds_what_the_first_bytes_do_not_show(tmp_path: Path) -> None:
    class_folders(tmp_path, {"a": 2, "b": 2})
    (tmp_path / "a" / "short.png").write_bytes(encoded(noise(1), "PNG")[:300])
    (tmp_path / "b" / "bomb.png").write_bytes(png_that_claims(30_000, 30_000))
    encoded_frames = tmp_path / "b" / "two.gif"
    noise(2).save(encoded_frames, save_all=True, append_images=[noise(3)])
    assert len(scanned(tmp_path).images) == 7
    folder = scanned(tmp_path, verify=True)
    assert len(folder.images) == 5
    assert reasons(folder)["a/short.png"] == "ends early"
    assert reasons(folder)["b/bomb.png"].startswith("has too many pixels")
    assert noted(folder, "In 1 file the first of several frames was taken")


@needs_posix
def test_fault_13_links_are_followed_once(tmp_path: Path) -> None:
    root = class_folders(tmp_path / "root", {"a": 1, "b": 1})
    save(noise(9), tmp_path / "outside" / "x.png")
    (root / "a" / "loop").symlink_to(root)
    (root / "a" / "sibling").symlink_to(root / "b")
    (root / "a" / "outside").symlink_to(tmp_path / "outside")
    (root / "b" / "broken.png").symlink_to(tmp_path / "nowhere.png")
    (root / "c").symlink_to(root / "b")
    folder = scanned(root)
    assert as_json(folder)["classes"] == {"a": 2, "b": 1}
    assert reasons(folder) == {
        "a/loop": "is a link to a folder that is read elsewhere",
        "a/sibling": "is a link to a folder that is read elsewhere",
        "b/broken.png": "is a link that leads nowhere",
        "c": "is a link to a folder that is read elsewhere",
    }
    assert noted(folder, "1 link to places outside")


@pytest.mark.skipif(sys.platform != "linux", reason="others have another limit, or none")
def test_fault_16_a_path_too_long_for_the_system_is_named_with_its_length(tmp_path: Path) -> None:
    root = class_folders(tmp_path, {"a": 1, "b": 1})
    at = os.open(root / "a", os.O_RDONLY)
    for _ in range(24):  # of 200 characters each: 4,096 are Linux's limit for one call
        os.mkdir("x" * 200, dir_fd=at)
        inner = os.open("x" * 200, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = inner
    os.close(at)
    folder = scanned(root)
    assert len(folder.images) == 2
    (reason,) = reasons(folder).values()
    found = re.fullmatch(r"has a path of ([\d,]+) characters, more than .* opens", reason)
    assert found is not None
    assert int(found[1].replace(",", "")) > 4000


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("C:\\photos\\cat\\1.jpg", "C:\\photos\\cat\\1.jpg"),
        (f"C:\\{'x' * 250}/cat/../1.jpg", f"\\\\?\\C:\\{'x' * 250}\\1.jpg"),
        (f"\\\\server\\share\\{'x' * 250}", f"\\\\?\\UNC\\server\\share\\{'x' * 250}"),
        (f"//server/share/{'x' * 250}", f"\\\\?\\UNC\\server\\share\\{'x' * 250}"),
        (f"\\\\?\\C:\\{'x' * 250}", f"\\\\?\\C:\\{'x' * 250}"),
        (f"photos\\{'x' * 250}", f"photos\\{'x' * 250}"),
    ],
)
def test_fault_16_a_long_path_is_given_to_windows_in_its_long_form(path: str, given: str) -> None:
    assert extended(path) == given


class Clock:
    """Every look at it takes a second: an answer after n looks is one after n files, on any machine."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        self.now += 1.0
        return self.now


def test_fault_17_counts_stream_and_closing_ends_the_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = class_folders(tmp_path, {"a": 3, "b": 3}, side=2)
    monkeypatch.setattr(pace, "time", Clock())
    opened: list[str] = []

    def read_start(path: str, count: int) -> tuple[os.stat_result, bytes]:
        opened.append(path)
        return regular_file.read_start(path, count)

    monkeypatch.setattr(census, "read_start", read_start)
    events = cast("Generator[Progress | ImageFolder]", scan(root))
    assert next(events) == Progress("scan", 0)
    counts: list[tuple[int, int]] = []  # what was told, and how many files had been opened by then
    for event in events:
        assert isinstance(event, Progress)
        counts.append((event.done, len(opened)))
        if event.done == 4:
            break
    assert counts == [(0, 0), (0, 0), (1, 1), (2, 2), (3, 3), (4, 4)]  # two class folders, then file by file
    events.close()
    assert len(opened) == 4
    assert list(events) == []


@needs_posix
def test_fault_18_only_regular_files_are_opened(tmp_path: Path) -> None:
    class_folders(tmp_path, {"a": 1, "b": 1})
    os.mkfifo(tmp_path / "a" / "x.jpg")
    assert reasons(scanned(tmp_path)) == {"a/x.jpg": "is not a regular file"}


NAMES = (
    "猫",
    "two words",
    "x" * 200,
    "<img src=x>",
    "-dash",
    "ends.with.dots",
    "שלום",
    "😀",
    'it\'s "quoted"',
)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows refuses some of these names itself")
def test_fault_14_names_of_every_kind(tmp_path: Path) -> None:
    class_folders(tmp_path, dict.fromkeys(NAMES, 1))
    folder = scanned(tmp_path)
    assert folder.classes == tuple(sorted(NAMES))
    assert folder.notes == ()


def test_fault_14_names_that_look_the_same_are_reported(tmp_path: Path) -> None:
    class_folders(tmp_path, {"caf\u00e9": 1, "cafe\u0301": 1})
    if len(list(tmp_path.iterdir())) == 2:  # macOS takes them for one
        assert noted(scanned(tmp_path), "look the same")


def test_fault_14_a_decomposed_name_in_val_is_the_same_class(tmp_path: Path) -> None:
    class_folders(tmp_path / "train", {"caf\u00e9": 1, "tea": 1})
    class_folders(tmp_path / "val", {"cafe\u0301": 1})
    assert as_json(scanned(tmp_path))["classes"] == {"caf\u00e9": 2, "tea": 1}


def test_fault_15_names_that_differ_by_case_are_two_classes_and_a_note(tmp_path: Path) -> None:
    class_folders(tmp_path, {"Dog": 1, "dog": 1})
    if len(list(tmp_path.iterdir())) == 2:
        folder = scanned(tmp_path)
        assert folder.classes == ("Dog", "dog")
        assert noted(folder, "upper and lower case")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_fault_14_names_that_are_no_unicode_are_left_out(tmp_path: Path) -> None:
    class_folders(tmp_path, {"a": 1, "b": 1})
    content = encoded(noise(1), "PNG")
    for place in (b"a/\xff.png", b"\xfe/x.png"):
        path = os.fsencode(tmp_path) + b"/" + place
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120  bytes, which Path cannot hold
        Path(os.fsdecode(path)).write_bytes(content)
    folder = scanned(tmp_path)
    assert len(folder.images) == 2
    assert all("is not Unicode" in reason for reason in reasons(folder).values())
    str(as_json(folder)).encode("utf-8")


def test_the_fingerprint_follows_paths_sizes_and_times(tmp_path: Path) -> None:
    first = fingerprint(scanned(class_folders(tmp_path, {"a": 2, "b": 2})))
    assert fingerprint(scanned(tmp_path)) == first
    os.utime(tmp_path / "a" / "000.png", ns=(0, 5))
    second = fingerprint(scanned(tmp_path))
    (tmp_path / "b" / "001.png").unlink()
    assert len({first, second, fingerprint(scanned(tmp_path))}) == 3


def test_progress_comes_early_and_the_answer_last(tmp_path: Path) -> None:
    events = list(scan(class_folders(tmp_path, {"a": 3, "b": 3}), verify=True))
    assert events[0] == Progress("scan", 0)
    assert isinstance(events[-1], ImageFolder)
    assert all(isinstance(event, Progress) for event in events[:-1])


@settings(max_examples=25, deadline=None)
@given(
    names=st.sets(st.text(st.characters(codec="utf-8", exclude_characters="/\0\\"), max_size=20), max_size=4)
)
def test_any_tree_is_scanned_or_refused_in_one_sentence(
    names: set[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("any")
    usable = [name for name in names if name.strip(". \n\t") and len(name.encode()) < 200]
    class_folders(root, dict.fromkeys(usable, 1), side=2)
    try:
        folder = scanned(root)
    except BadInput as error:
        assert error.sentence
        return
    assert len(folder.images) <= len(usable)
    assert set(folder.classes) <= set(usable)


def test_the_numbers_that_a_collection_keeps_are_not_called_left_out(tmp_path: Path) -> None:
    class_folders(tmp_path, {"a": 1, "b": 1})
    (tmp_path / "class_indices.json").write_text('{"0": "b", "1": "a"}')
    assert scanned(tmp_path).skipped == ()
