"""What a training has complained of, with what may mend it at one click: the next training, never the running one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio.state.run import Phase, RunState
from alexnet_studio.studio.state.window import State

_RATES = frozenset({"stuck", "collapsed", "diverged"})
_PATIENCE = 5  # epochs without a better validation, as those after which overfitting is told
_DECAY = 1e-3


@dataclass(frozen=True, slots=True)
class Remedy:
    """`text` names what is done to the recipe; nothing of it where there is none at one click."""

    code: str
    sentence: str
    text: str = ""
    fields: tuple[tuple[str, object], ...] = ()


def remedies(state: State) -> tuple[Remedy, ...]:
    """Of the run on the screen, of what it has complained of last; what was applied is not offered again."""
    run, setup = state.run, state.setup
    if run is None or setup is None:
        return ()
    values = dict(setup.values)
    open_ones = [(code, sentence) for code, sentence in _complaints(run) if code not in run.remedied]
    return tuple(Remedy(code, sentence, *_way_out(code, values)) for code, sentence in open_ones[-1:])


def _complaints(run: RunState) -> list[tuple[str, str]]:
    found = list(run.complaints.items())
    if run.phase is Phase.READY and run.ended is not None and run.ended.reason == "diverged":
        found.append(("diverged", run.ended.sentence))
    return found


def _way_out(code: str, values: Mapping[str, object]) -> tuple[str, tuple[tuple[str, object], ...]]:
    if code == "stuck" and values.get("initialisation") == "paper":
        return QCoreApplication.translate("Remedies", "Use He initialisation"), (("initialisation", "he"),)
    rate = values.get("lr")
    if code in _RATES and isinstance(rate, int | float):
        smaller = float(f"{rate / 10:.6g}")
        text = QCoreApplication.translate("Remedies", "Use a rate of {rate}").format(rate=f"{smaller:g}")
        return text, (("lr", smaller),)
    if code == "overfits":
        return _against_overfitting(values)
    if code == "starved":
        return _against_starving(values)
    return "", ()


def _against_overfitting(values: Mapping[str, object]) -> tuple[str, tuple[tuple[str, object], ...]]:
    if not (values.get("crop") or values.get("resized_crop")) or not values.get("mirror"):
        crop = "resized_crop" if values.get("resized_crop") else "crop"
        text = QCoreApplication.translate("Remedies", "Use crops and reflections")
        return text, ((crop, True), ("mirror", True))
    if not values.get("early_stopping"):
        text = QCoreApplication.translate("Remedies", "Stop early, after {n} epochs").format(n=_PATIENCE)
        return text, (("early_stopping", _PATIENCE),)
    decay = values.get("weight_decay")
    if isinstance(decay, int | float) and decay < _DECAY:
        text = QCoreApplication.translate("Remedies", "Use a weight decay of {n}").format(n=f"{_DECAY:g}")
        return text, (("weight_decay", _DECAY),)
    return "", ()


def _against_starving(values: Mapping[str, object]) -> tuple[str, tuple[tuple[str, object], ...]]:
    if values.get("store") != "pixels":
        return QCoreApplication.translate("Remedies", "Keep decoded pixels"), (("store", "pixels"),)
    workers = values.get("workers")
    if isinstance(workers, int) and workers < 64:
        text = QCoreApplication.translate("Remedies", "Use {n} workers").format(n=workers + 1)
        return text, (("workers", workers + 1),)
    return "", ()
