"""Every kind of source becomes the same folder: pixels as they were written, classes by name, nothing run or lost."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import struct
import tarfile
from pathlib import Path

import numpy as np
import pytest
from image_corpus import answer, encoded, noise, save, scanned
from image_sets import (
    Pixels,
    batch,
    batch_of_python_2,
    idx,
    jpeg,
    kit,
    meta_of_python_2,
    random_pixels,
    tar,
    write_idx,
)
from PIL import Image

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import names_file, plain_pickle
from alexnet_studio.images.collect_options import Options
from alexnet_studio.images.collecting import Collected, collect, describe
from alexnet_studio.images.folder import as_json
from alexnet_studio.images.folder_names import folder_names
from alexnet_studio.images.plain_pickle import PlainPickleError
from alexnet_studio.images.split import SplitRule, split

FISH, SHARK, CRANE_BIRD, CRANE = "n01440764", "n01484850", "n02012849", "n03126707"
CIFAR_NAMES = ("airplane", "automobile", "bird")


def collected(source: Path, target: Path, *, names: Path | None = None, side: int | None = None) -> Collected:
    return answer(collect(source, target, Options(names=names, side=side)), Collected)


def refused(source: Path, target: Path, *, names: Path | None = None, side: int | None = None) -> BadInput:
    with pytest.raises(BadInput) as caught:
        collected(source, target, names=names, side=side)
    return caught.value


def pixels(path: Path) -> Pixels:
    with Image.open(path) as image:
        return np.asarray(image)


def files(folder: Path) -> set[str]:
    """Every file below `folder`, the hidden ones included."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def content(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in sorted(files(folder))}


# IDX


@pytest.mark.parametrize("packed", [True, False])
def test_idx_files_become_train_and_test(tmp_path: Path, packed: bool) -> None:
    train, test = random_pixels(1, 6, 28, 28), random_pixels(2, 3, 28, 28)
    write_idx(tmp_path / "mnist", "train", train, [3, 0, 1, 2, 0, 3], packed=packed)
    write_idx(tmp_path / "mnist", "t10k", test, [2, 1, 0], packed=packed)
    made = collected(tmp_path / "mnist", tmp_path / "out")
    assert (made.folder, made.classes, made.images, made.skipped) == (tmp_path / "out", 4, 9, ())
    for number, label in enumerate([3, 0, 1, 2, 0, 3]):
        np.testing.assert_array_equal(pixels(tmp_path / f"out/train/{label}/{number:05}.png"), train[number])
    for number, label in enumerate([2, 1, 0]):
        np.testing.assert_array_equal(pixels(tmp_path / f"out/test/{label}/{number:05}.png"), test[number])
    folder = scanned(tmp_path / "out", verify=True)
    assert as_json(folder)["splits"] == {"train": 6, "test": 3}
    assert folder.classes == ("0", "1", "2", "3")
    assert not (tmp_path / "out/class_indices.json").exists()  # sorted names are the numbers already


def test_fashion_has_its_names_and_its_numbers(tmp_path: Path) -> None:
    source = tmp_path / "FashionMNIST" / "raw"
    write_idx(source, "train", random_pixels(3, 10, 28, 28), list(range(10)))
    made = collected(source.parent, tmp_path / "out")
    assert made.classes == 10
    assert any("T-shirt/top is T-shirt-top" in note for note in made.notes)
    names = names_file.read(tmp_path / "out/class_indices.json")
    assert names[0] == "T-shirt-top"
    assert names[9] == "Ankle boot"
    for number, name in enumerate(names):
        assert [path.name for path in (tmp_path / "out/train" / name).iterdir()] == [f"{number:05}.png"]
    assert json.loads((tmp_path / "out/class_indices.json").read_text("utf-8"))["9"] == "Ankle boot"


def test_names_from_a_file_and_another_side(tmp_path: Path) -> None:
    write_idx(tmp_path / "mnist", "train", random_pixels(4, 2, 28, 28), [1, 0])
    (tmp_path / "names.txt").write_text("zero\none\n", "utf-8")
    collected(tmp_path / "mnist", tmp_path / "out", names=tmp_path / "names.txt", side=32)
    assert pixels(tmp_path / "out/train/zero/00001.png").shape == (32, 32)
    assert names_file.read(tmp_path / "out/class_indices.json") == ("zero", "one")
    (tmp_path / "short.txt").write_text("zero\n", "utf-8")
    assert refused(tmp_path / "mnist", tmp_path / "two", names=tmp_path / "short.txt").code == "names_few"
    assert refused(tmp_path / "mnist", tmp_path / "two", side=4).code == "side_out_of_range"
    assert not (tmp_path / "two").exists()


