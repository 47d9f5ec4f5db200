"""Rates, momentum and decay of a layer-params file, and what of them a recipe and the layers' own factors can say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from alexnet_studio.networks.cfg_columns import Level
from alexnet_studio.networks.cfg_sections import Section


@dataclass(frozen=True, slots=True)
class Learning:
    """The numbers of a layer-params section, as the file has them."""

    weight_rate: float
    bias_rate: float
    momentum: float
    decay: float


def learning_of(section: Section) -> Learning:
    for key in ("epsW", "epsB"):
        if "[" in section.text(key, "0"):
            raise section.wrong(f"the schedule {section.text(key)} cannot be read; give a number", key)
    count = len(section.text("epsW").split(","))
    if section.number("wball", count, 0) != 0:
        raise section.wrong("wball cannot be represented", "wball")
    momentum = section.number("momW", count, 0)
    if section.number("momB", 1, momentum) != momentum:
        raise section.wrong("weights and biases have different momenta, which cannot be represented", "momB")
    return Learning(
        section.number("epsW", count), section.number("epsB", 1, 0), momentum, section.number("wc", count, 0)
    )


def usual(settings: dict[str, Section], learning: dict[str, Learning]) -> dict[str, float]:
    """The rate and decay that most layers have, and the momentum that all have."""
    if not learning:
        return {}
    momenta = {one.momentum for one in learning.values()}
    if len(momenta) > 1:
        odd = next(
            name for name, one in learning.items() if one.momentum != next(iter(learning.values())).momentum
        )
        raise settings[odd].wrong("another momentum than in the other layers cannot be represented", "momW")
    rates = Counter(one.weight_rate for one in learning.values() if one.weight_rate > 0)
    decays = Counter(one.decay for one in learning.values() if one.decay > 0)
    return {
        "lr": rates.most_common(1)[0][0] if rates else 0.0,
        "momentum": momenta.pop(),
        "weight_decay": decays.most_common(1)[0][0] if decays else 0.0,
    }


class Rates:
    """How a layer learns, as factors on what is usual in its file. `by_name`: what `learning_of` found in it."""

    def __init__(
        self, settings: dict[str, Section], by_name: dict[str, Learning], usual: dict[str, float]
    ) -> None:
        self._settings = settings
        self._learning = by_name
        self._usual = usual

    def settings(self, level: Level) -> Section | None:
        """The layer-params section of the level, the same for both columns."""
        found = [self._settings[s.name] for s in level.sections if s.name in self._settings]
        if len(found) == 2:
            differing = found[1].same_as(found[0], frozenset())
            if differing:
                raise found[1].wrong(f"{differing} is another one than in [{found[0].name}]", differing)
        return found[0] if found else None

    def rate(self, level: Level) -> float:
        return self._factor(level, "lr", lambda one: one.weight_rate)

    def bias_rate(self, level: Level) -> float:
        return self._factor(level, "lr", lambda one: one.bias_rate)

    def decay(self, level: Level) -> float:
        return self._factor(level, "weight_decay", lambda one: one.decay)

    def _factor(self, level: Level, field: str, of: Callable[[Learning], float]) -> float:
        self.settings(level)
        learning = self._learning.get(level.first.name)
        usual = self._usual.get(field, 0.0)
        if learning is None or usual == 0:
            return 1.0
        return float(f"{of(learning) / usual:.9g}")
