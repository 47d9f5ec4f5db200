"""Training images without a store: the same pixels, and what happens when files go away meanwhile."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from image_corpus import answer, class_folders, encoded, filled, noise, record_of, scanned

from alexnet_studio.ground.errors import Failed
from alexnet_studio.images.direct import decoding_costs, without_store
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.images.prepare import fit
from alexnet_studio.images.store import Store

RECORD = record_of(16, 12)


@pytest.fixture
def folder(tmp_path: Path) -> ImageFolder:
    return scanned(class_folders(tmp_path / "data", {"a": 150, "b": 150}, side=20))


def direct(folder: ImageFolder) -> Store:
    return answer(without_store(folder, range(len(folder.images)), RECORD), Store)


def test_the_pixels_are_those_of_a_store(folder: ImageFolder, tmp_path: Path) -> None:
    (folder.root / folder.images[7].path).write_bytes(encoded(noise(1), "PNG")[:200])
    found = scanned(folder.root)
    here, there = direct(found), filled(found, RECORD, tmp_path / "cache")
    assert (here.kept, here.unreadable) == (there.kept, there.unreadable)
    for i in (0, 6, 7, 298):
        np.testing.assert_array_equal(fit(here.pixels(i), RECORD), fit(there.pixels(i), RECORD))


def test_closing_joins_the_threads(folder: ImageFolder) -> None:
    before = threading.active_count()
    job = without_store(folder, range(300), RECORD)
    next(job)
    del job
    assert threading.active_count() == before


def test_fault_32_an_image_deleted_meanwhile_is_replaced_by_one_of_its_class(folder: ImageFolder) -> None:
    store = direct(folder)
    (folder.root / folder.images[10].path).unlink()
    (folder.root / folder.images[200].path).write_bytes(b"replaced")
    others = {
        label: [fit(store.pixels(i), RECORD).tobytes() for i in range(at, at + 150) if i not in {10, 200}]
        for label, at in ((0, 0), (1, 150))
    }
    assert fit(store.pixels(10), RECORD).tobytes() in others[0]
    assert fit(store.pixels(200), RECORD).tobytes() in others[1]
    assert store.lost == {
        folder.images[10].path: "does not exist",
        folder.images[200].path: "is not an image",
    }


def test_fault_32_more_than_a_hundredth_gone_stops_with_what_to_do(folder: ImageFolder) -> None:
    store = direct(folder)
    for image in folder.images[:5]:
        (folder.root / image.path).unlink()
    with pytest.raises(Failed) as caught:
        for i in range(300):
            store.pixels(i)
    assert caught.value.code == "images_lost"
    assert "4 of 300 images" in str(caught.value)
    assert "resume" in str(caught.value)


def test_fault_33_a_folder_that_is_unmounted_stops_at_once(folder: ImageFolder) -> None:
    store = direct(folder)
    folder.root.rename(folder.root.with_name("away"))
    with pytest.raises(Failed) as caught:
        store.pixels(0)
    assert caught.value.code == "folder_gone"
    assert str(folder.root) in str(caught.value)
    folder.root.with_name("away").rename(folder.root)
    store.pixels(0)


def test_fault_34_a_locked_file_is_waited_for(folder: ImageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    store = direct(folder)
    wanted = store.pixels(3).copy()
    tries: list[str] = []
    from alexnet_studio.images import decode

    whole = decode.content_of

    def locked(path: Path) -> bytes:
        tries.append(path.name)
        if len(tries) < 3:
            raise decode.UnreadableError(path, "may not be read (no permission)", lasting=False)
        return whole(path)

    monkeypatch.setattr("alexnet_studio.images.store_writer.content_of", locked)
    monkeypatch.setattr("alexnet_studio.images.losses._WAITS_S", (0.0, 0.0, 0.0))
    np.testing.assert_array_equal(store.pixels(3), wanted)
    assert len(tries) == 3
    assert store.lost == {}


def test_decoding_takes_longer_than_reading(folder: ImageFolder) -> None:
    assert decoding_costs(folder, range(300), RECORD) > 1
