"""Exports: what a spreadsheet could run is defused, figures come in their formats, damage is a sentence."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.runs.rows import Epoch, Started, Step
from alexnet_studio.studio import setup_building, tables
from alexnet_studio.studio.dataset import of_record
from alexnet_studio.studio.jobs import export as export_jobs
from alexnet_studio.studio.jobs.export import Exported
from alexnet_studio.studio.showing.window import view_state
from alexnet_studio.studio.state.kernels import Block, KernelFrame, KernelState
from alexnet_studio.studio.state.neighbours import Answer, FoundImage
from alexnet_studio.studio.state.run import RunState
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.window import WindowView


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("cat", "cat"),
        ("=1+1", "'=1+1"),
        ("@x", "'@x"),
        ("-cmd", "'-cmd"),
        ("-1.5", "-1.5"),
        ("+2", "+2"),
        ("", ""),
    ],
)
def test_cells_that_begin_like_formulas_become_text(cell: str, safe: str) -> None:
    assert tables.defused(cell) == safe


def full_view() -> WindowView:
    run = RunState(Path("/runs/cats-1"), has_checkpoint=True)
    run.started = Started(0, 0, 2, 4, 8, 4, 2, "mini", "cpu", "float32", 2)
    for step in range(1, 5):
        run.add(Step(step, 1, 1.0 / step, 0.5, 1.0, 2, 0.02, 10.0))
    run.add(Epoch(1, 4, 1.0, 0.5, 1.0, 0.9, 0.75, 1.0, 2, 1.0, 8.0))
    weights = np.random.default_rng(0).normal(size=(4, 3, 5, 5)).astype(np.float32)
    kernels = KernelState([KernelFrame(4, 1, weights)], layer="conv1")
    kernels.blocks = (Block(np.zeros((4, 5, 5, 3), np.uint8), 0.5, (1, 2, 3, 4)),)
    state = State(
        run=run, kernels=kernels, dataset=of_record("/cats", ("=cat", "dog"), ("=cat/1.png",), ("dog/1.png",))
    )
    state.setup = setup_building.build("mini", (("image_size", None), ("width", 1.0)), 2)
    found = (FoundImage("=cat/1.png", "=cat", 1.5),)
    state.neighbours.answers = (Answer("dog/1.png", "dog", (("=cat", 0.9), ("dog", 0.1)), found),)
    return view_state(state)


@pytest.mark.parametrize("what", ["classes", "skipped", "layers", "curves", "neighbours"])
def test_every_table_has_a_head_and_rows_of_its_width(what: str) -> None:
    rows = tables.rows(what, full_view())
    assert rows
    assert {len(row) for row in rows} == {len(rows[0])}


def test_a_csv_file_is_read_back(tmp_path: Path) -> None:
    rows = tables.rows("classes", full_view())
    assert rows is not None
    events = list(export_jobs.save_table(rows, tmp_path / "classes.csv"))
    assert events[-1] == Exported(tmp_path / "classes.csv")
    with (tmp_path / "classes.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[:3] for row in csv.reader(file)][1:] == [["'=cat", "1", "0"], ["dog", "0", "1"]]


@pytest.mark.parametrize("what", ["curves", "kernels", "neighbours", "network"])
@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_every_figure_in_every_format(tmp_path: Path, what: str, suffix: str) -> None:
    draw = export_jobs.figure_of(what, full_view())
    assert draw is not None
    target = tmp_path / f"figure{suffix}"
    list(export_jobs.save_figure(draw, target))
    assert target.stat().st_size > 1000


def test_empty_figures_are_not_offered() -> None:
    assert export_jobs.figure_of("curves", view_state(State())) is None


def test_another_ending_is_a_sentence(tmp_path: Path) -> None:
    draw = export_jobs.figure_of("curves", full_view())
    assert draw is not None
    with pytest.raises(StudioError, match=r"\.svg"):
        list(export_jobs.save_figure(draw, tmp_path / "figure.exe"))
