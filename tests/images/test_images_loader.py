"""Batches: every image once, the same whatever prepares them, normalised as the record says."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import torch
from image_corpus import class_folders, filled, noise, record_of, scanned
from torchvision.transforms import functional

from alexnet_studio.images.ahead import ahead
from alexnet_studio.images.augment import Augmentation, Draw, central
from alexnet_studio.images.loader import Batch, batches, image_tensor, order
from alexnet_studio.images.normalise import affine, normalised
from alexnet_studio.images.prepare import centre, fit
from alexnet_studio.images.statistics import measure
from alexnet_studio.images.store import Store

RECORD = record_of(16, 12, mean=(0.4, 0.5, 0.6), std=(0.2, 0.25, 0.3))
IMAGES = 22
LABELS = tuple(i // 11 for i in range(IMAGES))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    root = tmp_path_factory.mktemp("loader")
    return filled(scanned(class_folders(root / "data", {"a": 11, "b": 11})), RECORD, root / "cache")


@pytest.fixture
def augmentation(store: Store) -> Augmentation:
    return Augmentation(True, True, 0.1, measure(store, range(IMAGES), seed=1))


def epoch_of(
    store: Store,
    augmentation: Augmentation | None,
    *,
    workers: int,
    start: int = 0,
    share: tuple[int, int] = (0, 1),
) -> list[Batch]:
    return list(
        batches(
            store,
            LABELS,
            range(IMAGES),
            RECORD,
            batch_size=5,
            seed=3,
            epoch=4,
            augmentation=augmentation,
            shuffle=True,
            workers=workers,
            start=start,
            share=share,
        )
    )


def assert_same(first: list[Batch], second: list[Batch]) -> None:
    assert [batch.indices for batch in first] == [batch.indices for batch in second]
    for one, other in zip(first, second, strict=True):
        assert torch.equal(one.images, other.images)
        assert torch.equal(one.labels, other.labels)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_the_number_of_workers_changes_nothing(
    workers: int, store: Store, augmentation: Augmentation
) -> None:
    assert_same(epoch_of(store, augmentation, workers=0), epoch_of(store, augmentation, workers=workers))


def test_a_resumed_epoch_is_the_rest_of_the_whole_one(store: Store, augmentation: Augmentation) -> None:
    whole = epoch_of(store, augmentation, workers=1)
    assert_same(whole[2:], epoch_of(store, augmentation, workers=1, start=2))


def test_every_image_comes_once_with_its_label(store: Store) -> None:
    epoch = epoch_of(store, None, workers=1)
    assert [len(batch.indices) for batch in epoch] == [5, 5, 5, 5, 2]
    seen = [index for batch in epoch for index in batch.indices]
    assert sorted(seen) == list(range(IMAGES))
    assert seen != sorted(seen)
    for batch in epoch:
        assert torch.equal(batch.labels, torch.tensor([LABELS[i] for i in batch.indices]))
        assert (batch.images.dtype, batch.labels.dtype) == (torch.float32, torch.int64)


@pytest.mark.parametrize("processes", [1, 2, 3, 5])
def test_fault_74_an_epoch_begun_by_one_and_ended_by_others_has_every_image_once(
    store: Store, processes: int
) -> None:
    """Two of its batches of five are learned by two processes, the rest by another number, after a resume."""
    before = [batch for rank in range(2) for batch in epoch_of(store, None, workers=0, share=(rank, 2))[:2]]
    after = [
        batch
        for rank in range(processes)
        for batch in epoch_of(store, None, workers=0, start=2, share=(rank, processes))
    ]
    assert sum(len(batch.indices) for batch in before) == 10
    seen = [index for batch in (*before, *after) for index in batch.indices]
    assert sorted(seen) == list(range(IMAGES))


def test_the_order_is_a_permutation_that_follows_seed_and_epoch() -> None:
    first = order(100, seed=1, epoch=1)
    assert sorted(first) == list(range(100))
    assert first == order(100, seed=1, epoch=1)
    assert first != order(100, seed=1, epoch=2)
    assert first != order(100, seed=2, epoch=1)


def test_without_augmentation_the_central_view_is_normalised(store: Store) -> None:
    (batch,) = batches(store, LABELS, (7, 2), RECORD, batch_size=9, seed=1, epoch=1)
    assert batch.indices == (7, 2)
    for image, index in zip(batch.images, batch.indices, strict=True):
        view = centre(fit(store.pixels(index), RECORD), 12) / 255
        expected = (view - np.array(RECORD.mean)) / np.array(RECORD.std)
        np.testing.assert_allclose(image.numpy(), expected.transpose(2, 0, 1), atol=1e-5)
        assert torch.equal(image, image_tensor(store.pixels(index), RECORD))


def tinted(colour: np.ndarray[Any, Any], **others: Any) -> Draw:
    return replace(central(12, 12), colour=colour, **others)


def test_colour_noise_is_added_before_normalising() -> None:
    views = np.asarray(noise(1, 12, 12))[np.newaxis]
    added = np.array([[0.1, -0.2, 0.3]])
    difference = normalised(views, RECORD, how=affine(RECORD, 1, [tinted(added[0])])) - normalised(
        views, RECORD
    )
    expected = np.broadcast_to((added / np.array(RECORD.std))[..., None, None], (1, 3, 12, 12))
    np.testing.assert_allclose(difference.numpy(), expected, atol=1e-5)


def test_channel_order_and_range_are_the_record_s() -> None:
    record = RECORD.model_copy(
        update={"order": "BGR", "range": "0..255", "mean": (1, 2, 3), "std": (1, 2, 4)}
    )
    views = np.full((1, 12, 12, 3), (10, 20, 30), np.uint8)
    red = tinted(np.array([1.0, 0.0, 0.0]))  # all of red's range
    plain, noisy = normalised(views, record), normalised(views, record, how=affine(record, 1, [red]))
    assert torch.equal(plain[0, :, 0, 0], torch.tensor([29, 9, 1.75]))
    assert torch.equal(noisy[0, :, 0, 0], torch.tensor([29, 9, 65.5]))


def test_both_memory_layouts_hold_the_same_numbers() -> None:
    views = np.stack([np.asarray(noise(i, 12, 12)) for i in range(3)])
    how = affine(RECORD, 3, [tinted(colour) for colour in np.arange(9.0).reshape(3, 3) / 50])
    planes = normalised(views, RECORD, how=how)
    rows = normalised(views, RECORD, how=how, channels_last=True)
    assert planes.is_contiguous()
    assert rows.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal(planes, rows)


def test_light_is_torchvision_s_adjustment_and_all_is_divided_at_last() -> None:
    views = np.stack([np.asarray(noise(i, 12, 12)) for i in range(2)])
    drawn = [
        tinted(np.zeros(3), brightness=1.4, contrast=0.6, scale=1 / 1.1),
        tinted(np.ones(3) / 9, contrast=1.3),
    ]
    found = normalised(views, RECORD, how=affine(RECORD, 2, drawn))
    for image, view, draw in zip(found, views, drawn, strict=True):
        x = torch.as_tensor(view).permute(2, 0, 1) / 255
        x = functional.adjust_contrast(functional.adjust_brightness(x, draw.brightness), draw.contrast)
        x = x + torch.as_tensor(draw.colour)[:, None, None]
        mean, std = torch.tensor(RECORD.mean)[:, None, None], torch.tensor(RECORD.std)[:, None, None]
        torch.testing.assert_close(image, ((x - mean) / std * draw.scale).float(), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("order_", ["RGB", "BGR"])
def test_a_device_gets_bytes_and_makes_the_same_numbers_of_them(store: Store, order_: Any) -> None:
    record = RECORD.model_copy(update={"order": order_})
    augmentation = Augmentation(
        True,
        True,
        0.1,
        measure(store, range(IMAGES), seed=1),
        flip=True,
        turn=True,
        brightness=0.4,
        contrast=0.4,
        as_2012=True,
    )
    for_cpu, for_device = (
        list(
            batches(
                store,
                LABELS,
                range(IMAGES),
                record,
                batch_size=8,
                seed=3,
                epoch=4,
                augmentation=augmentation,
                shuffle=True,
                channels_last=True,
                for_device=given,
            )
        )
        for given in (False, True)
    )
    cpu = torch.device("cpu")
    for ours, theirs in zip(for_cpu, for_device, strict=True):
        assert theirs.images.dtype == torch.uint8
        there = theirs.on(cpu)
        assert there.is_contiguous(memory_format=torch.channels_last)
        torch.testing.assert_close(ours.on(cpu), there, atol=1e-5, rtol=1e-5)


def test_one_channel(tmp_path: Path) -> None:
    record = RECORD.model_copy(update={"channels": 1, "mean": (0.5,), "std": (0.5,)})
    grey = filled(scanned(class_folders(tmp_path / "data", {"a": 2, "b": 2})), record, tmp_path / "cache")
    (batch,) = batches(grey, (0, 0, 1, 1), range(4), record, batch_size=4, seed=1, epoch=1)
    assert batch.images.shape == (4, 1, 12, 12)


def test_fault_36_38_there_is_no_worker_process_to_be_killed_and_no_shared_memory(store: Store) -> None:
    """Images are prepared by threads of this process: nothing is handed over through /dev/shm."""
    here, shared = psutil.Process(), Path("/dev/shm")
    before = set(shared.iterdir()) if shared.is_dir() else set[Path]()
    children = len(here.children(recursive=True))
    job = batches(store, LABELS, range(IMAGES), RECORD, batch_size=2, seed=1, epoch=1, workers=3)
    for _ in job:
        assert len(here.children(recursive=True)) == children
        assert (set(shared.iterdir()) if shared.is_dir() else set[Path]()) <= before


def test_closing_early_joins_the_threads(store: Store) -> None:
    before = threading.active_count()
    job = batches(store, LABELS, range(IMAGES), RECORD, batch_size=2, seed=1, epoch=1, workers=3)
    next(job)
    job.close()
    assert threading.active_count() == before


def test_what_a_worker_raises_comes_out_in_its_turn_and_joins_the_threads() -> None:
    def work(item: int) -> int:
        if item == 3:
            raise ValueError("three")
        return item

    before = threading.active_count()
    job = ahead(work, range(10), workers=2)
    assert list(islice(job, 3)) == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(job)
    assert threading.active_count() == before


def test_results_keep_their_order_and_only_a_few_are_made_ahead() -> None:
    begun: list[int] = []

    def work(item: int) -> int:
        begun.append(item)
        time.sleep(0.002 * (item % 3))
        return item

    job = ahead(work, range(30), workers=3, waiting=2)
    assert next(job) == 0
    time.sleep(0.05)
    assert len(begun) <= 7
    assert list(job) == list(range(1, 30))


@pytest.mark.slow
def test_one_core_prepares_two_thousand_crops_a_second(tmp_path: Path) -> None:
    record = record_of(72, 64)
    root = class_folders(tmp_path / "data", {"a": 64, "b": 64}, side=80)
    held = filled(scanned(root), record, tmp_path / "cache")
    augmentation = Augmentation(True, True, 0.1, measure(held, range(128), seed=1))

    def seconds() -> float:
        start = time.process_time()
        for epoch in range(5):
            for _ in batches(
                held,
                (0,) * 128,
                range(128),
                record,
                batch_size=64,
                seed=1,
                epoch=epoch,
                augmentation=augmentation,
                shuffle=True,
                workers=1,
            ):
                pass
        return time.process_time() - start

    assert 5 * 128 / min(seconds() for _ in range(3)) > 2_000
