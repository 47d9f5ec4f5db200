"""The small style sheet on top of the palette: what Fusion would otherwise draw with gradients and frames."""

from __future__ import annotations

from string import Template

from alexnet_studio.ground import places
from alexnet_studio.studio.colours import Colours

# Buttons carry the dynamic property `role`: "primary" is filled with the accent, "quiet" has no frame until hovered.
_SHEET = Template("""
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px; }
QPushButton, QToolButton[role="button"] {
  background: $raised; color: $text; border: 1px solid $line; border-radius: 5px; padding: 4px 12px; }
QToolButton[role="button"] { padding-right: 26px; }
QToolButton[role="button"]::menu-indicator { image: url("$icons/chevron-down.svg"); width: 12px; height: 12px;
  subcontrol-origin: padding; subcontrol-position: right center; right: 8px; }
QPushButton:hover, QToolButton[role="button"]:hover { border-color: $accent_weak; }
QPushButton:focus, QToolButton:focus { border: 1px solid $accent; }
QPushButton:pressed { background: $accent_soft; }
QPushButton:checked { background: $accent_soft; border-color: $accent_weak; }
QPushButton:disabled { color: $faint; border-color: $line; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[role="primary"]:hover { border-color: $text; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled { background: $accent_weak; border-color: $accent_weak; color: $raised; }
QPushButton[role="quiet"] {
  background: transparent; border: 1px solid transparent; color: $quiet; padding: 3px 8px; }
QPushButton[role="quiet"]:hover { color: $text; border-color: $line; }
QPushButton[role="quiet"]:focus { border-color: $accent; }
QPushButton[role="quiet"]:checked { color: $text; background: $accent_soft; }
QPushButton[role="fold"] { background: transparent; border: 1px solid transparent; color: $text;
  padding: 2px 4px 2px 0px;
  text-align: left; border-radius: 5px; }
QPushButton[role="fold"]:focus { border-color: $accent; }
QLineEdit, QComboBox, QSpinBox, QAbstractSpinBox {
  background: $raised; color: $text; border: 1px solid $line; border-radius: 5px; padding: 3px 6px;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:hover, QComboBox:hover, QSpinBox:hover { border-color: $accent_weak; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus { border-color: $accent; }
QLineEdit[wrong="true"] { border-color: $bad; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled { color: $faint; background: $sunken; }
QComboBox::drop-down, QSpinBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow, QAbstractSpinBox::down-arrow {
  image: url("$icons/chevron-down.svg"); width: 12px; height: 12px; }
QAbstractSpinBox::up-arrow { image: url("$icons/chevron-up.svg"); width: 12px; height: 12px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 18px; background: transparent; }
QComboBox QAbstractItemView { background: $raised; color: $text; border: 1px solid $line; padding: 2px; outline: none;
  selection-background-color: $accent_soft; selection-color: $text; }
QTableView, QListView, QTreeView, QScrollArea { background: transparent; border: none; outline: none; }
QHeaderView, QHeaderView::section { background: $raised; color: $quiet; border: none; }
QHeaderView::section { border-bottom: 1px solid $line; padding: 2px 4px 4px 4px;
  font-weight: normal; font-size: ${small}pt; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator, QListView::indicator {
  width: 14px; height: 14px; border: 1px solid $faint; border-radius: 3px; background: $raised; }
QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked, QListView::indicator:checked {
  background: $accent; border-color: $accent; image: url("$icons/$tick.svg"); }
QCheckBox::indicator:disabled { border-color: $line; background: $sunken; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSlider::groove:horizontal { height: 2px; background: $line; border-radius: 1px; }
QSlider::sub-page:horizontal { height: 2px; background: $accent_weak; border-radius: 1px; }
QSlider::handle:horizontal { width: 10px; height: 10px; margin: -4px 0; border-radius: 5px; background: $accent; }
QSlider::handle:horizontal:focus { background: $text; }
QSlider::handle:horizontal:disabled { background: $faint; }
QProgressBar { background: $line; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QSplitter::handle { background: transparent; }
QMenu { background: $raised; color: $text; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 4px 24px 4px 12px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenuBar { background: $ground; color: $quiet; }
QMenuBar::item { background: transparent; padding: 4px 10px; }
QMenuBar::item:selected { background: $raised; color: $text; border-radius: 4px; }
QToolBar { background: $ground; border: none; border-bottom: 1px solid $line; padding: 8px 16px; spacing: 8px; }
QStatusBar { background: $ground; color: $quiet; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QMainWindow { background: $line; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QDockWidget { color: $quiet; font-weight: 600; }
QDockWidget::title { background: $raised; padding: 12px 16px 4px 16px; }
QDialog { background: $raised; }
QTabWidget::pane { border: none; border-top: 1px solid $line; background: $raised; }
QTabBar { background: $ground; }
QTabBar::tab {
  background: transparent; color: $quiet; padding: 6px 14px; border: none; border-top: 2px solid transparent; }
QTabBar::tab:selected { color: $text; background: $raised; border-top: 2px solid $accent; }
QTabBar::tab:hover { color: $text; }
""")


def style_sheet(colours: Colours, small_pt: float) -> str:
    """`small_pt` is the size of captions, which a style sheet cannot take from the font of its widget."""
    icons = (places.resources() / "icons").as_posix()
    fields = {name: getattr(colours, name) for name in Colours.__dataclass_fields__}
    tick = "tick-on-dark" if colours.dark else "tick-on-light"
    return _SHEET.substitute(fields, icons=icons, tick=tick, small=f"{small_pt:g}")
