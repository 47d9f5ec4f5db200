"""The images that a person has pinned: kept as the network is given them, and looked at after each epoch."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from alexnet_studio.ground import files
from alexnet_studio.ground.errors import BadInput, StudioError
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.insight.activations import view_of
from alexnet_studio.insight.evaluate import eval_mode
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.insight.pinned import Glance, drawn, glances
from alexnet_studio.insight.predict import top_labels
from alexnet_studio.networks.spec import hidden_layer
from alexnet_studio.runs import changes, pins
from alexnet_studio.runs.changes import Change
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.pins import Looked, Pin, Pixels
from alexnet_studio.training.learner import Learner
from alexnet_studio.training.plan import Plan, Remark

if TYPE_CHECKING:
    from alexnet_studio.networks.build import Network

SEARCHED = 2_000  # training images that are compared: an epoch must not take much longer


def begin(run: RunFolder, images: Sequence[Path], record: InputRecord) -> None:
    """Pin `images` in a run that begins. Raises `BadInput` ("image_unreadable") and `Failed` ("disk_full", ...)."""
    files.sweep(run.pins)  # of a training that was killed before it was a run
    made = {_named(image, run): image for image in images}
    kept = [pins.write_view(run, name, view_of(image, record)) for name, image in made.items()]
    if kept:
        changes.begin(run.path, [_change(0, "pin", pin) for pin in kept])


class Pinboard:
    """The images that are pinned, as the training stands."""

    def __init__(self, run: RunFolder, plan: Plan) -> None:
        self._run = run
        self._plan = plan
        self._held: dict[str, tuple[Pin, Pixels]] = {}
        self._problems: list[Remark] = []
        self._searched: tuple[int, ...] = ()  # places in the list of training images

    def pinning(self, image: str, step: int) -> Change:
        """What pinning the file `image` means; what the network is given of it has been kept.

        Raises `BadInput` ("too_many_pins", "pinned_already", "image_unreadable", "no_hidden_layer") and `Failed`.
        """
        hidden_layer(self._plan.spec)
        name = _named(Path(image), self._run)
        if self._pin(name) is not None:
            raise BadInput("pinned_already", "{image} is pinned already.", image=name)
        pins.require_few(len(self._held) + 1)
        view = view_of(self._run.data_root / name, self._plan.input)
        return _change(step, "pin", pins.write_view(self._run, name, view))

    def unpinning(self, image: str, step: int) -> Change:
        """Raises `BadInput` ("not_pinned")."""
        pin = self._pin(image) or self._pin(_named(Path(image), self._run))
        if pin is None:
            names = ", ".join(held.image for held, _ in self._held.values()) or "none is"
            raise BadInput(
                "not_pinned", "{image} is not pinned. These are: {names}.", image=image, names=names
            )
        return _change(step, "unpin", pin)

    def change(self, change: Change) -> None:
        """Made now, or once before the run was interrupted. A pinned image that is damaged is looked at no more."""
        if change.kind == "unpin":
            self._held.pop(change.key, None)
            return
        pin = Pin(change.image, change.key)
        try:
            view = pins.read_view(self._run, pin)
            self._require_fit(view, pin)
            self._held[pin.key] = pin, view
        except BadInput as error:
            self._problems.append((error.code, error.sentence))

    def remarks(self) -> tuple[Remark, ...]:
        """What could not be looked at, each told once."""
        told, self._problems = tuple(self._problems), []
        return told

    def looked(self, learner: Learner) -> Generator[Progress, None, tuple[Looked, ...]]:
        """What the network that `learner` has at the end of the epoch under way makes of each pinned image. What goes
        wrong is a remark: no training stops for it.
        """
        if not self._held:
            return ()
        plan, epoch = self._plan, learner.epoch + 1
        train = plan.images.train
        if not self._searched:
            labels = [plan.images.labels[index] for index in train]
            self._searched = drawn(labels, SEARCHED, plan.recipe.seed)
        loaded = LoadedRun(
            # The towers of one that lies on two devices answer the same questions.
            cast("Network", learner.network),
            plan.input,
            plan.images.folder.classes,
            plan.spec,
            f"of epoch {epoch}",
            learner.step,
            epoch,
            plan.device,
        )
        views = [view for _, view in self._held.values()]
        indices = [train[place] for place in self._searched]
        try:
            with eval_mode(learner.network):
                # One more than is kept: a training image is its own nearest neighbour, which says nothing.
                found = yield from glances(loaded, views, plan.images.store, indices, pins.NEAR + 1)
        except StudioError as error:
            self._problems.append(
                ("pins_not_seen", f"The pinned images were not looked at: {error.sentence}")
            )
            return ()
        held = (pin for pin, _ in self._held.values())
        return tuple(self._of(epoch, pin, glance) for pin, glance in zip(held, found, strict=True))

    def _of(self, epoch: int, pin: Pin, glance: Glance) -> Looked:
        images = self._plan.images
        near = [(self._searched[place], distance) for place, distance in glance.near]
        others = [one for one in near if images.paths((images.train[one[0]],)) != (pin.image,)]
        top, searched = top_labels(glance.probabilities), len(self._searched)
        return Looked(epoch, pin.key, top, tuple(others[: pins.NEAR]), searched)

    def _pin(self, name: str) -> Pin | None:
        return next((pin for pin, _ in self._held.values() if pin.image == name), None)

    def _require_fit(self, view: Pixels, pin: Pin) -> None:
        record = self._plan.input
        if view.shape != (record.size, record.size, record.channels):
            raise BadInput(
                "pin_damaged",
                "What was pinned of {image} does not fit the network, and is not looked at. Unpin it and pin it again.",
                image=pin.image,
            )


def _named(image: Path, run: RunFolder) -> str:
    """Relative to the folder of the images where it lies there, so that it stays itself when the folder moves."""
    root, place = run.data_root.absolute(), (run.data_root / image).absolute()
    inside = root in place.parents
    name = place.relative_to(root).as_posix() if inside else str(place)
    return name.encode("utf-8", "replace").decode("utf-8")


def _change(step: int, kind: changes.Kind, pin: Pin) -> Change:
    return Change(step, kind, image=pin.image, key=pin.key)