def spoilt(kind: str, good: bytes) -> bytes:
    match kind:
        case "cut":
            return gzip.compress(good)[:-40]
        case "short":
            return good[:-1]
        case "long":
            return good + b"\0"
        case "lying":
            return struct.pack(">4B3I", 0, 0, 8, 3, 2**31, 2**31, 2**31)
        case "signed":
            return b"\0\0\x0d\x03" + good[4:]
        case _:
            return b""


@pytest.mark.parametrize("kind", ["cut", "short", "long", "lying", "signed", "empty"])
def test_a_damaged_idx_file_is_refused_before_anything_is_written(tmp_path: Path, kind: str) -> None:
    write_idx(tmp_path / "mnist", "train", random_pixels(5, 4, 28, 28), [0, 1, 2, 3], packed=False)
    images = tmp_path / "mnist/train-images-idx3-ubyte"
    images.write_bytes(spoilt(kind, images.read_bytes()))
    error = refused(tmp_path / "mnist", tmp_path / "out")
    assert error.code == "idx_damaged"
    assert "train-images-idx3-ubyte" in error.sentence
    assert files(tmp_path / "out") <= {".alexnet-studio-collection"}


def test_idx_files_that_do_not_belong_together(tmp_path: Path) -> None:
    write_idx(tmp_path / "mnist", "train", random_pixels(6, 3, 8, 8), [0, 1])
    assert refused(tmp_path / "mnist", tmp_path / "out").code == "idx_unpaired"
    (tmp_path / "mnist/train-labels-idx1-ubyte.gz").unlink()
    assert refused(tmp_path / "mnist", tmp_path / "out").code == "idx_unpaired_file"


def test_one_of_several_sets_is_chosen_by_its_file(tmp_path: Path) -> None:
    for name in ("emnist-digits-", "emnist-letters-"):
        write_idx(tmp_path / "gzip", f"{name}train", random_pixels(7, 2, 8, 8), [0, 1])
    assert refused(tmp_path / "gzip", tmp_path / "out").code == "idx_several"
    made = collected(tmp_path / "gzip/emnist-letters-train-images-idx3-ubyte.gz", tmp_path / "out")
    assert made.images == 2


# CIFAR


def cifar_10(batches: dict[str, tuple[Pixels, list[int]]]) -> dict[str, bytes]:
    folder = "cifar-10-batches-py"
    members = {f"{folder}/{name}": batch_of_python_2(*content) for name, content in batches.items()}
    return {
        f"{folder}/batches.meta": meta_of_python_2(CIFAR_NAMES),
        f"{folder}/readme.html": b"<html>",
        **members,
    }


def test_cifar_10_from_its_archive_and_from_its_folder(tmp_path: Path) -> None:
    first, second, test = (random_pixels(seed, 2, 32, 32, 3) for seed in (10, 11, 12))
    members = cifar_10(
        {"data_batch_2": (second, [1, 0]), "test_batch": (test, [1, 2]), "data_batch_1": (first, [2, 2])}
    )
    archive = tmp_path / "cifar-10-python.tar.gz"
    archive.write_bytes(tar(members, packed=True))
    made = collected(archive, tmp_path / "out")
    assert (made.classes, made.images) == (3, 6)
    for path, image in {
        "train/bird/1-00000.png": first[0],
        "train/bird/1-00001.png": first[1],
        "train/automobile/2-00000.png": second[0],
        "train/airplane/2-00001.png": second[1],
        "test/automobile/00000.png": test[0],
        "test/bird/00001.png": test[1],
    }.items():
        np.testing.assert_array_equal(pixels(tmp_path / "out" / path), image)
    for name, written in members.items():
        path = tmp_path / "unpacked" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written)
    collected(tmp_path / "unpacked", tmp_path / "second")
    collected(tmp_path / "unpacked/cifar-10-batches-py", tmp_path / "third")
    one, two, three = (content(tmp_path / name) for name in ("out", "second", "third"))
    for written in (one, two, three):
        del written[".alexnet-studio-collection"]
    assert one == two == three
    assert describe(archive).images == 60_000


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_cifar_100_in_every_protocol(tmp_path: Path, protocol: int) -> None:
    images, names = random_pixels(13, 3, 32, 32, 3), ["apple", "aquarium_fish", "wolf"]
    folder = tmp_path / "cifar-100-python"
    folder.mkdir()
    (folder / "meta").write_bytes(pickle.dumps({"fine_label_names": names}, protocol))
    for name in ("train", "test"):
        written = batch(images, [2, 0, 1], protocol=protocol, key=b"fine_labels")
        (folder / name).write_bytes(written)
    made = collected(folder, tmp_path / "out")
    assert (made.classes, made.images) == (3, 6)
    np.testing.assert_array_equal(pixels(tmp_path / "out/test/wolf/00000.png"), images[0])
    np.testing.assert_array_equal(pixels(tmp_path / "out/train/aquarium_fish/00002.png"), images[2])


