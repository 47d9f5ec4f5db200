"""The figures: drawn without warnings, from anything that a run can hold, with every value where it belongs."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from alexnet_studio.figures.calibration import calibration
from alexnet_studio.figures.confusion import confusion
from alexnet_studio.figures.curves import curves
from alexnet_studio.figures.kernels import Block, kernels
from alexnet_studio.figures.matrix_shades import shades
from alexnet_studio.figures.neighbours import Answer, Bar, Near, Row, neighbours
from alexnet_studio.figures.network import network
from alexnet_studio.figures.palette import DARK, LIGHT
from alexnet_studio.figures.plot import Curve
from alexnet_studio.figures.save import encoded, pixels, save
from alexnet_studio.figures.words import Words
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.drawing import draw

EMPTY: Curve = (np.empty(0), np.empty(0))


def _curve(points: int, *, gap: bool = False) -> Curve:
    values = np.linspace(0.9, 0.2, points) + 0.1 * (np.arange(points) % 2)
    if gap:
        values[points // 2] = np.nan
    return np.arange(1.0, points + 1), values


def _has(figure: Figure, colour: str) -> bool:
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return bool((pixels(figure, 1)[..., :3] == wanted).all(axis=-1).any())


def _texts(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.texts]


def test_curves_use_the_colours_of_training_and_validation() -> None:
    pair = (_curve(200), _curve(10))
    for palette in (LIGHT, DARK):
        figure = curves(pair, pair, pair, title="run", palette=palette)
        for colour in (palette.paper, palette.training, palette.validation, palette.training_faint):
            assert _has(figure, colour), colour
    measured: Any = curves(pair, pair, pair, smoothing=0)
    assert len(measured.axes[0].lines) == 2  # nothing is behind the curves when they are not smoothed


@pytest.mark.parametrize(
    "training",
    [
        EMPTY,
        _curve(1),
        _curve(30, gap=True),
        (np.arange(3.0), np.full(3, np.nan)),
        (np.arange(2.0), np.zeros(2)),
    ],
)
def test_any_state_of_a_run_can_be_drawn(training: Curve) -> None:
    for validation in (EMPTY, _curve(1)):
        figure = curves((training, validation), (training, validation), (EMPTY, EMPTY), k=1)
        assert pixels(figure, 1).shape[2] == 4
        assert "thin: top-1" not in _texts(figure)


def test_one_spike_does_not_flatten_the_loss() -> None:
    steps, values = _curve(200)
    values[7] = 1e6
    figure: Any = curves(((steps, values), EMPTY), (EMPTY, EMPTY), (EMPTY, EMPTY))
    assert figure.axes[0].get_ylim()[1] < 2


def test_a_kernels_weights_stay_whole_squares_and_exact_colours(tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (13, 97, 3), dtype=np.uint8)
    figure = kernels([Block("Tower 1", "colourfulness 0.10", picture)], title="conv1")
    save(figure, tmp_path / "kernels.png")
    saved = np.asarray(Image.open(tmp_path / "kernels.png").convert("RGB"))
    zoom = 2 * (800 // 97)  # the file has two pixels for one of the layout
    top, left = 2 * (64 + 28), 2 * 24
    shown = saved[top : top + 13 * zoom, left : left + 97 * zoom]
    assert np.array_equal(shown[zoom // 2 :: zoom, zoom // 2 :: zoom], picture)


def test_agreement_is_a_sign_as_well_as_a_colour() -> None:
    photo = np.zeros((20, 30, 3), np.uint8)
    near = (Near(photo, "cat", 1.25, True), Near(photo[..., :1], "dog", 2.5, False), Near(None, "cat", 20.0))
    figure = neighbours([Answer(photo[..., 0], "cat", (Bar("cat", 0.75, True), Bar("dog", 0.25)), near)])
    shown = _texts(figure)
    assert {"✓ cat", "✗ dog", "cat", "1.2", "2.5", "20.0", "75 %", "25 %"} <= set(shown)
    assert _has(figure, LIGHT.agrees)
    assert pixels(neighbours([]), 1).size


def test_each_way_of_looking_is_a_row_under_its_name() -> None:
    photo = np.zeros((20, 30, 3), np.uint8)
    one, lost = Near(photo, "cat", 1.25, True), Near(photo, "dog", 9.5, False, "missed")
    answer = Answer(photo, "cat", (Bar("cat", 0.75, True),), (one,) * 3, "features · 3 of 3 agree")
    beside = replace(answer, beside=(Row("pixels · 0 of 3 agree", (lost,) * 4), Row("pixels · …", ())))
    alone, both = neighbours([answer]), neighbours([beside])
    assert "features · 3 of 3 agree" not in _texts(alone), "nothing to be told from"
    shown = _texts(both)
    assert {"features · 3 of 3 agree", "pixels · 0 of 3 agree", "pixels · …"} <= set(shown)
    assert shown.count("missed") == shown.count("✗ dog") == 4
    assert both.get_figheight() - alone.get_figheight() == pytest.approx((2 * 150 + 3 * 24) / 96)
    assert both.get_figwidth() > alone.get_figwidth(), "as wide as the longest row"


def test_names_are_only_text() -> None:
    names = ["$\\frac{1}{2}$", "$_", "<b>x</b>", "a\nb\tc\x00", "中文类别", "\U000e0041", "😀", "", "x" * 200]
    photo = np.zeros((8, 8, 3), np.uint8)
    answers = [Answer(photo, name, (Bar(name, 0.5),), (Near(photo, name, 1.0, False),)) for name in names]
    figure = neighbours(answers, title="$\\alpha$")
    assert "$_" in _texts(figure)
    assert all("\n" not in text for text in _texts(figure))
    for suffix in (".png", ".svg", ".pdf"):
        assert encoded(figure, suffix)


def test_words_that_no_font_can_write_are_english() -> None:
    pair = (_curve(5), EMPTY)
    unwritable = Words(loss="\U0001fffe")
    assert "Loss" in _texts(curves(pair, pair, pair, words=unwritable))
    assert "Verlust" in _texts(curves(pair, pair, pair, words=Words(loss="Verlust")))


@pytest.mark.parametrize("name", catalogue.names())
def test_every_network_is_drawn_inside_its_page(name: str) -> None:
    figure: Any = network(draw(catalogue.get(name)), title=name, highlight="conv2")
    for patch in figure.patches + figure.artists:
        corners = patch.get_path().vertices
        if len(corners) and patch is not figure.patch:
            assert corners.min() >= 0
            assert corners.max() <= 1
    assert "conv1" in _texts(figure)
    assert _has(figure, LIGHT.accent_soft)


def test_formats_follow_the_suffix_and_repeat_to_the_byte(tmp_path: Path) -> None:
    pair = (_curve(5), EMPTY)
    for suffix, start in ((".png", b"\x89PNG"), (".pdf", b"%PDF"), (".PNG", b"\x89PNG")):
        path = tmp_path / f"图{suffix}"
        save(curves(pair, pair, pair), path)
        assert path.read_bytes().startswith(start)
        assert path.read_bytes() == encoded(curves(pair, pair, pair), suffix)
    assert b"<svg" in encoded(curves(pair, pair, pair), ".svg")


def test_what_cannot_be_saved_is_said(tmp_path: Path) -> None:
    figure = kernels([])
    with pytest.raises(ValueError, match=r"\.png, \.svg, \.pdf"):
        save(figure, tmp_path / "kernels.bmp")
    with pytest.raises(OSError, match="nowhere"):
        save(figure, tmp_path / "nowhere" / "kernels.png")
    assert not list(tmp_path.iterdir())


def test_the_palette_costs_nothing_and_no_figure_starts_pyplot() -> None:
    code = (
        "import sys\n"
        "from alexnet_studio.figures import palette\n"
        "assert 'matplotlib' not in sys.modules and 'numpy' not in sys.modules\n"
        "from alexnet_studio.figures import curves, kernels, neighbours, network, save\n"
        "save.pixels(kernels.kernels([]))\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_a_confusion_matrix_is_shaded_by_the_share_of_its_row() -> None:
    cells = np.array([[3, 1, 0], [0, 0, 0], [0, 4, 12]])
    found = shades(cells, "#ffffff", "#000000", "#ff0000")
    for row in range(3):
        for column in range(3):
            share = cells[row, column] / max(1, cells[row].sum())
            full = np.array([0, 0, 0] if row == column else [255, 0, 0])
            expected = 255 * (1 - np.sqrt(share)) + full * np.sqrt(share)
            assert found[row, column].tolist() == expected.round().astype(int).tolist()


def test_a_confusion_matrix_and_calibration_are_drawn_for_few_and_for_many_classes(tmp_path: Path) -> None:
    for count in (2, 30, 1000):
        names = [f"a rather long class name with $ number {number}" for number in range(count)]
        save(confusion(np.eye(count, dtype=np.int64) * 9, names, title="t"), tmp_path / f"{count}.png")
        assert (tmp_path / f"{count}.png").stat().st_size > 1000
    bins = [(0.0, 0.5, None), (0.5, 1.0, 0.7)]
    save(calibration(bins, (np.array([1.0]), np.array([0.7]))), tmp_path / "one.png")
    assert (tmp_path / "one.png").stat().st_size > 1000
