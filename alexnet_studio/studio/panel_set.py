"""The nine panels: made once, joined to the controller, fed with the parts of the view."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from alexnet_studio.studio.controller import Controller
from alexnet_studio.studio.panels.architecture import ArchitecturePanel
from alexnet_studio.studio.panels.data import DataPanel
from alexnet_studio.studio.panels.evaluation import EvaluationPanel
from alexnet_studio.studio.panels.feature_map import FeatureMapPanel
from alexnet_studio.studio.panels.kernels import KernelsPanel
from alexnet_studio.studio.panels.layers import LayersPanel
from alexnet_studio.studio.panels.neighbours import NeighboursPanel
from alexnet_studio.studio.panels.pinned import PinnedPanel
from alexnet_studio.studio.panels.training import TrainingPanel
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.parts import Pixels
from alexnet_studio.studio.views.window import WindowView


class PanelSet:
    def __init__(self, theme: Theme) -> None:
        self.data = DataPanel(theme)
        self.architecture = ArchitecturePanel(theme)
        self.training = TrainingPanel(theme)
        self.kernels = KernelsPanel(theme)
        self.neighbours = NeighboursPanel(theme)
        self.layers = LayersPanel(theme)
        self.evaluation = EvaluationPanel(theme)
        self.feature_map = FeatureMapPanel(theme)
        self.pinned = PinnedPanel(theme)
        # The toolbar has them in every workspace.
        for button in self.training.buttons.values():
            button.hide()

    def docked(self) -> dict[str, QWidget]:
        return {
            "data": self.data,
            "architecture": self.architecture,
            "training": self.training,
            "kernels": self.kernels,
            "neighbours": self.neighbours,
            "layers": self.layers,
            "evaluation": self.evaluation,
            "feature_map": self.feature_map,
            "pinned": self.pinned,
        }

    def join(self, controller: Controller) -> None:
        after = controller.after
        for panel in (self.data, self.architecture, self.training, self.kernels, self.neighbours):
            panel.intent.connect(controller.act)
            panel.selection_changed.connect(after(controller.select))
            panel.export_requested.connect(after(controller.exports.save))
        self._join_neighbours(controller)
        self._join_layers(controller)
        self._join_evaluation(controller)
        self._join_feature_map(controller)
        self._join_moment(controller)
        self.data.thumbnails_wanted.connect(partial(controller.thumbnails.want, "data"))
        self.data.skipped_seen.connect(partial(controller.thumbnails.want, "skipped"))
        self.data.skipped.problem_picked.connect(after(controller.labels.list_skipped))
        self.architecture.comparison_picked.connect(after(controller.recipes.compare))
        editor = self.architecture.editor
        editor.edited.connect(after(controller.networks.edit))
        editor.added.connect(after(controller.networks.add))
        editor.removed.connect(after(controller.networks.remove))
        editor.moved.connect(after(controller.networks.move))
        editor.switched.connect(after(controller.networks.throw))
        example = self.architecture.example
        example.operation_picked.connect(after(controller.examples.choose))
        example.field_edited.connect(after(controller.examples.edit))
        example.cell_edited.connect(after(controller.examples.edit_cell))
        example.output_picked.connect(after(controller.examples.pick))
        self.data.image_picked.connect(after(controller.neighbours.ask_one))
        self.data.browser.filter_picked.connect(after(controller.labels.filter))
        self.data.browser.searched.connect(after(controller.labels.search))
        self.data.browser.label_picked.connect(after(controller.labels.relabel))
        self.training.recipe_edited.connect(after(controller.recipes.edit))
        self.training.recipe_picked.connect(after(controller.recipes.pick_recipe))
        self.training.network_picked.connect(after(controller.recipes.pick_network))
        self.training.remedy_requested.connect(after(controller.recipes.apply_remedy))
        orders = self.training.orders
        orders.rate_typed.connect(after(controller.orders.set_rate))
        orders.layer_picked.connect(after(controller.orders.freeze))
        orders.intent.connect(controller.act)
        self.training.look_picked.connect(after(controller.curves.set_look))
        self.training.overlay_requested.connect(after(controller.curves.overlay))
        self.kernels.frame_picked.connect(after(controller.films.show_frame))
        self.kernels.normalisation_picked.connect(after(controller.kernels.set_normalisation))
        self.kernels.order_picked.connect(after(controller.kernels.set_order))
        self.kernels.look_picked.connect(after(controller.kernels.set_look))
        self.kernels.layer_picked.connect(after(controller.kernels.pick_layer))

    def _join_neighbours(self, controller: Controller) -> None:
        after, panel = controller.after, self.neighbours
        panel.images_picked.connect(after(controller.opening.ask))
        panel.k_picked.connect(after(controller.neighbours.set_k))
        panel.layer_picked.connect(after(controller.indexing.pick_layer))
        panel.query.space_picked.connect(after(controller.neighbours.pick_spaces))
        panel.vote.images_picked.connect(after(controller.votes.pick_images))
        panel.vote.space_picked.connect(after(controller.votes.pick_spaces))
        panel.suspects.amount_picked.connect(after(controller.votes.pick_amount))
        panel.suspects.label_picked.connect(after(controller.labels.relabel))
        panel.thumbnails_wanted.connect(partial(controller.thumbnails.want, "neighbours"))
        panel.suspects.thumbnails_wanted.connect(partial(controller.thumbnails.want, "suspects"))

    def _join_layers(self, controller: Controller) -> None:
        after, layers = controller.after, self.layers
        layers.intent.connect(controller.act)
        layers.selection_changed.connect(after(controller.select))
        layers.opened.connect(after(controller.layers.set_open))
        layers.place_picked.connect(after(controller.layers.set_place))
        layers.look_picked.connect(after(controller.layers.set_look))
        layers.method_picked.connect(after(controller.layers.set_method))
        layers.class_picked.connect(after(controller.layers.set_class))

    def _join_evaluation(self, controller: Controller) -> None:
        after, panel = controller.after, self.evaluation
        panel.intent.connect(controller.act)
        panel.selection_changed.connect(after(controller.select))
        panel.export_requested.connect(after(controller.exports.save))
        panel.image_picked.connect(after(controller.evaluations.show_neighbours))
        panel.thumbnails_wanted.connect(partial(controller.thumbnails.want, "evaluation"))
        panel.source_picked.connect(after(controller.evaluations.pick_source))
        panel.views_picked.connect(after(controller.evaluations.pick_views))
        panel.cell_picked.connect(after(controller.evaluations.list_cell))
        panel.threshold_picked.connect(after(controller.evaluations.set_threshold))
        panel.images.kind_picked.connect(after(controller.evaluations.list_kind))
        panel.images.label_picked.connect(after(controller.labels.relabel))

    def _join_feature_map(self, controller: Controller) -> None:
        after, panel = controller.after, self.feature_map
        panel.intent.connect(controller.act)
        panel.selection_changed.connect(after(controller.select))
        panel.image_picked.connect(after(controller.neighbours.ask_one))
        panel.method_picked.connect(after(controller.feature_maps.set_method))
        panel.opened.connect(after(controller.feature_maps.set_open))
        panel.classes_hidden.connect(after(controller.feature_maps.set_hidden))
        panel.mistakes_picked.connect(after(controller.feature_maps.set_only_mistakes))
        panel.export_requested.connect(after(controller.exports.save))

    def _join_moment(self, controller: Controller) -> None:
        after, panel = controller.after, self.pinned
        panel.intent.connect(controller.act)
        panel.selection_changed.connect(after(controller.select))
        panel.unpin_requested.connect(after(controller.pins.unpin))
        panel.thumbnails_wanted.connect(partial(controller.thumbnails.want, "pinned"))
        self.data.browser.pin_toggled.connect(after(controller.pins.toggle))
        self.training.moment_picked.connect(after(controller.moments.show_place))
        self.training.epochs_stepped.connect(after(controller.moments.step_epochs))

    def show_view(self, view: WindowView, last: WindowView | None) -> None:
        """Each panel is told only of what differs from what it shows."""
        if last is None or view.data != last.data:
            self.data.show_view(view.data)
        if last is None or view.architecture != last.architecture:
            self.architecture.show_view(view.architecture)
        if last is None or view.training != last.training:
            self.training.show_view(view.training)
        if last is None or view.kernels != last.kernels:
            self.kernels.show_view(view.kernels)
        if last is None or view.neighbours != last.neighbours:
            self.neighbours.show_view(view.neighbours)
        if last is None or view.layers != last.layers:
            self.layers.show_view(view.layers)
        if last is None or view.pins != last.pins:
            self.pinned.show_view(view.pins)
            self.data.browser.show_pins(view.pins)
        if view.evaluation is not None and (last is None or view.evaluation != last.evaluation):
            self.evaluation.show_view(view.evaluation)
        if view.feature_map is not None and (last is None or view.feature_map != last.feature_map):
            self.feature_map.show_view(view.feature_map)

    def set_thumbnail(self, path: str, pixels: Pixels) -> None:
        self.evaluation.set_thumbnail(path, pixels)
        self.pinned.set_thumbnail(path, pixels)
        self.data.set_thumbnail(path, pixels)
        self.neighbours.set_thumbnail(path, pixels)