class Evil:
    """What pickle was warned of: loading it runs a command."""

    def __init__(self, command: str) -> None:
        self._command = command

    def __reduce__(self) -> tuple[object, tuple[str]]:
        import os

        return os.system, (self._command,)  # pyright: ignore


@pytest.mark.parametrize("place", ["batches.meta", "data_batch_1"])
def test_an_evil_pickle_is_refused_and_runs_nothing(tmp_path: Path, place: str) -> None:
    members = cifar_10({"data_batch_1": (random_pixels(14, 1, 32, 32, 3), [0])})
    evil = pickle.dumps({"label_names": Evil(f"touch {tmp_path}/marker")}, 2)
    pickle.loads(evil)  # it would
    (tmp_path / "marker").unlink()
    members[f"cifar-10-batches-py/{place}"] = evil
    (tmp_path / "cifar.tar.gz").write_bytes(tar(members, packed=True))
    error = refused(tmp_path / "cifar.tar.gz", tmp_path / "out")
    assert error.code == "cifar_damaged"
    assert place in error.sentence
    assert "system" in error.sentence
    assert not (tmp_path / "marker").exists()


ARRAY = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
OBJECTS = b"cnumpy\ndtype\nU\x02O8K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param(b"cbuiltins\neval\nU\x011\x85R", id="eval"),
        pytest.param(b"cnumpy\nload\nU\x01x\x85R", id="another function of numpy"),
        pytest.param(b"cnumpy\nndarray\nK\x01\x85U\x02O8U\x08AAAAAAAA\x87R", id="ndarray over a buffer"),
        pytest.param(
            ARRAY + b"(K\x01K\x01\x85" + OBJECTS + b"\x89U\x08AAAAAAAAtb", id="forged dtype of objects"
        ),
        pytest.param(b"cnumpy\ndtype\nN}U\x04codeK\x01s\x86b", id="changing a class"),
        pytest.param(b"c_codecs\nencode\nX\x01\x00\x00\x00aU\x05rot13\x86R", id="another codec"),
        pytest.param(b"K\x01r\xff\xff\xff\xff", id="a memo of 32 GB"),
        pytest.param(b"B\xff\xff\xff\xffabc", id="bytes that are not there"),
        pytest.param(b"N" + b"q\x00h\x00\x86" * 60, id="a key that takes years to hash"),
        pytest.param(b"Pid\n", id="persistent"),
        pytest.param(b"\x82\x01", id="extension"),
        pytest.param(b"0" * 10, id="an empty stack"),
    ],
)
def test_a_pickle_of_more_than_plain_data_is_refused(inside: bytes) -> None:
    with pytest.raises(PlainPickleError):
        plain_pickle.load(b"\x80\x02}U\x04data" + inside + b"s.")


def test_a_hostile_pickle_cannot_change_the_next_one() -> None:
    with pytest.raises(PlainPickleError):
        plain_pickle.load(b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nN}U\x08__call__NsN\x87b.")
    images = random_pixels(15, 2, 32, 32, 3)
    loaded = plain_pickle.load(batch_of_python_2(images, [4, 5]))
    assert loaded["labels"] == [4, 5]
    np.testing.assert_array_equal(
        np.asarray(loaded["data"]).reshape(2, 3, 32, 32).transpose(0, 2, 3, 1), images
    )


