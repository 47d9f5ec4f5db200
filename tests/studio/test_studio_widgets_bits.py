"""The small parts: texts that are never parsed, lines that say what is the matter, buttons that announce."""

from __future__ import annotations

import pytest
import shiboken6
from layout_requests import LayoutRequests
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QTabWidget, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.parts import ActionView, EmptyView
from alexnet_studio.studio.views.status import NoticeView, ReadoutView, StatusView
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.empty_state import EmptyState
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.fold import Fold
from alexnet_studio.studio.widgets.notice_bar import NoticeBar
from alexnet_studio.studio.widgets.readout import ReadoutStrip
from alexnet_studio.studio.widgets.seen import Seen
from alexnet_studio.studio.widgets.stage import Stage
from alexnet_studio.studio.widgets.status_strip import StatusStrip


def test_a_long_name_is_elided_and_shown_whole_as_a_plain_tooltip(person: Person, theme: Theme) -> None:
    label = ElidedLabel(theme)
    person.keeps(label)
    label.resize(60, 20)
    label.set_text("<b>花</b>" * 40)
    assert label.toolTip() == "<span>" + "&lt;b&gt;花&lt;/b&gt;" * 40 + "</span>"
    label.set_text("ok")
    assert label.toolTip() == ""
    assert label.accessibleName() == "ok"


@pytest.mark.parametrize(("takes_its_width", "longer"), [(True, 1), (False, 0)])
def test_a_text_that_is_no_wider_lays_nothing_out(
    person: Person, theme: Theme, takes_its_width: bool, longer: int
) -> None:
    around = QWidget()
    row = QHBoxLayout(around)
    label = ElidedLabel(theme)
    if takes_its_width:
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    label.set_text("515 images/s")
    row.addWidget(label)
    row.addStretch(1)
    person.sees(around, 400, 40)
    requests = LayoutRequests(around)
    requests.come_to_rest()
    width = label.width()
    label.set_text("551 images/s")
    assert (requests.come_to_rest(), label.width()) == (0, width)
    label.set_text("1,551 images/s")
    assert requests.come_to_rest() == longer
    assert (label.width() > width) == takes_its_width


def test_an_empty_panel_names_the_way_on(person: Person, theme: Theme) -> None:
    empty = EmptyState(theme)
    person.keeps(empty)
    empty.show_view(EmptyView("Kernels will be here.", "Start", "start"))
    assert empty.sentence.text() == "Kernels will be here."
    with person.hears(empty.intent) as intent:
        person.clicks(empty.button)
    assert intent == ["start"]


def test_the_stage_shows_its_content_or_the_sentence(person: Person, theme: Theme) -> None:
    content = QLabel("content")
    stage = Stage(theme, content)
    person.keeps(stage)
    stage.show()
    stage.show_empty(EmptyView("Nothing yet.", "Open", "open"))
    assert stage.empty_state.isVisible()
    stage.show_empty(None)
    assert content.isVisible()


def test_a_notice_has_its_remedy_and_goes_by_escape(person: Person, theme: Theme) -> None:
    bar = NoticeBar(theme)
    person.keeps(bar)
    bar.show_view(None)
    assert bar.isHidden()
    bar.show_view(NoticeView("The disk is full.", "error", "Other folder…", "open_folder"))
    assert not bar.isHidden()
    assert bar.sentence.text() == "The disk is full."
    with person.hears(bar.intent) as intent:
        person.clicks(bar.remedy)
    assert intent == ["open_folder"]
    with person.hears(bar.dismissed):
        person.presses(bar, Qt.Key.Key_Escape)
    bar.show_view(NoticeView("Saved."))
    assert bar.remedy.isHidden()


