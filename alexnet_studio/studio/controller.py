"""The only writer of the state: intents come in from the panels, events from the jobs, and one view goes out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.studio import streaming
from alexnet_studio.studio.desk import Acting, Desk, Dialogs, Group, Listener, Listening
from alexnet_studio.studio.first_imports import FirstImports
from alexnet_studio.studio.intents.class_map import MapIntents
from alexnet_studio.studio.intents.collect import CollectIntents
from alexnet_studio.studio.intents.curves import CurveIntents
from alexnet_studio.studio.intents.evaluation import EvaluationIntents
from alexnet_studio.studio.intents.example import ExampleIntents
from alexnet_studio.studio.intents.exchange import ExchangeIntents
from alexnet_studio.studio.intents.export import ExportIntents
from alexnet_studio.studio.intents.feature_map import FeatureMapIntents
from alexnet_studio.studio.intents.folder import FolderIntents
from alexnet_studio.studio.intents.follow import FollowIntents
from alexnet_studio.studio.intents.indexing import IndexIntents
from alexnet_studio.studio.intents.kernel_film import FilmIntents
from alexnet_studio.studio.intents.kernels import KernelIntents
from alexnet_studio.studio.intents.labels import LabelIntents
from alexnet_studio.studio.intents.laboratory import LaboratoryIntents
from alexnet_studio.studio.intents.layers import LayersIntents
from alexnet_studio.studio.intents.measures import MeasureIntents
from alexnet_studio.studio.intents.moment import MomentIntents
from alexnet_studio.studio.intents.neighbours import NeighbourIntents
from alexnet_studio.studio.intents.network import NetworkIntents
from alexnet_studio.studio.intents.orders import OrderIntents
from alexnet_studio.studio.intents.pins import PinIntents
from alexnet_studio.studio.intents.predictions import PredictionIntents
from alexnet_studio.studio.intents.predictions_kept import KeptPredictionIntents
from alexnet_studio.studio.intents.queue import QueueIntents
from alexnet_studio.studio.intents.queue_work import QueueWorkIntents
from alexnet_studio.studio.intents.recipe import RecipeIntents
from alexnet_studio.studio.intents.run import RunIntents
from alexnet_studio.studio.intents.run_list import RunListIntents
from alexnet_studio.studio.intents.spread import SpreadIntents
from alexnet_studio.studio.intents.thumbnails import ThumbnailIntents
from alexnet_studio.studio.intents.training import TrainingIntents
from alexnet_studio.studio.intents.votes import VoteIntents
from alexnet_studio.studio.jobs.runner import Finished, JobKind, Jobs, Message
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.opening import Opening
from alexnet_studio.studio.pace import Pace
from alexnet_studio.studio.showing.status import shown_job
from alexnet_studio.studio.showing.window import view_state
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.parts import Pixels, Selection
from alexnet_studio.studio.views.window import WindowView
from alexnet_studio.studio.warming import Warming


class Controller:
    """Joins the groups of intents. `show` gets each new view, `send_thumbnail` each decoded picture."""

    def __init__(
        self,
        dialogs: Dialogs,
        memory: Memory,
        show: Callable[[WindowView], None],
        send_thumbnail: Callable[[str, Pixels], None],
        parent: QObject,
    ) -> None:
        self.state = State(recent=memory.recent())
        self.jobs = Jobs(self._receive, parent, FirstImports().ensure)
        self._show = show
        self._pace = Pace()
        self._later = QTimer(parent)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.refresh)
        self._memory = memory
        self._desk = desk = Desk(self.state, self.jobs, dialogs, send_thumbnail, self.settle)
        self.after = desk.after
        self.neighbours = NeighbourIntents(desk)
        self.indexing = IndexIntents(desk, self.neighbours.ask_again)
        self.votes = VoteIntents(desk, self.neighbours.shelf, self.neighbours.asked)
        self.orders = OrderIntents(desk, lambda: self.moments.read_again())
        self.spreads = SpreadIntents(desk, lambda path, said: self.runs.open(path, said))
        self.follows = FollowIntents(desk)
        self.trainings = TrainingIntents(
            desk, self.indexing.index, self.orders.stop_elsewhere, self.spreads.start, self.follows.begin
        )
        self.recipes = RecipeIntents(desk, self.trainings.start, parent)
        self.networks = NetworkIntents(desk, self.recipes)
        self.folders = FolderIntents(
            desk,
            self.recipes.take_proposal,
            self._remember,
            lambda folder: self.predictions.predict((folder,)),
        )
        self.labels = LabelIntents(desk, self.recipes.refit)
        self.runs = RunIntents(desk, self._on_opened, self._remember)
        self.curves = CurveIntents(desk, memory)
        self.films = FilmIntents(desk, parent)
        self.kernels = KernelIntents(desk, self.neighbours.shelf, self.films.stop)
        self.moments = MomentIntents(desk, self.films.show_step)
        self.pins = PinIntents(desk, self.orders)
        self.exports = ExportIntents(desk)
        self.examples = ExampleIntents(desk, self.neighbours.shelf)
        self.thumbnails = ThumbnailIntents(desk)
        self.exchange = ExchangeIntents(desk, self.runs.open)
        self.collections = CollectIntents(desk, self.folders.open)
        self.laboratory = LaboratoryIntents(desk, parent)
        self.maps = MapIntents(desk, self.neighbours.shelf)
        self.evaluations = EvaluationIntents(
            desk, self.neighbours.shelf, self.neighbours.ask_one, self.moments.list_images
        )
        self.predictions = PredictionIntents(desk, self.neighbours.shelf)
        self.layers = LayersIntents(desk, self.neighbours.shelf)
        self.feature_maps = FeatureMapIntents(desk)
        self.measures = MeasureIntents(desk)
        self.run_list = RunListIntents(desk, self.runs.open, self.recipes.take, self.curves.overlay, parent)
        self.queue_work = QueueWorkIntents(desk, self.trainings, self.runs.told, lambda: self.queue.look())
        self.queue = QueueIntents(desk, self.queue_work.go_on, self.runs.open, parent)
        self.warming = Warming(desk)
        self.opening = Opening(
            desk, self.folders.open, self.runs.open, self.neighbours.ask, self.predictions.predict
        )
        self._listeners: dict[JobKind, Listener] = {}
        self._actions: dict[str, Callable[[], None]] = {
            "cancel": self._cancel,
            "dismiss": self._dismiss,
            "forget_recent": self._forget_recent,
        }
        groups: tuple[Group, ...] = (
            self.neighbours,
            self.indexing,
            self.votes,
            self.orders,
            self.spreads,
            self.trainings,
            self.recipes,
            self.networks,
            self.folders,
            self.labels,
            self.runs,
            self.curves,
            self.films,
            self.kernels,
            self.moments,
            self.pins,
            self.exports,
            self.examples,
            self.exchange,
            self.collections,
            self.laboratory,
            self.maps,
            self.evaluations,
            self.predictions,
            KeptPredictionIntents(desk),
            self.layers,
            self.feature_maps,
            self.measures,
            self.run_list,
            self.queue,
            self.queue_work,
            self.follows,
            self.thumbnails,
            self.warming,
        )
        for group in groups:
            if isinstance(group, Listening):
                self._listeners.update(group.listeners)
            if isinstance(group, Acting):
                self._actions.update(group.actions)

    def act(self, name: str) -> None:
        """The action of a menu, a button or an empty panel. Unknown names are the window's own and are left to it."""
        action = self._actions.get(name)
        if action is not None:
            self.settle(action)

    def settle(self, intent: Callable[[], None]) -> None:
        """Run `intent`, then show the new view; what cannot be done becomes a notice."""
        try:
            intent()
        except StudioError as error:
            self._desk.tell(error)
        self.refresh()

    def select(self, selection: Selection) -> None:
        before, self.state.selection = self.state.selection, selection
        if selection.layer != before.layer:
            self.examples.follow(selection.layer)
        self.neighbours.show_answer_of(selection.image)

    def refresh(self) -> None:
        self._later.stop()
        self.state.now = time.monotonic()
        self.laboratory.follow()
        self.evaluations.follow()
        self.predictions.follow()
        self.layers.follow()
        self.feature_maps.follow()
        self.kernels.follow()
        self.films.follow()
        self.moments.follow()
        self.trainings.draw_curves()
        self._show(view_state(self.state))
        self._pace.shown()
        if self.trainings.curves_wait:
            self._show_later()

    def close(self) -> None:
        self._later.stop()
        self.recipes.close()
        self.run_list.close()
        self.queue.close()
        self.laboratory.close()
        self.films.close()
        self.jobs.close()

    def _receive(self, messages: Sequence[Message]) -> None:
        self.state.now = time.monotonic()
        may_wait = bool(self._pace.wait_s()) and all(streaming.may_wait(one, self.state) for one in messages)
        before = streaming.landmarks(self.state)
        for message in messages:
            listener = self._listeners[message.kind]
            if isinstance(message, Finished):
                # Removed first: what follows may start another job of this kind.
                self.state.progress.pop(message.kind, None)
                listener.finished(message)
                if message.kind is JobKind.TRAIN:
                    self.queue_work.on_training_over(message)
            else:
                listener.told(message.event)
        if not may_wait or streaming.landmarks(self.state) != before:
            self.refresh()
        else:
            self._show_later()

    def _show_later(self) -> None:
        if not self._later.isActive():
            self._later.start(math.ceil(1000 * self._pace.wait_s()))

    def _on_opened(self, images: Path) -> None:
        """A run is on the screen: look for its images, and show what it has answered already."""
        self.folders.find_images_of_run(images)
        self.neighbours.ask_answered()
        self.run_list.on_opened()
        self.follows.begin()

    def _remember(self, path: Path) -> None:
        self.state.recent = self._memory.remember(path)

    def _forget_recent(self) -> None:
        self._memory.forget_recent()
        self.state.recent = ()

    def _dismiss(self) -> None:
        self.state.notice = None

    def _cancel(self) -> None:
        kind = shown_job(self.state)
        if kind is JobKind.TRAIN:
            self.trainings.stop()
        elif kind is not None:
            self.jobs.cancel(kind)