def test_a_cifar_archive_that_ends_early(tmp_path: Path) -> None:
    members = cifar_10({f"data_batch_{n}": (random_pixels(n, 9, 32, 32, 3), [n % 3] * 9) for n in (1, 2, 3)})
    whole = tar(members, packed=True)
    archive = tmp_path / "cifar-10-python.tar.gz"
    for size in (len(whole) // 2, 5, 0):
        archive.write_bytes(whole[:size])
        error = refused(archive, tmp_path / "out")
        assert error.code == "cifar_damaged"
        assert str(archive) in error.sentence
        assert "ends early" in error.sentence


def test_labels_that_no_class_has(tmp_path: Path) -> None:
    members = cifar_10({"data_batch_1": (random_pixels(16, 1, 32, 32, 3), [7])})
    (tmp_path / "cifar.tgz").write_bytes(tar(members, packed=True))
    assert refused(tmp_path / "cifar.tgz", tmp_path / "out").code == "cifar_damaged"


# Tables


def test_a_table_of_paths_and_labels(tmp_path: Path) -> None:
    first = save(noise(20), tmp_path / "images/a/1.png")
    second = save(noise(21), tmp_path / "images/b/1.png")
    third = save(noise(22), tmp_path / "elsewhere/ü.jpg")
    bare = tmp_path / "images/bare"
    bare.write_bytes(encoded(noise(23), "PNG"))
    (tmp_path / "images/words.png").write_text("no image", "utf-8")
    rows = [
        *("id,Label,filename", "0,cat,a/1.png", "1,cat,b\\1.png", f"2,dog/wolf,{third}", "3,..hidden,bare"),
        *("4,dog/wolf,words.png", "5,cat,gone.png", "6,,a/1.png", "7,cat,a/1.png", "8,cat,", "9,con,a/1.png"),
    ]
    table = tmp_path / "images/labels.csv"
    table.write_text("\n".join(rows), "utf-8-sig")
    assert describe(table).images == 10
    made = collected(table, tmp_path / "out")
    assert (made.classes, made.images) == (4, 5)
    out = tmp_path / "out"
    assert (out / "cat/1.png").samefile(first)
    assert (out / "cat/1-2.png").samefile(second)
    assert (out / "dog-wolf/ü.jpg").samefile(third)
    assert (out / "hidden/bare.png").samefile(bare)
    assert (out / "_con/1.png").samefile(first)
    assert {skipped.path: skipped.reason for skipped in made.skipped if "line" not in skipped.reason} == {
        "words.png": "is not an image",
        "gone.png": "does not exist",
    }
    assert [skipped.reason for skipped in made.skipped if "line" in skipped.reason] == [
        "has no label (line 8)",
        "is named twice (line 9)",
        "has no name that a file can have (line 10)",
    ]
    assert "dog/wolf is dog-wolf" in made.notes[0]
    assert sum(as_json(scanned(out))["classes"].values()) == 5


def test_a_table_without_headings_and_with_numbers(tmp_path: Path) -> None:
    for number in range(3):
        save(noise(30 + number, 30, 40), tmp_path / f"{number}.png")
    (tmp_path / "labels.tsv").write_text("0.png\t2\n1.png\t0\n2.png\t1\n", "utf-8")
    (tmp_path / "class_indices.json").write_text('{"wolf": 0, "cat": 1, "dog": 2}', "utf-8")
    made = collected(
        tmp_path / "labels.tsv", tmp_path / "out", names=tmp_path / "class_indices.json", side=16
    )
    assert made.images == 3
    assert pixels(tmp_path / "out/dog/0.jpg").shape == (16, 16, 3)
    assert names_file.read(tmp_path / "out/class_indices.json") == ("wolf", "cat", "dog")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "table_empty"),
        ("a,b,c\n1,2,3\n", "table_columns"),
        ("path,colour\nx.png,red\n", "table_columns"),
        ("path,label\nx.png,red\n", "nothing_collected"),
        ("path,label\n\0,red\n", "nothing_collected"),
    ],
)
def test_a_table_of_which_nothing_can_be_made(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "labels.csv").write_text(text, "utf-8")
    error = refused(tmp_path / "labels.csv", tmp_path / "out")
    assert error.code == code
    assert "labels.csv" in error.sentence


