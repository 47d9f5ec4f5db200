"""Ten views against a loop, submissions, and photos copied into folders without losing or replacing one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import finished
from alexnet_studio.images import decode, prepare
from alexnet_studio.images.normalise import normalised
from alexnet_studio.insight import sorting_photos, submission
from alexnet_studio.insight.loaded import load
from alexnet_studio.insight.predict import Prediction, predict
from alexnet_studio.insight.sorting_photos import Piles, Sorted, room, sort
from alexnet_studio.runs.folder import RunFolder


def test_each_of_the_ten_views_answers_and_their_mean_beside_them(run: RunFolder, photos: Path) -> None:
    loaded, path = load(run), photos / "red" / "5.png"
    (answer,) = predict(loaded, [path], "ten")
    fitted = prepare.fit(decode.read(path).pixels, loaded.record)
    size, bottom, right = loaded.record.size, fitted.shape[0] - 32, fitted.shape[1] - 32
    corners = ((0, 0), (0, right), (bottom // 2, right // 2), (bottom, 0), (bottom, right))
    total = np.zeros(3)
    for number, view in enumerate(answer.views):
        top, left = corners[number % 5]
        crop = fitted[top : top + size, left : left + size]
        crop = crop[:, ::-1] if number >= 5 else crop
        with torch.inference_mode():
            logits = loaded.network(normalised(np.ascontiguousarray(crop)[None], loaded.record))
        alone = torch.softmax(logits.double(), 1)[0].numpy()
        total += alone
        assert dict(view.top) == pytest.approx(dict(zip(loaded.classes, alone, strict=True)), abs=1e-6)
        assert view.mirrored == (number >= 5)
    assert [view.place for view in answer.views[:5]] == [
        *("top left", "top right", "centre", "bottom left", "bottom right")
    ]
    assert dict(answer.top) == pytest.approx(dict(zip(loaded.classes, total / 10, strict=True)), abs=1e-6)


def test_an_unreadable_image_has_no_views(run: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "words.jpg").write_text("words")
    (answer,) = predict(load(run), [tmp_path / "words.jpg"], "ten")
    assert answer.error
    assert answer.views == ()


def answered(image: Path, *top: tuple[str, float]) -> Prediction:
    return Prediction(image, top)


def test_a_submission_counts_from_one_and_has_a_line_for_every_image(tmp_path: Path) -> None:
    rows = [
        answered(Path("a"), ("c", 0.5), ("a", 0.3), ("b", 0.2)),
        Prediction(Path("x"), (), "no image"),
        answered(Path("b"), ("b", 0.9), ("c", 0.1), ("a", 0.0)),
    ]
    submission.write(tmp_path / "s.txt", rows, submission.run_order(("a", "b", "c")))
    assert (tmp_path / "s.txt").read_text() == "3 1 2\n0 0 0\n2 3 1\n"


def test_the_order_of_a_submission_comes_from_a_file(tmp_path: Path) -> None:
    order = tmp_path / "synsets.txt"
    order.write_text("n3 third thing\nc\nn1 first, one\nb\n")
    assert submission.order_of(order, ("b", "c", "n1")) == {"b": 4, "c": 2, "n1": 3}
    assert submission.order_of(order, ("n3 third thing",)) == {"n3 third thing": 1}
    with pytest.raises(BadInput, match=r"no line for these classes of the run: d, e"):
        submission.order_of(order, ("b", "d", "e"))


def test_photos_are_copied_and_none_is_overwritten(tmp_path: Path) -> None:
    inside, target = tmp_path / "in", tmp_path / "out"
    for number in (1, 2, 3):
        (inside / str(number)).mkdir(parents=True)
        (inside / str(number) / "a.png").write_bytes(b"%d" % (number if number < 3 else 1))
    files = [inside / str(number) / "a.png" for number in (1, 2, 3)]
    piles = Piles(target, ("cat", "dog"), files, 0.6)
    first = piles.put(answered(files[0], ("cat", 0.9), ("dog", 0.1)))
    second = piles.put(answered(files[1], ("cat", 0.6), ("dog", 0.4)))
    same = piles.put(answered(files[2], ("cat", 0.7), ("dog", 0.3)))
    unsure = piles.put(answered(files[1], ("dog", 0.55), ("cat", 0.45)))
    assert (first, second) == (target / "cat" / "a.png", target / "cat" / "a (2).png")
    assert same == first  # byte for byte the same photo is not copied again
    assert unsure == target / "unsure" / "a.png"
    assert {path.name for path in (target / "cat").iterdir()} == {"a.png", "a (2).png"}
    assert first.read_bytes() == b"1"
    assert second.read_bytes() == b"2"
    assert all(file.exists() for file in files)
    assert Piles(target, ("cat", "dog"), files, None).place(answered(files[0], ("dog", 0.1))) == "dog"


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    source.write_bytes(b"photo")
    (tmp_path / "out" / "cat").mkdir(parents=True)
    (tmp_path / "out" / "cat" / "a.png").symlink_to(tmp_path / "elsewhere.png")
    copy = Piles(tmp_path / "out", ("cat",), [source], None).put(answered(source, ("cat", 1.0)))
    assert copy.name == "a (2).png"
    assert not (tmp_path / "elsewhere.png").exists()


@pytest.mark.parametrize("name", ["..", "a/b", ""])
def test_a_class_that_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="cannot be a folder"):
        Piles(tmp_path / "out", ("cat", name), [], None)


def test_piles_lie_beside_what_is_sorted_and_unsure_is_no_class(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(BadInput, match="lies inside"):
        Piles(tmp_path / "in" / "sorted", ("cat",), [tmp_path / "in"], None)
    with pytest.raises(BadInput, match="called unsure"):
        Piles(tmp_path / "out", ("cat", "unsure"), [], 0.5)
    Piles(tmp_path / "out", ("cat", "unsure"), [], None)


def numbered(count: int) -> list[Path]:
    return [Path(f"test/ILSVRC2012_test_{number:08}.JPEG") for number in range(1, count + 1)]


def test_only_answers_to_the_ilsvrc_are_its_submission() -> None:
    classes = [f"n{number}" for number in range(1000)]
    submission.require_fit(classes, numbered(12))
    with pytest.raises(BadInput, match=r"1,000 classes, and this run 999"):
        submission.require_fit(classes[1:], numbered(12))
    for images, says in (
        (numbered(12)[1:], r"Line 1 of .* would answer ILSVRC2012_test_00000002"),
        ([*numbered(3), Path("cat.jpg")], r"Line 4 of .* would answer cat\.jpg"),
        (list(reversed(numbered(3))), r"00000003"),
    ):
        with pytest.raises(BadInput, match=says):
            submission.require_fit(classes, images)


def test_what_copies_take_is_known_before_and_each_that_is_there_is_whole(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    rows = [answered(tmp_path / "in" / f"{number}.png", ("cat", number / 10)) for number in range(6)]
    for number, one in enumerate(rows[:5]):
        one.image.write_bytes(b"x" * (1000 * number))
    rows.append(Prediction(tmp_path / "in" / "words.png", (), "no image"))
    target = tmp_path / "out"
    known = finished(room(rows, target))
    assert (known.images, known.needed_bytes) == (6, 10_000)  # the sixth is gone
    assert known.free_bytes > 10_000
    half = sort(rows, Piles(target, ("cat",), [tmp_path / "in"], 0.2))
    for _ in range(3):
        next(half)
    half.close()
    assert sorted(path.name for path in target.rglob("*") if path.is_file()) == ["0.png", "1.png", "2.png"]
    with pytest.raises(BadInput, match="is not empty"):
        finished(room(rows, target))
    done = finished(sort(rows, Piles(tmp_path / "new", ("cat",), [tmp_path / "in"], 0.2)))
    assert done == Sorted(copies=5, unsure=2, gone=1)
    copied = {path.relative_to(tmp_path / "new").as_posix() for path in (tmp_path / "new").rglob("*.png")}
    assert copied == {"unsure/0.png", "unsure/1.png", "cat/2.png", "cat/3.png", "cat/4.png"}


def test_copies_that_have_no_room_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.png").write_bytes(b"x" * 5_000_000)
    rows = [answered(tmp_path / "a.png", ("cat", 1.0))]
    assert finished(room(rows, tmp_path / "out")).images == 1

    def little(_: Path) -> int:
        return 4_000_000

    monkeypatch.setattr(sorting_photos, "free_bytes", little)
    with pytest.raises(BadInput, match=r"take 5 MB, and the disk of .* has 4 MB left"):
        finished(room(rows, tmp_path / "out"))
