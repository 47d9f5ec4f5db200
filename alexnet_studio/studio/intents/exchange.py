"""Weights from elsewhere as a run of their own, and a run's weights for elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import exchange as exchange_jobs
from alexnet_studio.studio.jobs.exchange import Brought, Format
from alexnet_studio.studio.jobs.runner import Finished, JobKind

_SUFFIX: dict[Format, str] = {"safetensors": "safetensors", "torchvision": "pth", "onnx": "onnx"}
_USUAL = "torchvision"  # what most files of weights are of, where no network is on the screen


class ExchangeIntents:
    """`open_run` shows a run that was made, with a sentence."""

    def __init__(self, desk: Desk, open_run: Callable[[Path, str], None]) -> None:
        self._desk = desk
        self._open_run = open_run

    @property
    def actions(self) -> Actions:
        return {
            "import_weights": lambda: self._desk.dialogs.choose_weights(self._desk.after(self.bring)),
            "export_safetensors": lambda: self.ask_target("safetensors"),
            "export_torchvision": lambda: self.ask_target("torchvision"),
            "export_onnx": lambda: self.ask_target("onnx"),
        }

    @property
    def listeners(self) -> Listeners:
        return {JobKind.EXCHANGE: Listener(self._on_told, self._on_finished)}

    def bring(self, weights: Path) -> None:
        """Of the network on the screen, as a person has changed it."""
        self._desk.require_idle()
        setup = self._desk.state.setup
        network = _USUAL if setup is None or setup.spec is None else setup.spec
        self._desk.start(JobKind.EXCHANGE, lambda: exchange_jobs.bring(weights, network))

    def ask_target(self, form: Format) -> None:
        run = self._desk.require_weights()
        self._desk.dialogs.choose_target(
            f"{run.name}.{_SUFFIX[form]}", self._desk.after(partial(self.write, run, form))
        )

    def write(self, run: Path, form: Format, target: Path) -> None:
        """An export like every other: that it was saved is told in the same words."""
        self._desk.start(JobKind.EXPORT, lambda: exchange_jobs.write(run, target, form))

    def _on_told(self, event: object) -> None:
        if isinstance(event, Brought):
            self._open_run(event.run, " ".join(event.notes))

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
