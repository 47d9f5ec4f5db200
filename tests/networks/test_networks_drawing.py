"""The drawing: every layer is there, within the page, and linked as the network is."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest

from alexnet_studio.networks import catalogue
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.drawing import RISE, Drawing, draw
from alexnet_studio.networks.layers import Conv, Dense


def crossing(drawing: Drawing) -> set[str]:
    return {link.layer for link in drawing.links if link.crosses}


@pytest.mark.parametrize("name", catalogue.names())
@pytest.mark.parametrize("width", [0.1, 1.0])
def test_every_layer_has_a_box_and_everything_lies_within_the_page(name: str, width: float) -> None:
    spec = catalogue.get(name, width=width)
    drawing = draw(spec)
    assert {box.layer for box in drawing.boxes} == {layer.name for layer in spec.layers}
    for box in drawing.boxes:
        assert min(box.width, box.height) > 0
        assert box.x >= 0
        assert box.y - RISE * box.depth >= 0
        assert box.x + box.width + box.depth <= drawing.width
        assert box.y + box.height <= drawing.height
    for x, y in [(link.x0, link.y0) for link in drawing.links] + [(t.x, t.y) for t in drawing.labels]:
        assert 0 <= x <= drawing.width
        assert 0 <= y <= drawing.height


@pytest.mark.parametrize("name", ["paper", "mini"])
def test_links_cross_where_a_layer_sees_both_towers(name: str) -> None:
    drawing = draw(catalogue.get(name))
    assert crossing(drawing) == {"conv3", "fc6", "fc7"}
    assert {box.tower for box in drawing.boxes if box.layer != "fc8"} == {1, 2}
    assert [box.tower for box in drawing.boxes if box.layer == "fc8"] == [0]


@pytest.mark.parametrize("name", ["one-tower", "torchvision", "half-tower"])
def test_one_tower_is_one_row_of_boxes_without_crossings(name: str) -> None:
    drawing = draw(catalogue.get(name))
    assert not crossing(drawing)
    assert {box.tower for box in drawing.boxes} == {0}
    assert len(drawing.boxes) == len({box.layer for box in drawing.boxes})


@pytest.mark.parametrize("name", catalogue.names())
def test_weighted_layers_are_linked_and_named_and_links_run_to_the_right(name: str) -> None:
    spec = catalogue.get(name)
    drawing = draw(spec)
    weighted = [layer.name for layer in spec.layers if isinstance(layer, Conv | Dense)]
    assert [label.layer for label in drawing.labels if label.role == "name"] == weighted
    assert {link.layer for link in drawing.links} == set(weighted)
    assert all(link.x1 > link.x0 for link in drawing.links)
    first = {box.layer: box.x for box in reversed(drawing.boxes)}
    assert all(first[before] < first[after] for before, after in pairwise(weighted))


@pytest.mark.parametrize("name", ["paper", "mini"])
def test_the_towers_lie_apart_and_fc8_reaches_both(name: str) -> None:
    drawing = draw(catalogue.get(name))
    upper = max(box.y + box.height for box in drawing.boxes if box.tower == 1)
    lower = min(box.y - RISE * box.depth for box in drawing.boxes if box.tower == 2)
    assert upper < lower
    (classifier,) = [box for box in drawing.boxes if box.layer == "fc8"]
    assert classifier.y < upper
    assert classifier.y + classifier.height > lower


def test_a_larger_map_is_a_larger_solid() -> None:
    boxes = {box.layer: box for box in draw(catalogue.get("paper")).boxes}
    assert boxes["conv1"].height > boxes["conv2"].height > boxes["conv3"].height > boxes["pool5"].height
    assert boxes["conv3"].width > boxes["conv2"].width > boxes["conv1"].width


def test_labels_tell_the_output_of_one_tower() -> None:
    labels = {
        label.layer: label.text for label in draw(catalogue.get("paper")).labels if label.role == "size"
    }
    assert labels["conv1"] == "48 × 55²"
    assert labels["fc6"] == "2048"
    assert labels["fc8"] == "1000"


def test_describing_counting_and_drawing_import_no_torch() -> None:
    script = (
        "import sys; from alexnet_studio.networks import arithmetic, catalogue, drawing, spec_file;"
        "spec = spec_file.resolve('paper'); arithmetic.report(spec); drawing.draw(spec);"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize("name", ["paper", "torchvision", "mini", "lenet", "original-145"])
def test_to_scale_heights_and_widths_are_in_proportion(name: str) -> None:
    spec = catalogue.get(name)
    rows = {row.name: row for row in report(spec).rows}
    drawing = draw(spec, to_scale=True)
    solids = [box for box in drawing.boxes if rows[box.layer].kind == "conv"]
    per_pixel = {round(box.height / rows[box.layer].output[1], 6) for box in solids}
    per_channel = {round(box.width / rows[box.layer].output[0], 6) for box in solids}
    assert len(per_pixel) == 1
    assert len(per_channel) == 1
    bars = [box for box in drawing.boxes if rows[box.layer].kind == "fc" and (box.tower or spec.towers == 1)]
    assert len({round(box.height / rows[box.layer].output[0], 6) for box in bars}) == 1


@pytest.mark.parametrize("name", catalogue.names())
def test_to_scale_no_label_runs_into_the_next(name: str) -> None:
    """At 980 pixels a label of 11 characters is about 46 pixels wide."""
    drawing = draw(catalogue.get(name), to_scale=True)
    places = [label.x for label in drawing.labels if label.role == "size"]
    assert all(b - a >= 40 for a, b in pairwise(places))
