"""Feature maps, the map of features and strongest patches as figures: every value where it belongs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from alexnet_studio.figures.feature_map import feature_map
from alexnet_studio.figures.feature_maps import LayerAnswer, feature_maps
from alexnet_studio.figures.palette import DARK, LIGHT
from alexnet_studio.figures.picture_sheet import picture_sheet
from alexnet_studio.figures.save import encoded
from alexnet_studio.figures.strongest import UnitRow, strongest

IMAGE = np.full((24, 24, 3), 90, np.uint8)


def test_maps_stand_in_rows_each_in_its_own_grey() -> None:
    maps = np.repeat(np.arange(20, dtype=np.uint8), 9).reshape(20, 3, 3) * 10
    figure: Any = feature_maps(IMAGE, [LayerAnswer("conv1", "", maps=maps)], title="$x$")
    sheet = np.asarray(figure.axes[1].images[0].get_array())
    side = sheet.shape[1] / 16
    for number in range(20):
        row, column = divmod(number, 16)
        assert sheet[int((row + 0.4) * side), int((column + 0.4) * side), 0] == 10 * number
    assert "$x$" in [text.get_text() for text in figure.texts]


@pytest.mark.parametrize(
    "values", [[-3.0, 0.0, 2.0], [0.0, 0.0], [5.0], list(np.linspace(0.5, 1, 4096)), [-1.0, -2.0]]
)
def test_units_without_a_place_are_bars(values: list[float]) -> None:
    bars = np.array(values, np.float32)
    for palette in (LIGHT, DARK):
        figure: Any = feature_maps(IMAGE, [LayerAnswer("fc8", "3", bars=bars)], palette=palette)
        drawn = [patch for patch in figure.artists if patch.get_facecolor()[3] > 0]
        assert len(drawn) == min(400, np.count_nonzero(bars))
        for bar in drawn:
            heights = bar.get_xy()[:, 1]
            assert 0 <= heights.min() <= heights.max() <= 1


def test_patches_keep_their_proportions() -> None:
    patches = (np.full((4, 8, 3), 200, np.uint8), np.full((6, 6, 3), 30, np.uint8))
    figure: Any = strongest([UnitRow("conv1 · 3", patches, ("1.5", "1.2"))])
    sheet = np.asarray(figure.axes[0].images[0].get_array())
    assert ((sheet == 200).all(axis=2).sum(), (sheet == 30).all(axis=2).sum()) == (144 * 72, 144 * 144)
    assert {"conv1 · 3", "1.5", "1.2"} <= {text.get_text() for text in figure.texts}


def test_no_unit_at_all_is_a_page_too() -> None:
    assert encoded(strongest([]), ".png").startswith(b"\x89PNG")


def test_a_sheet_of_larger_pictures_has_fewer_in_a_row() -> None:
    pictures = np.zeros((4, 8, 8, 3), np.uint8)
    small: Any = picture_sheet(pictures, "abcd")
    large: Any = picture_sheet(pictures, "abcd", side=320)
    assert len({round(axes.get_position().y0, 4) for axes in small.axes}) == 1
    assert len({round(axes.get_position().y0, 4) for axes in large.axes}) == 2


def test_each_class_of_a_map_has_its_colour_and_mistakes_have_an_outline() -> None:
    places = np.array([[0, 0], [1, 0], [2, 2], [3, 1]], np.float32)
    figure: Any = feature_map(
        places, list("acca"), list("abc"), mistaken=np.array([False, True, False, False])
    )
    axes, legend = figure.axes
    drawn = {str(one.get_offsets().tolist()): one for one in axes.collections if len(one.get_offsets())}
    assert set(drawn) == {"[[0.0, 0.0], [3.0, 1.0]]", "[[2.0, 2.0]]", "[[1.0, 0.0]]"}
    right, wrong = drawn["[[2.0, 2.0]]"], drawn["[[1.0, 0.0]]"]
    assert (right.get_linewidths()[0], wrong.get_linewidths()[0]) == (0, 0.9)
    assert np.array_equal(right.get_facecolor(), wrong.get_facecolor())
    assert {"a", "c"} <= {text.get_text() for text in figure.texts}
    assert "b" not in {text.get_text() for text in figure.texts}
    assert len(legend.collections) == 2