def test_folder_names_that_every_system_can_hold() -> None:
    names = ("a/b", "a\\b", "..", "A-B", "nul.txt", "x\0y", "train", "lost+found", " . ", "<b>", "é" * 200)
    made = folder_names(names)
    assert made[:10] == (
        "a-b",
        "a-b-2",
        "unnamed",
        "A-B-3",
        "_nul.txt",
        "x-y",
        "train",
        "_lost+found",
        "unnamed-2",
        "-b-",
    )
    assert len(made[10].encode()) <= 200


# ImageNet


def imagenet(folder: Path) -> dict[str, bytes]:
    """Three classes, two training images each; four validation images; synsets in the kit's order 2, 0, 1."""
    folder.mkdir(parents=True, exist_ok=True)
    synsets = (FISH, CRANE_BIRD, CRANE)
    images = {f"{synset}_{n}.JPEG": jpeg(100 * k + n) for k, synset in enumerate(synsets) for n in range(2)}
    inner = {
        f"{synset}.tar": tar({name: image for name, image in images.items() if name.startswith(synset)})
        for synset in synsets
    }
    (folder / "ILSVRC2012_img_train.tar").write_bytes(tar(inner))
    val = {f"ILSVRC2012_val_{n:08}.JPEG": jpeg(500 + n) for n in range(1, 5)}
    (folder / "ILSVRC2012_img_val.tar").write_bytes(tar(val))
    (folder / "ILSVRC2012_devkit_t12.tar.gz").write_bytes(kit((CRANE, FISH, CRANE_BIRD), [2, 1, 3, 2]))
    return images | val


WORDS = f"{FISH} tench, Tinca tinca\n{SHARK} great white shark\n{CRANE_BIRD} crane\n{CRANE} crane\n"


def test_imagenet_from_its_official_archives(tmp_path: Path) -> None:
    images = imagenet(tmp_path / "imagenet")
    (tmp_path / "words.txt").write_text(WORDS, "utf-8")
    assert describe(tmp_path / "imagenet").kind == "imagenet"
    made = collected(tmp_path / "imagenet", tmp_path / "out", names=tmp_path / "words.txt")
    assert (made.classes, made.images, made.skipped) == (3, 10, ())
    bird, machine = f"crane ({CRANE_BIRD})", f"crane ({CRANE})"
    for path in (
        *(
            f"train/tench/{FISH}_0.JPEG",
            f"train/{bird}/{CRANE_BIRD}_1.JPEG",
            f"train/{machine}/{CRANE}_1.JPEG",
        ),
        *("val/tench/ILSVRC2012_val_00000001.JPEG", f"val/{machine}/ILSVRC2012_val_00000002.JPEG"),
        *(f"val/{bird}/ILSVRC2012_val_00000003.JPEG", "val/tench/ILSVRC2012_val_00000004.JPEG"),
    ):
        assert (tmp_path / "out" / path).read_bytes() == images[Path(path).name]
    assert names_file.read(tmp_path / "out/class_indices.json") == ("tench", bird, machine)
    assert as_json(scanned(tmp_path / "out"))["splits"] == {"train": 6, "val": 4}


def test_an_interrupted_collection_is_completed_and_what_is_there_is_kept(tmp_path: Path) -> None:
    imagenet(tmp_path / "imagenet")
    job = collect(tmp_path / "imagenet", tmp_path / "out")
    next(job)
    next(job)
    del job
    whole = content(tmp_path / "out")
    assert 1 <= len(whole) < 11
    times = {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in whole if name.endswith("JPEG")}
    torn = tmp_path / "out/train" / FISH / f"{FISH}_1.JPEG"
    torn.parent.mkdir(parents=True, exist_ok=True)
    torn.write_bytes(b"torn")
    times.pop(str(torn.relative_to(tmp_path / "out")), None)
    made = collected(tmp_path / "imagenet", tmp_path / "out")
    assert made.images == 10
    assert {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in times} == times
    collected(tmp_path / "imagenet", tmp_path / "anew")
    assert content(tmp_path / "out") == content(tmp_path / "anew")


def test_a_side_makes_the_small_choice_of_2012(tmp_path: Path) -> None:
    imagenet(tmp_path / "imagenet")
    made = collected(tmp_path / "imagenet", tmp_path / "out", side=16)
    assert made.images == 10
    for path in sorted((tmp_path / "out").rglob("*.jpg")):
        with Image.open(path) as image:
            assert (image.size, image.format) == ((16, 16), "JPEG")
    assert not [name for name in files(tmp_path / "out") if name.endswith(".part")]
    assert refused(tmp_path / "imagenet", tmp_path / "out").code == "collect_folder_used"


