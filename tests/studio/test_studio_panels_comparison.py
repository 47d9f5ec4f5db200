"""Two networks held beside each other in the real window."""

from __future__ import annotations

from person import Person
from PySide6.QtGui import QGuiApplication

from alexnet_studio.studio import setup_building
from alexnet_studio.studio.panels.architecture import ArchitecturePanel
from alexnet_studio.studio.showing.architecture import view_architecture
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.theme import Theme


def state(compared: str) -> State:
    return State(setup=setup_building.build("paper", (), 1000), compared=compared)


def test_the_other_network_is_picked_and_its_differences_stand_there(person: Person, theme: Theme) -> None:
    panel = ArchitecturePanel(theme)
    person.sees(panel, 900, 900)
    panel.show_view(view_architecture(state("")))
    person.clicks(panel.comparison_fold.header)
    assert panel.comparison.other.count() == 14
    assert not panel.comparison.table.isVisible()
    with person.hears(panel.comparison_picked) as picked:
        panel.comparison.other.activated.emit(1)
    assert picked == ["original-145"]
    panel.show_view(view_architecture(state("original-145")))
    rows = panel.comparison.table.texts()
    assert ["rnorm1", "place", "after conv1's ReLU", "before conv1's activation"] in rows
    assert panel.comparison.table.isVisible()
    assert "layers-145.cfg" in panel.comparison.source.text()


def test_a_difference_that_is_clicked_is_the_selected_layer(person: Person, theme: Theme) -> None:
    panel = ArchitecturePanel(theme)
    person.sees(panel, 900, 900)
    panel.show_view(view_architecture(state("one-tower")))
    person.clicks(panel.comparison_fold.header)
    row = [cells[0] for cells in panel.comparison.table.texts()].index("conv3")
    with person.hears(panel.selection_changed) as heard:
        panel.comparison.table.selectRow(row)
    assert heard[0].layer == "conv3"


def test_the_same_network_has_no_differences(person: Person, theme: Theme) -> None:
    panel = ArchitecturePanel(theme)
    person.sees(panel, 900, 900)
    panel.show_view(view_architecture(state("paper")))
    person.clicks(panel.comparison_fold.header)
    assert panel.comparison.same.isVisible()
    assert not panel.comparison.table.isVisible()


def test_the_network_can_be_read_and_copied_as_pytorch(person: Person, theme: Theme) -> None:
    panel = ArchitecturePanel(theme)
    person.sees(panel, 900, 900)
    panel.show_view(view_architecture(state("")))
    person.clicks(panel.pytorch_fold.header)
    shown = panel.pytorch.text.toPlainText()
    assert "self.conv2 = nn.Conv2d(96, 256, kernel_size=5, padding=2, groups=2)" in shown
    assert "def main()" in shown
    person.clicks(panel.pytorch.copy_button)
    assert QGuiApplication.clipboard().text() == shown
    with person.hears(panel.export_requested) as heard:
        person.clicks(panel.pytorch.save_button)
    assert heard == ["network", "py"]
