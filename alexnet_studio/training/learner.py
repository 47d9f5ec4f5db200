"""The network and everything that changes while it learns; one call is one update."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from alexnet_studio.ground.device import Device
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.loader import Batch
from alexnet_studio.networks.build import build
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.two_devices import placed
from alexnet_studio.runs.checkpoint import Best, Checkpoint
from alexnet_studio.training import dropout, optimiser
from alexnet_studio.training.failures import DivergenceError
from alexnet_studio.training.metrics import Meters
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.schedule import Plateau, learning_rate


class Learner:
    """`step` counts updates, `epoch` whole epochs, `batch` the batches learned of the epoch under way.

    `checkpoint` and `restore` are exact: on a CPU a restored learner goes on to the bit.
    """

    def __init__(self, spec: Spec, recipe: Recipe, device: Device, *, k: int, steps_per_epoch: int) -> None:
        self._recipe = recipe
        self._device = device
        self._total_steps = recipe.epochs * steps_per_epoch
        network = build(spec, dropout=recipe.dropout, initialisation=recipe.initialisation, seed=recipe.seed)
        self.network = placed(network, device.each())
        self._optimizer = optimiser.build(self.network, recipe, device.kind)
        self._scaler = torch.amp.GradScaler(device.kind, enabled=device.precision == "float16")
        self._drops = dropout.is_used(self.network)
        self.meters = Meters(k, device)
        self.plateau = Plateau()
        self.best: Best | None = None
        self.step = self.epoch = self.batch = 0
        self.last_rate = recipe.lr  # of the last update

    def learn(self, batch: Batch) -> None:
        """One update. Raises `DivergenceError` before the weights are touched, where that is known without
        waiting.
        """
        self.last_rate = self._rate()
        optimiser.set_rate(self._optimizer, self.last_rate)
        if self._drops:
            dropout.seed(self._device.each(), self._recipe.seed, self.step)
        device = self._device.torch()
        images = batch.on(device)
        labels = batch.labels.to(device, non_blocking=True)
        self.network.train()
        with self._device.autocast():
            logits: Tensor = self.network(images)
        loss = functional.cross_entropy(logits.float(), labels)
        self._check(loss)
        self._optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(self._scaler.scale(loss))
        self._clip()
        self._scaler.step(self._optimizer)
        self._scaler.update()
        self.meters.add(loss, logits, labels)
        self.step += 1
        self.batch += 1

    def finish_epoch(self, judged_by: float) -> None:
        """`judged_by` is the loss that "plateau" watches."""
        self.plateau = self.plateau.after(judged_by)
        self.meters.reset()
        self.epoch += 1
        self.batch = 0

    def is_finite(self) -> bool:
        """Whether the weights can be kept. Waits for the device."""
        return all(bool(torch.isfinite(parameter).all()) for parameter in self.network.parameters())

    def release(self) -> None:
        """Give back what the last update left on the device, after it ran out of memory."""
        self._optimizer.zero_grad(set_to_none=True)
        if self._device.kind == "cuda":
            torch.cuda.empty_cache()

    def checkpoint(self) -> Checkpoint:
        """Tensors of the CPU share memory with the network: to be written before the next update."""
        plateau = self.plateau
        return Checkpoint(
            step=self.step,
            epoch=self.epoch,
            batch=self.batch,
            weights={name: tensor.cpu() for name, tensor in self.network.state_dict().items()},
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
            raise BadInput(
                "checkpoint_does_not_fit",
                "The checkpoint is of another network than run.json describes. Restore run.json from a copy.",
            ) from error
        if saved.scaler and self._scaler.is_enabled():
            self._scaler.load_state_dict(saved.scaler)
        self.plateau = Plateau(**saved.schedule)
        self.meters.restore(saved.meters)
        self.best = saved.best
        self.step, self.epoch, self.batch = saved.step, saved.epoch, saved.batch

    def _rate(self) -> float:
        return learning_rate(self._recipe, self.step, self._total_steps, self.plateau)

    def _check(self, value: Tensor) -> None:
        # On a CPU looking is free. Elsewhere it would stop the device at each step: the trainer looks when it
        # logs.
        if self._device.kind == "cpu" and not math.isfinite(value.item()):
            raise DivergenceError(self.step + 1, self.last_rate)

    def _clip(self) -> None:
        if not self._recipe.clip and self._device.kind != "cpu":
            return
        self._scaler.unscale_(self._optimizer)
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), self._recipe.clip or math.inf)
        self._check(norm)