def hostile(name: str, *, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    return member


def test_members_that_lead_out_are_left_out(tmp_path: Path) -> None:
    source = tmp_path / "a/b/imagenet"
    imagenet(source)
    image = jpeg(7)
    with tarfile.open(source / "ILSVRC2012_img_val.tar", "w") as archive:
        for name in (
            "../../escaped.JPEG",
            "/tmp/ILSVRC2012_val_00000002.JPEG",
            "x/../ILSVRC2012_val_00000003.JPEG",
        ):
            member = hostile(name)
            member.size = len(image)
            archive.addfile(member, io.BytesIO(image))
        archive.addfile(hostile("ILSVRC2012_val_00000001.JPEG", kind=tarfile.SYMTYPE, link="/etc/passwd"))
        archive.addfile(hostile("ILSVRC2012_val_00000004.JPEG"))
    before = files(tmp_path) | {"a/b/out/.alexnet-studio-collection"}
    made = collected(source, tmp_path / "a/b/out")
    assert made.images == 6
    assert [skipped.reason for skipped in made.skipped] == [
        *("has a name that leads out of the archive",) * 3,
        "is no regular file",
        "is empty",
    ]
    assert all(name.startswith("a/b/out/train/") for name in files(tmp_path) - before)


def test_a_cut_archive_names_itself_and_can_be_completed(tmp_path: Path) -> None:
    imagenet(tmp_path / "imagenet")
    archive = tmp_path / "imagenet/ILSVRC2012_img_train.tar"
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) * 2 // 3])
    error = refused(tmp_path / "imagenet", tmp_path / "out")
    assert error.code == "archive_damaged"
    assert "ILSVRC2012_img_train.tar" in error.sentence
    archive.write_bytes(whole)
    assert collected(tmp_path / "imagenet", tmp_path / "out").images == 10


def unpacked(folder: Path) -> Path:
    for number in range(1, 4):
        save(noise(600 + number), folder / f"val/ILSVRC2012_val_{number:08}.JPEG")
    for synset in (FISH, SHARK):
        save(noise(int(synset[-2:])), folder / f"train/{synset}/{synset}_1.JPEG")
    return folder


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "val.txt",
            "ILSVRC2012_val_00000001.JPEG 1\nILSVRC2012_val_00000002.JPEG 0\nILSVRC2012_val_00000003.JPEG 1\n",
        ),
        ("imagenet_2012_validation_synset_labels.txt", f"{SHARK}\n{FISH}\n{SHARK}\n"),
        (
            "LOC_val_solution.csv",
            f"ImageId,PredictionString\nILSVRC2012_val_00000003,{SHARK} 1 2 3 4\n"
            f"ILSVRC2012_val_00000001,{SHARK} 1 2 3 4 \nILSVRC2012_val_00000002,{FISH} 1 2 3 4\n",
        ),
    ],
)
def test_unpacked_imagenet_with_every_form_of_its_ground_truth(tmp_path: Path, name: str, text: str) -> None:
    source = unpacked(tmp_path / "imagenet")
    (source / name).write_text(text, "utf-8")
    (source / "synset_words.txt").write_text(WORDS, "utf-8")
    made = collected(source, tmp_path / "out")
    assert (made.images, made.skipped) == (5, ())
    assert files(tmp_path / "out") == {
        ".alexnet-studio-collection",
        "class_indices.json",
        f"train/tench/{FISH}_1.JPEG",
        f"train/great white shark/{SHARK}_1.JPEG",
        "val/great white shark/ILSVRC2012_val_00000001.JPEG",
        "val/tench/ILSVRC2012_val_00000002.JPEG",
        "val/great white shark/ILSVRC2012_val_00000003.JPEG",
    }


def test_a_flat_folder_of_validation_images_alone(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "imagenet") / "val"
    assert refused(folder, tmp_path / "out").code == "source_unknown"
    (folder / "val.txt").write_text(f"ILSVRC2012_val_00000001.JPEG {FISH}\n", "utf-8")
    made = collected(folder, tmp_path / "out")
    assert made.folder == tmp_path / "out/val"
    assert made.images == 1
    assert [skipped.reason for skipped in made.skipped] == ["has no class in the ground truth"] * 2
    assert "no training images" in made.notes[-1]


