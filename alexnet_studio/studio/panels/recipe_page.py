"""The recipe: one by name, and the form."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexnet_studio.studio.panels.recipe_form import RecipeForm
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.recipe import RecipeView
from alexnet_studio.studio.widgets.chooser import Chooser


class RecipePage(QWidget):
    """`recipe_picked` carries a recipe's name, `edited` a field's name and its value."""

    recipe_picked = Signal(str)
    edited = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chooser = Chooser(QCoreApplication.translate("Recipe", "Recipe"), 24)
        self.chooser.chosen.connect(self.recipe_picked)
        self.form = RecipeForm(theme)
        self.form.edited.connect(self.edited)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.chooser)
        column.addWidget(self.form, 1)

    def show_view(self, view: RecipeView) -> None:
        self.chooser.show_choices(view.recipes, view.recipe)
        self.chooser.setEnabled(view.enabled)
        self.form.show_view(view)
