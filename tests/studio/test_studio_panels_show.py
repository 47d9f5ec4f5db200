"""The five panels and the first page as a person meets them: what they say, and what they announce."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from person import Person
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage

from alexnet_studio.networks import catalogue
from alexnet_studio.networks.drawing import draw
from alexnet_studio.studio.panels.architecture import ArchitecturePanel
from alexnet_studio.studio.panels.data import DataPanel
from alexnet_studio.studio.panels.kernels import KernelsPanel
from alexnet_studio.studio.panels.neighbours import NeighboursPanel
from alexnet_studio.studio.panels.training import TrainingPanel
from alexnet_studio.studio.panels.welcome import WelcomePage
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.architecture import ArchitectureView, LayerRow
from alexnet_studio.studio.views.data import ClassRow, DataView, SkippedRow, Thumbnail
from alexnet_studio.studio.views.kernels import KernelDetail, KernelsView, TowerView
from alexnet_studio.studio.views.neighbours import AnswerView, BarView, NeighboursView, NeighbourView
from alexnet_studio.studio.views.parts import EmptyView, Selection
from alexnet_studio.studio.views.training import TrainingView
from alexnet_studio.studio.widgets.mark import Mark

EMPTY = EmptyView("Something will be here.", "Open folder…", "open_folder")


def flat(red: int, green: int, blue: int, side: int = 7) -> NDArray[np.uint8]:
    return np.full((side, side, 3), (red, green, blue), np.uint8)


def test_every_empty_panel_says_what_will_be_there_and_has_the_way(person: Person, theme: Theme) -> None:
    data, architecture, training = DataPanel(theme), ArchitecturePanel(theme), TrainingPanel(theme)
    kernels, neighbours = KernelsPanel(theme), NeighboursPanel(theme)
    data.show_view(DataView(empty=EMPTY))
    architecture.show_view(ArchitectureView(empty=EMPTY))
    training.show_view(TrainingView(empty=EMPTY))
    kernels.show_view(KernelsView(empty=EMPTY))
    neighbours.show_view(NeighboursView(empty=EMPTY))
    for panel in (data, architecture, training, kernels, neighbours):
        person.sees(panel, 320, 400)
        assert panel.stage.empty_state.sentence.text() == "Something will be here."
        with person.hears(panel.intent) as intent:
            person.clicks(panel.stage.empty_state.button)
        assert intent == ["open_folder"]


DATA = DataView(
    title="flowers · 1,240 images · 3 classes",
    notes=("Few images.",),
    classes=(
        ClassRow("<b>rose</b>", 0, 1000, 20, 0),
        ClassRow("菊花", 1, 100, 20, 0),
        ClassRow("x" * 200, 2, 90, 10, 0),
    ),
    splits=("train", "val"),
    images=tuple(f"rose/{n}.jpg" for n in range(40)),
    skipped=(SkippedRow("rose/bad.jpg", "it ends early"), SkippedRow("rose/b.jpg", "no image")),
    skipped_total=2,
)


def test_data_shows_classes_counts_and_what_was_skipped(person: Person, theme: Theme) -> None:
    panel = DataPanel(theme)
    panel.show_view(DATA)
    person.sees(panel)
    assert panel.title.text() == DATA.title
    assert panel.classes.texts()[0] == ["<b>rose</b>", "", "1,000", "20", ""]
    assert panel.skipped_fold.header.text() == "2 skipped"
    panel.show_skipped()
    assert panel.skipped.isVisible()
    assert panel.skipped.files.as_text() == "rose/bad.jpg\tit ends early\nrose/b.jpg\tno image"


def test_data_announces_what_is_picked_and_what_it_needs(person: Person, theme: Theme) -> None:
    panel = DataPanel(theme)
    with person.hears(panel.thumbnails_wanted) as wanted:
        panel.show_view(DATA)
        person.sees(panel)
    assert wanted[0][0] == "rose/0.jpg"
    panel.set_thumbnail("rose/0.jpg", flat(250, 0, 0))
    grid = panel.images
    with person.hears(panel.image_picked) as picked:
        person.double_clicks(grid.viewport(), QPoint(30, 30))
    assert picked == ["rose/0.jpg"]
    with person.hears(panel.selection_changed) as selected:
        panel.classes.selectRow(1)
    assert selected == [Selection(label=1)]


def layer(name: str, params: str, share: float) -> LayerRow:
    return LayerRow(
        name=name,
        kind="conv",
        output="96 × 55 × 55",
        kernel="11 × 11",
        stride="4",
        padding="2",
        groups="1",
        activation="ReLU",
        weights="",
        biases="",
        params=params,
        share=share,
        share_text=f"{share:.0%}",
        macs="1",
        neurons="2",
        receptive_field="11",
    )


def test_a_row_and_a_box_are_one_selection(person: Person, theme: Theme) -> None:
    panel = ArchitecturePanel(theme)
    rows = tuple(layer(name, "7", 0.2) for name in ("conv1", "conv2", "conv3"))
    view = ArchitectureView(
        title="mini", rows=rows, totals=layer("3 layers", "21", 1.0), drawing=draw(catalogue.get("mini"))
    )
    panel.show_view(view)
    person.sees(panel)
    assert [row[0] for row in panel.table.texts()] == ["conv1", "conv2", "conv3", "3 layers"]
    with person.hears(panel.selection_changed) as selected:
        panel.table.selectRow(1)
    assert selected == [Selection(layer="conv2")]
    panel.show_view(replace(view, selection=Selection(layer="conv2")))
    assert panel.diagram.current() == "conv2"
    with person.hears(panel.selection_changed) as selected:
        person.presses(panel.diagram, Qt.Key.Key_Right)
    assert selected == [Selection(layer="rnorm2")]  # the next one drawn
    panel.show_view(replace(view, selection=Selection(layer="conv3")))
    assert panel.table.currentIndex().row() == 2


def kernels_view(**changes: object) -> KernelsView:
    red, blue = np.stack([flat(250, 0, 0)] * 24), np.stack([flat(0, 0, 250)] * 24)
    towers = (
        TowerView("Tower 1", tuple(range(1, 25)), red),
        TowerView("Tower 2", tuple(range(25, 49)), blue),
    )
    return replace(KernelsView(title="conv1", towers=towers, version=1), **changes)


def test_kernels_stand_by_tower_and_are_numbered_through(person: Person, theme: Theme) -> None:
    panel = KernelsPanel(theme)
    panel.show_view(kernels_view())
    person.sees(panel)
    assert [title.text() for title in panel.titles] == ["Tower 1", "Tower 2"]
    block = panel.blocks[1]
    x, y, width, height = block.grid().cell(3)
    middle = QPoint(int(x + width / 2), int(y + height / 2))
    assert block.grab().toImage().pixelColor(middle).name() == "#0000fa"
    with person.hears(panel.selection_changed) as selected:
        person.clicks(block, middle)
    assert selected == [Selection(kernel=28)]


def test_the_selected_kernel_is_shown_large_with_its_values(person: Person, theme: Theme) -> None:
    values = (np.arange(3 * 49).reshape(3, 7, 7) / 100).astype(np.float32)
    detail = KernelDetail("Kernel 28", (("tower", "2"), ("norm", "1.2")), flat(0, 0, 250), values, values)
    panel = KernelsPanel(theme)
    person.sees(panel)
    panel.show_view(kernels_view(detail=detail, selection=Selection(kernel=28)))
    assert panel.detail.title.text() == "Kernel 28"
    assert [(a.text(), b.text()) for a, b in panel.detail.facts] == [("tower", "2"), ("norm", "1.2")]
    assert (panel.blocks[0].current(), panel.blocks[1].current()) == (None, 3)
    assert panel.detail.values.as_text().startswith("0\t0.01\t0.02")
    panel.show_view(kernels_view())
    assert panel.detail.isHidden()


def test_a_film_and_its_normalisation_are_chosen_by_the_person_only(person: Person, theme: Theme) -> None:
    panel = KernelsPanel(theme)
    person.sees(panel)
    frames: list[int] = []
    panel.frame_picked.connect(frames.append)
    panel.show_view(kernels_view(frames=10, frame=9, frame_text="epoch 3"))
    assert (panel.film.isVisible(), panel.film.slider.value(), frames) == (True, 9, [])
    panel.film.slider.setValue(4)
    assert frames == [4]
    with person.hears(panel.film.intent) as newest:
        panel.film.slider.setValue(9)
    assert (newest, frames) == (["show_now"], [4]), "more may have come since the last one was drawn"
    with person.hears(panel.normalisation_picked) as picked:
        panel.normalisation.setCurrentIndex(1)
        panel.normalisation.activated.emit(1)
    assert picked == ["kernel"]
    panel.show_view(kernels_view())
    assert not panel.film.isVisible()


def answer(count: int = 3) -> AnswerView:
    return AnswerView(
        Thumbnail("q.png", "", flat(9, 9, 9)),
        "q.png",
        "rose",
        (BarView("rose", 0.7, "70 %", True), BarView("菊花", 0.2, "20 %", False)),
        tuple(
            NeighbourView(Thumbnail(f"n{n}.png"), f"{n}.5", "rose" if n else "菊花", agrees=n > 0)
            for n in range(count)
        ),
        said="2 of 3 agree",
    )


NEIGHBOURS = NeighboursView(title="fc7", answer=answer(), sheet=(answer(),), k=3)


def test_an_answer_is_bars_and_neighbours_with_their_distance_and_agreement(
    person: Person, theme: Theme
) -> None:
    panel = NeighboursPanel(theme)
    with person.hears(panel.thumbnails_wanted) as wanted:
        panel.show_view(NEIGHBOURS)
    person.sees(panel)
    assert wanted == [("n0.png", "n1.png", "n2.png")]
    assert [(bar.name, bar.text, bar.right) for bar in panel.query.bars.bars()] == [
        ("rose", "70 %", True),
        ("菊花", "20 %", False),
    ]
    shown = [(p.first, p.second, p.mark) for p in panel.query.neighbours.rows[0].pictures()]
    assert shown == [("0.5", "菊花", Mark.NO), ("1.5", "rose", Mark.YES), ("2.5", "rose", Mark.YES)]
    assert panel.query.neighbours.captions[0].text() == "2 of 3 agree"
    assert panel.outdated.isHidden()
    assert panel.query.sheet.isHidden()


def test_outdated_features_and_a_sheet_of_queries_are_seen(person: Person, theme: Theme) -> None:
    panel = NeighboursPanel(theme)
    panel.show_view(replace(NEIGHBOURS, outdated="outdated", sheet=(answer(), answer())))
    person.sees(panel)
    assert panel.outdated.isVisible()
    assert panel.query.sheet.isVisible()
    assert [picture.lead for picture in panel.query.sheet.answers[1].rows[0].pictures()] == [
        True,
        False,
        False,
        False,
    ]


def test_dropped_and_pasted_local_images_are_announced_and_nothing_else(person: Person, theme: Theme) -> None:
    panel = NeighboursPanel(theme)
    panel.show_view(NEIGHBOURS)
    person.sees(panel)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/a/猫.png"), QUrl("https://example.org/x.png")])
    move, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    panel.dragEnterEvent(QDragEnterEvent(QPoint(5, 5), move, mime, buttons, keys))
    with person.hears(panel.images_picked) as picked:
        panel.dropEvent(QDropEvent(QPointF(5, 5), move, mime, buttons, keys))
    assert picked == [("/a/猫.png",)]
    QGuiApplication.clipboard().setImage(QImage(4, 4, QImage.Format.Format_RGB888))
    with person.hears(panel.images_picked) as picked:
        person.presses(panel, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert QImage(picked[0][0]).width() == 4
    remote = QMimeData()
    remote.setUrls([QUrl("https://example.org/x.png")])
    QGuiApplication.clipboard().setMimeData(remote)
    with person.hears_nothing(panel.images_picked):
        panel.paste()


def test_the_number_of_neighbours_is_picked_by_the_person_only(person: Person, theme: Theme) -> None:
    panel = NeighboursPanel(theme)
    person.keeps(panel)
    picked: list[int] = []
    panel.k_picked.connect(picked.append)
    panel.show_view(replace(NEIGHBOURS, k=9))
    assert (panel.k.value(), picked) == (9, [])
    panel.k.stepUp()
    assert picked == [10]


def test_the_first_page_leads_to_the_example_first(person: Person, theme: Theme) -> None:
    page = WelcomePage(theme)
    page.show_recent((("/home/u/flowers", "~/flowers & more"),))
    person.sees(page, 900, 700)
    areas = [button.width() * button.height() for button in page.buttons]
    assert page.example.width() * page.example.height() > 2 * max(areas)
    intents: list[str] = []
    page.intent.connect(intents.append)
    for button in (page.example, *page.buttons):
        person.clicks(button)
    assert intents == ["open_example", "train_sample", "open_folder", "open_run"]
    with person.hears(page.path_picked) as picked:
        person.clicks(page.recent[0])
    assert picked == ["/home/u/flowers"]