def test_the_numbers_of_the_kit_are_never_guessed(tmp_path: Path) -> None:
    source = unpacked(tmp_path / "imagenet")
    assert refused(source, tmp_path / "out").code == "truth_missing"
    (source / "ILSVRC2012_validation_ground_truth.txt").write_text("2\n1\n2\n", "utf-8")
    assert refused(source, tmp_path / "out").code == "truth_needs_kit"
    (source / "ILSVRC2012_devkit_t12.tar.gz").write_bytes(kit((SHARK, FISH), [2, 1, 2]))
    collected(source, tmp_path / "out")
    assert (tmp_path / "out/val" / FISH / "ILSVRC2012_val_00000001.JPEG").exists()


# All kinds


def test_what_is_no_source_is_refused(tmp_path: Path) -> None:
    save(noise(1), tmp_path / "photos/cat/1.png")
    (tmp_path / "big.tar.gz").write_bytes(tar({"other/file": b"x"}, packed=True))
    (tmp_path / "torn.tar.gz").write_bytes(b"\x1f\x8bno")
    for name in ("photos", "big.tar.gz", "torn.tar.gz"):
        assert refused(tmp_path / name, tmp_path / "out").code == "source_unknown"
    assert refused(tmp_path / "gone", tmp_path / "out").code == "source_missing"
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    write_idx(tmp_path / "mnist", "train", random_pixels(1, 2, 8, 8), [0, 1])
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.txt").write_text("do not touch", "utf-8")
    assert refused(tmp_path / "mnist", tmp_path / "out").code == "collect_folder_used"
    assert refused(tmp_path / "mnist", tmp_path / "out/thesis.txt").code == "collect_folder_used"
    assert files(tmp_path / "out") == {"thesis.txt"}


def test_describing_reads_headers_only(tmp_path: Path) -> None:
    write_idx(tmp_path / "mnist", "train", random_pixels(1, 2, 28, 28), [0, 1])
    found = describe(tmp_path / "mnist")
    assert (found.kind, found.splits, found.bytes) == ("idx", (("train", 2),), 2 * 28 * 28)
    images = tmp_path / "mnist/train-images-idx3-ubyte.gz"
    images.write_bytes(gzip.compress(idx(random_pixels(1, 2, 28, 28)), 0)[:100])
    assert describe(tmp_path / "mnist") == found


def test_names_that_are_no_names_for_these_classes(tmp_path: Path) -> None:
    source = unpacked(tmp_path / "imagenet") / "train"
    (tmp_path / "words.txt").write_text(f"{FISH} tench\n", "utf-8")
    assert refused(source, tmp_path / "out", names=tmp_path / "words.txt").code == "names_of_others"
    save(noise(1), tmp_path / "1.png")
    (tmp_path / "labels.csv").write_text("path,label\n1.png,cat\n", "utf-8")
    (tmp_path / "names.txt").write_text("dog\n", "utf-8")
    error = refused(tmp_path / "labels.csv", tmp_path / "out", names=tmp_path / "names.txt")
    assert error.code == "names_without_order"


def test_keras_index_of_imagenet_names_synsets(tmp_path: Path) -> None:
    source = unpacked(tmp_path / "imagenet") / "train"
    index = {"0": [FISH, "tench"], "1": [SHARK, "great_white_shark"]}
    (tmp_path / "index.json").write_text(json.dumps(index), "utf-8")
    collected(source, tmp_path / "out", names=tmp_path / "index.json")
    assert (tmp_path / "out/tench" / f"{FISH}_1.JPEG").exists()


def test_names_that_merely_lie_beside_are_used_where_they_fit(tmp_path: Path) -> None:
    source = unpacked(tmp_path / "imagenet") / "train"
    (source / "synset_words.txt").write_text(f"{FISH} tench\n", "utf-8")
    collected(source, tmp_path / "first")
    assert (tmp_path / "first" / FISH).is_dir()
    (source / "synset_words.txt").write_text(WORDS, "utf-8")
    collected(source, tmp_path / "second")
    assert (tmp_path / "second/tench").is_dir()


# splits and groups of a table


