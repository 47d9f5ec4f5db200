"""Colour statistics against numpy's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from image_corpus import class_folders, filled, noise, record_of, save, scanned
from PIL import Image

from alexnet_studio.images.prepare import fit
from alexnet_studio.images.statistics import ColourStatistics, measure, normalised_by
from alexnet_studio.images.store import Store

RECORD = record_of(16, 12)


def coloured(root: Path) -> Store:
    """Noise whose channels hang together, so that the principal colours are not the axes."""
    mix = np.array([[0.5, 0.3, 0.2], [0.3, 0.5, 0.1], [0.1, 0.2, 0.4]])
    for i in range(6):
        pixels = np.asarray(noise(i, 16, 16)) @ mix.T
        save(Image.fromarray(pixels.astype(np.uint8)), root / "data" / "ab"[i % 2] / f"{i}.png")
    return filled(scanned(root / "data"), RECORD, root / "cache")


def test_equals_numpy(tmp_path: Path) -> None:
    store = coloured(tmp_path)
    pixels = np.concatenate([fit(store.pixels(i), RECORD).reshape(-1, 3) for i in range(len(store))]) / 255
    covariance = np.cov(pixels.T, ddof=0)
    measured = measure(store, range(len(store)), seed=1)
    np.testing.assert_allclose(measured.mean, pixels.mean(axis=0), rtol=1e-9)
    np.testing.assert_allclose(measured.std, pixels.std(axis=0), rtol=1e-9)
    np.testing.assert_allclose(measured.eigenvalues, np.linalg.eigvalsh(covariance)[::-1], rtol=1e-6)
    vectors = np.array(measured.eigenvectors)
    np.testing.assert_allclose(covariance @ vectors.T, vectors.T * measured.eigenvalues, atol=1e-9)
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(3), atol=1e-9)


def test_only_the_images_asked_for_count(tmp_path: Path) -> None:
    store = coloured(tmp_path)
    np.testing.assert_allclose(measure(store, [2], seed=1).mean, store.pixels(2).mean(axis=(0, 1)) / 255)


def test_padding_counts_as_the_network_sees_it(tmp_path: Path) -> None:
    for name in ("a", "b"):
        save(Image.new("RGB", (8, 4), "white"), tmp_path / "data" / name / "x.png")
    record = record_of(8, 8).model_copy(update={"fit": "pad"})
    store = filled(scanned(tmp_path / "data"), record, tmp_path / "cache")
    seen = fit(store.pixels(0), record).reshape(-1, 3) / 255
    np.testing.assert_allclose(measure(store, (0, 1), seed=1).mean, seen.mean(axis=0))


@pytest.mark.parametrize("level", [0, 200])
def test_fault_31_a_uniform_set_has_a_deviation_to_divide_by(level: int, tmp_path: Path) -> None:
    for name in ("a", "b"):
        save(Image.new("RGB", (8, 8), (level, level, level)), tmp_path / "data" / name / "x.png")
    measured = measure(filled(scanned(tmp_path / "data"), RECORD, tmp_path / "cache"), (0, 1), seed=1)
    assert min(measured.std) > 0
    assert min(measured.eigenvalues) >= 0


def test_one_channel(tmp_path: Path) -> None:
    record = RECORD.model_copy(update={"channels": 1, "mean": (0.0,), "std": (1.0,)})
    root = class_folders(tmp_path / "data", {"a": 2, "b": 2})
    measured = measure(filled(scanned(root), record, tmp_path / "cache"), range(4), seed=1)
    assert [len(measured.mean), len(measured.eigenvalues), len(measured.eigenvectors[0])] == [1, 1, 1]
    np.testing.assert_allclose(measured.std[0] ** 2, measured.eigenvalues[0])


def test_survives_json(tmp_path: Path) -> None:
    measured = measure(coloured(tmp_path), range(6), seed=1)
    assert ColourStatistics.model_validate_json(measured.model_dump_json()) == measured


MEASURED = ColourStatistics(
    mean=(0.1, 0.2, 0.3),
    std=(0.4, 0.5, 0.6),
    eigenvalues=(1, 0, 0),
    eigenvectors=((1, 0, 0), (0, 1, 0), (0, 0, 1)),
)


def test_a_record_is_normalised_by_what_it_names() -> None:
    assert normalised_by(RECORD, MEASURED).mean == (0.1, 0.2, 0.3)
    turned = RECORD.model_copy(update={"order": "BGR", "range": "0..255"})
    np.testing.assert_allclose(normalised_by(turned, MEASURED).mean, (76.5, 51, 25.5))
    np.testing.assert_allclose(normalised_by(turned, MEASURED).std, (153, 127.5, 102))
    plain = RECORD.model_copy(update={"statistics": "none"})
    assert (normalised_by(plain, MEASURED).mean, normalised_by(plain, MEASURED).std) == ((0, 0, 0), (1, 1, 1))
    known = RECORD.model_copy(update={"statistics": "imagenet"})
    assert normalised_by(known, MEASURED).mean == (0.485, 0.456, 0.406)
