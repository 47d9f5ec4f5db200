"""What the Architecture panel says of the selected layer."""

from __future__ import annotations

from person import Person

from alexnet_studio.studio import setup_building
from alexnet_studio.studio.panels.architecture import ArchitecturePanel
from alexnet_studio.studio.showing.architecture import view_architecture
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.parts import Selection


def shown(panel: ArchitecturePanel, layer: str | None, classes: int = 1000) -> str:
    setup = setup_building.build("paper", (), classes)
    panel.show_view(view_architecture(State(setup=setup, selection=Selection(layer=layer))))
    return panel.details.text()


def test_a_clicked_layer_shows_its_formulas_and_the_slips_of_others(person: Person, theme: Theme) -> None:
    panel = ArchitecturePanel(theme)
    person.sees(panel, 1100, 900)
    assert "conv1, output side: ⌊(224 + 2 × 2 − 11) / 4⌋ + 1 = 55" in shown(panel, "conv1")
    assert "neurons: the paper, section 3.5 has 253,440; right is 290,400" in shown(panel, "conv1")
    assert "885,504" in shown(panel, "conv3")
    assert "659,272" in shown(panel, None)
    assert shown(panel, "drop6") == ""
    assert not panel.details.isVisible()


def test_the_cells_are_marked(person: Person, theme: Theme) -> None:
    panel = ArchitecturePanel(theme)
    person.sees(panel, 1100, 900)
    shown(panel, "conv1")
    cells = {row[0]: row for row in panel.table.texts()}
    assert "290,400*" in cells["conv1"]
    assert "885,120*" in cells["conv3"]
    assert "1.5 %*" in cells["conv3"]
    assert "659,272*" in panel.table.texts()[-1]
    # Of another number of classes nobody has claimed anything.
    shown(panel, "conv1", classes=10)
    assert not any("*" in cell for row in panel.table.texts() for cell in row)