def table_of(root: Path, heading: str, rows: list[str]) -> Path:
    for i in range(len(rows)):
        save(noise(i, 4, 4), root / f"{i}.png")
    (root / "t.csv").write_text(
        "\n".join([heading, *(f"{i}.png,{row}" for i, row in enumerate(rows))]), "utf-8"
    )
    return root / "t.csv"


def test_a_tables_split_column_makes_train_val_and_test(tmp_path: Path) -> None:
    table = table_of(
        tmp_path, "path,label,Split", ["a,Train", "b,train", "a,VALID", "b,validation", "a,test", "b,val"]
    )
    assert describe(table).splits == (("test", 1), ("train", 2), ("val", 3))
    made = collected(table, tmp_path / "out")
    assert files(tmp_path / "out") - {".alexnet-studio-collection"} == {
        "train/a/0.png", "train/b/1.png", "val/a/2.png", "val/b/3.png", "test/a/4.png", "val/b/5.png"
    }  # fmt: skip
    assert as_json(scanned(made.folder))["splits"] == {"train": 2, "val": 3, "test": 1}


@pytest.mark.parametrize(("value", "shown"), [("fold 3", "fold 3"), ("", "nothing")])
def test_a_split_that_is_none_is_refused_with_its_line(tmp_path: Path, value: str, shown: str) -> None:
    table = table_of(tmp_path, "path,label,split", ["a,train", f"b,{value}"])
    error = refused(table, tmp_path / "out")
    assert error.sentence == (
        f"Line 3 of {table} has {shown} as its split. Write train, val or test there, in every row."
    )
    assert not (tmp_path / "out").exists()


def test_columns_of_other_names_and_a_group_that_the_split_finds(tmp_path: Path) -> None:
    table = table_of(tmp_path, "photo,alloy,Specimen No", [f"{'ab'[i % 2]},s{i % 6 // 2}" for i in range(24)])
    options = Options(path_column="Photo", label_column="alloy", group_column="specimen no")
    made = answer(collect(table, tmp_path / "out", options), Collected)
    assert "groups.csv keeps the groups together when the folder is split." in made.notes
    folder = scanned(made.folder)
    rows = (tmp_path / "out/groups.csv").read_text("utf-8").splitlines()
    assert rows[0] == "path,group" and len(rows) == 25
    group_of = dict(row.split(",") for row in rows[1:])
    parts = split(folder, SplitRule(seed=1))
    sides = [{group_of[folder.images[i].path] for i in side} for side in (parts.train, parts.val)]
    assert sides[1] and not sides[0] & sides[1]
    assert folder.skipped == ()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(group_column="tray"), "has no column tray. Its columns are path, label, group."),
        (Options(label_column="x"), "has no column x."),
        (Options(group_column="group"), "Line 3 of {table} has no group. Give every row one"),
        (Options(truth=Path("x")), "is a table of paths and labels, for which --truth does nothing"),
    ],
)
def test_a_column_that_is_none_is_refused(tmp_path: Path, options: Options, said: str) -> None:
    table = table_of(tmp_path, "path,label,group", ["a,1", "b,"])
    with pytest.raises(BadInput) as caught:
        answer(collect(table, tmp_path / "out", options), Collected)
    assert said.format(table=table) in caught.value.sentence


def test_groups_go_on_to_the_tiles(tmp_path: Path) -> None:
    table = table_of(tmp_path, "path,label,group", ["a,1", "a,1", "b,2", "b,2"])
    answer(collect(table, tmp_path / "photos", Options(group_column="group")), Collected)
    answer(collect(tmp_path / "photos", tmp_path / "out", Options(tiles=8)), Collected)
    rows = (tmp_path / "out/groups.csv").read_text("utf-8").splitlines()
    assert rows[1:] == [f"{'aabb'[i]}/{i}.png.tile-000-000.png,{'1122'[i]}" for i in range(4)]


def test_a_ground_truth_that_lies_elsewhere(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "in")
    (tmp_path / "else.txt").write_text(
        "".join(f"ILSVRC2012_val_{i:08}.JPEG {(FISH, SHARK)[i % 2]}\n" for i in range(1, 5)), "utf-8"
    )
    assert refused(folder, tmp_path / "out").code == "truth_missing"
    made = answer(collect(folder, tmp_path / "out", Options(truth=tmp_path / "else.txt")), Collected)
    assert {path.parent.name for path in (tmp_path / "out/val").glob("*/*")} == {FISH, SHARK}
    assert made.images == 5