def test_the_status_line_says_what_runs_and_can_cancel_it(person: Person, theme: Theme) -> None:
    strip = StatusStrip(theme)
    person.keeps(strip)
    strip.show()
    strip.show_view(StatusView("CPU", "2 skipped", "saved", "indexing", 3, 10, ActionView(True, "Cancel")))
    assert (strip.bar.value(), strip.bar.maximum()) == (3, 10)
    with person.hears(strip.cancel_requested):
        person.clicks(strip.cancel)
    with person.hears(strip.skipped_clicked):
        person.clicks(strip.skipped)
    strip.show_view(StatusView("CPU"))
    assert [w.isVisible() for w in (strip.skipped, strip.bar, strip.cancel)] == [False, False, False]


def test_a_readout_does_not_shrink_while_its_digits_change(person: Person, theme: Theme) -> None:
    strip = ReadoutStrip(theme)
    person.keeps(strip)
    strip.show_view((ReadoutView("1,318", "images/s"),))
    wide = strip.sizeHint().width()
    strip.show_view((ReadoutView("9", "images/s"),))
    assert strip.sizeHint().width() == wide


def test_a_fold_makes_its_content_when_it_is_opened(person: Person, theme: Theme) -> None:
    made: list[QWidget] = []

    def build() -> QWidget:
        made.append(QLabel("inside"))
        return made[0]

    fold = Fold(theme, "Recipe", build)
    person.keeps(fold)
    fold.show()
    assert made == []
    person.clicks(fold.header)
    assert made[0].isVisible()
    fold.set_open(False)
    fold.set_open(True)
    assert len(made) == 1


def test_what_is_seen_is_told_as_a_tab_and_when_its_window_goes(person: Person) -> None:
    tabs, first, second = QTabWidget(), QWidget(), QWidget()
    tabs.addTab(first, "first")
    tabs.addTab(second, "second")
    told: list[tuple[str, bool]] = []
    Seen(first, lambda seen: told.append(("first", seen)))
    Seen(second, lambda seen: told.append(("second", seen)), keeps_minimised=True)
    person.keeps(tabs)
    tabs.show()
    assert told == [("first", True)]
    tabs.setCurrentIndex(1)
    assert sorted(told[1:]) == [("first", False), ("second", True)]
    tabs.hide()
    assert told[3:] == [("second", False)]


def test_a_widget_that_is_destroyed_while_it_is_seen_tells_nobody() -> None:
    """Its signals are gone by then."""
    widget = QSlider()
    told: list[bool] = []

    def tell(seen: bool) -> None:
        widget.valueChanged.emit(int(seen))
        told.append(seen)

    Seen(widget, tell)
    widget.show()
    shiboken6.delete(widget)
    assert told == [True]


def test_buttons_wrap_where_the_row_ends(person: Person) -> None:
    page = QWidget()
    person.keeps(page)
    flow = FlowLayout(8, page)
    for _ in range(4):
        label = QLabel("x")
        label.setFixedSize(100, 20)
        flow.addWidget(label)
    assert flow.heightForWidth(500) == 20
    assert flow.heightForWidth(230) == 48
    assert flow.heightForWidth(90) == 104


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_text_colour_can_be_read(mode: str) -> None:
    from alexnet_studio.studio.colours import DARK, LIGHT

    colours = LIGHT if mode == "light" else DARK
    for text in (colours.text, colours.quiet, colours.accent, colours.bad):
        for ground in (colours.ground, colours.raised, colours.accent_soft):
            assert contrast(text, ground) >= 4.4, (text, ground)
    assert contrast(colours.on_accent, colours.accent) >= 4.5


def contrast(first: str, second: str) -> float:
    """WCAG 2: (lighter + 0.05) / (darker + 0.05) of the relative luminances."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_theme_changes_live_and_tints_its_icons(theme: Theme, person: Person) -> None:
    light = theme.icon("play").pixmap(16, 16).toImage().pixelColor(7, 8).name()
    with person.hears(theme.changed):
        theme.set_mode("dark")
    dark = theme.icon("play").pixmap(16, 16).toImage().pixelColor(7, 8).name()
    assert (light, dark) == ("#1d1f21", "#e6e6e3")
    assert theme.colours.dark
    theme.set_mode("light")
