"""The network and everything that changes while it learns; one call is one update."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from alexnet_studio.ground.device import Device
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.loader import Batch
from alexnet_studio.networks.build import build
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.two_devices import placed
from alexnet_studio.runs.changes import Change
from alexnet_studio.runs.checkpoint_document import Best, Checkpoint
from alexnet_studio.training import dropout, optimiser
from alexnet_studio.training.determinism import exact
from alexnet_studio.training.failures import DivergenceError
from alexnet_studio.training.layer_sizes import LayerSizes
from alexnet_studio.training.live import Live
from alexnet_studio.training.metrics import Meters
from alexnet_studio.training.objective import Objective
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.schedule import Plateau, layer_factor, learning_rate
from alexnet_studio.training.world import ALONE, Word, World


class Learner:
    """`step` counts updates, `epoch` whole epochs, `batch` the batches learned of the epoch under way.

    `checkpoint` and `restore` are exact: on a CPU a restored learner goes on to the bit.
    """

    def __init__(
        self,
        spec: Spec,
        recipe: Recipe,
        device: Device,
        *,
        k: int,
        steps_per_epoch: int,
        class_weights: Sequence[float] | None = None,
        world: World = ALONE,
    ) -> None:
        """`class_weights`: a factor on the loss of each class's images; its mean over a batch stays a mean.

        Of several processes each has a learner, and learns its share of every batch: the first one's `learn`, `change`
        and `finish_epoch` make the others do the same.
        """
        self._recipe = recipe
        self._world = world
        self._device = device
        self._total_steps = recipe.epochs * steps_per_epoch
        network = build(spec, dropout=recipe.dropout, initialisation=recipe.initialisation, seed=recipe.seed)
        self.network = placed(network, device.each())
        self._optimizer = optimiser.build(self.network, recipe, device.kind)
        self._scaler = torch.amp.GradScaler(device.kind, enabled=device.precision == "float16")
        self._drops = dropout.is_used(self.network)
        self._joined = world.joined(self.network, device)
        self._loss = Objective(recipe, device, class_weights, world)
        self._live = Live(spec)
        self.meters = Meters(k, device, world)
        self.plateau = Plateau()
        self.best: Best | None = None
        self.step = self.epoch = self.batch = 0
        self.last_rate = recipe.lr  # of the last update

    def learn(self, batch: Batch, *, watched: bool = False) -> LayerSizes | None:
        """One update; of a `watched` one the sizes of its layers. Raises `DivergenceError` before the weights are
        touched, where that is known without waiting.
        """
        self._world.lead(Word.LEARN)
        self.last_rate = self.next_rate()
        self._set_rates()
        if self._drops:
            others = (self._world.rank,) if self._world.rank else ()
            dropout.seed(self._device.each(), self._recipe.seed, self.step, *others)
        device = self._device.torch()
        images = batch.on(device)
        labels = batch.labels.to(device, non_blocking=True)
        self.network.train()
        with self._world.watched(), exact(self._recipe.deterministic):
            with self._device.autocast():
                logits: Tensor = self._joined(
                    images if len(labels) else images.new_zeros((1, *images.shape[1:]))
                )
            loss = self._loss(logits, labels, batch.total)
            if self._world.size == 1:  # others would wait for one that stops here; they all see its gradient
                self._check(loss)
            self._optimizer.zero_grad(set_to_none=True)
            sizes = LayerSizes(self.network) if watched else None
            torch.autograd.backward(self._scaler.scale(loss))
        if sizes is not None:
            sizes.take_gradients(self._scaler.get_scale())
        self._clip()
        self._scaler.step(self._optimizer)
        self._scaler.update()
        self.meters.add(self._loss.plain(loss, logits, labels), logits[: len(labels)], labels, batch.total)
        self.step += 1
        self.batch += 1
        return sizes

    def finish_epoch(self, judged_by: float) -> None:
        """`judged_by` is the loss that "plateau" watches."""
        self._world.lead(Word.FINISH_EPOCH, judged_by)
        self.plateau = self.plateau.after(judged_by)
        self.meters.reset()
        self.epoch += 1
        self.batch = 0

    def is_finite(self) -> bool:
        """Whether the weights can be kept. Waits for the device."""
        # By their ends: a mask of 61 million answers takes 30 times as long.
        ends = (torch.stack(torch.aminmax(parameter.detach())) for parameter in self.network.parameters())
        return all(bool(torch.isfinite(pair).all()) for pair in ends)

    def release(self) -> None:
        """Give back what the last update left on the device, after it ran out of memory."""
        self._optimizer.zero_grad(set_to_none=True)
        if self._device.kind == "cuda":
            torch.cuda.empty_cache()

    def checkpoint(self) -> Checkpoint:
        """Its tensors are the network's own: to be written, or copied, before the next update."""
        plateau = self.plateau
        return Checkpoint(
            step=self.step,
            epoch=self.epoch,
            batch=self.batch,
            weights=dict(self.network.state_dict()),
            optimizer=self._optimizer.state_dict(),
            schedule={"best": plateau.best, "waited": plateau.waited, "cuts": plateau.cuts},
            meters=self.meters.state(),
            best=self.best,
            scaler=self._scaler.state_dict(),
        )

    def restore(self, saved: Checkpoint) -> None:
        """Raises `BadInput` ("checkpoint_does_not_fit") for one of another network."""
        try:
            self.network.load_state_dict(saved.weights, strict=True)
            self._optimizer.load_state_dict(saved.optimizer)
        except (RuntimeError, ValueError, KeyError) as error:
            if len(saved.optimizer["param_groups"]) != len(self._optimizer.param_groups):
                raise BadInput(
                    "checkpoint_from_older_version",
                    "The checkpoint is of an earlier version of AlexNet Studio, or of another network. Begin a new "
                    "run from its weights with --from.",
                ) from error
            raise BadInput(
                "checkpoint_does_not_fit",
                "The checkpoint is of another network than run.json describes{difference}. Restore run.json from a "
                "copy, or begin a new run from what fits with --from.",
                difference=_difference(self.network.state_dict(), saved.weights),
            ) from error
        # Everybody begins with what the first process has.
        self._joined = self._world.joined(self.network, self._device)
        if saved.scaler and self._scaler.is_enabled():
            self._scaler.load_state_dict(saved.scaler)
        self.plateau = Plateau(**saved.schedule)
        self.meters.restore(saved.meters)
        self.best = saved.best
        self.step, self.epoch, self.batch = saved.step, saved.epoch, saved.batch

    def scheduled_rate(self) -> float:
        """The rate that the recipe gives the next update."""
        return learning_rate(self._recipe, self.step, self._total_steps, self.plateau)

    def next_rate(self) -> float:
        """The same with what was changed meanwhile."""
        return self.scheduled_rate() * self._live.factor

    def change(self, change: Change) -> None:
        """From the next update on."""
        self._world.lead(Word.CHANGE)
        self._live = self._live.after(self._world.from_first(change))

    @property
    def factor(self) -> float:
        """On the scheduled rate, as it was changed meanwhile."""
        return self._live.factor

    def layers(self) -> tuple[str, ...]:
        """Those with weights, in their order: what can be frozen."""
        return tuple(dict.fromkeys(group["layer"] for group in self._optimizer.param_groups))

    def _set_rates(self) -> None:
        share = self.step / self._total_steps

        def factor(layer: str, bias: bool) -> float:
            live = self._live
            own = layer_factor(self._recipe, share, first=layer == live.first, bias=bias)
            return 0.0 if layer in live.frozen else own

        thawed = [parameter.requires_grad for parameter in self.network.parameters()]
        optimiser.set_rates(self._optimizer, self.next_rate(), factor)
        if thawed != [parameter.requires_grad for parameter in self.network.parameters()]:
            # Processes wait for the gradients of what learned when they were joined.
            self._joined = self._world.joined(self.network, self._device)

    def _check(self, value: Tensor) -> None:
        # On a CPU looking is free. Elsewhere it would stop the device at each step: the trainer looks when it
        # logs.
        if self._device.kind == "cpu" and not math.isfinite(value.item()):
            raise DivergenceError(self.step + 1, self.last_rate)

    def _clip(self) -> None:
        if not self._recipe.clip and self._device.kind != "cpu":
            return
        self._scaler.unscale_(self._optimizer)
        learned = list(self.network.parameters())
        norm = nn.utils.get_total_norm([one.grad for one in learned if one.grad is not None])
        self._check(norm)
        if self._recipe.clip:
            nn.utils.clip_grads_with_norm_(learned, self._recipe.clip, norm)


def _difference(own: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> str:
    """The first tensor that tells two networks apart, as the end of a sentence."""
    for name in (*own, *given):
        ours, theirs = (tuple(held[name].shape) if name in held else None for held in (own, given))
        if ours != theirs:
            return f" ({name} is {_shape(theirs)} there and {_shape(ours)} here)"
    return ""


def _shape(shape: tuple[int, ...] | None) -> str:
    return "missing" if shape is None else " x ".join(map(str, shape)) or "a number"
