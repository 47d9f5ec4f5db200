"""Which layers of a 2012 file have another's weights: its key weightSource."""

from __future__ import annotations

import re
from collections.abc import Mapping

from alexnet_studio.networks.cfg_columns import Level
from alexnet_studio.networks.cfg_sections import Section


def plain(name: str) -> str:
    """A section's name as a layer's."""
    return re.sub(r"[^A-Za-z0-9_]", "_", name)


class Sharing:
    """Levels are told in their order with `saw`; `rates` are the learning rates of weights, by section."""

    def __init__(self, rates: Mapping[str, float], settings: Mapping[str, Section]) -> None:
        self._rates = rates
        self._settings = settings
        self._places: dict[str, tuple[Level, int]] = {}  # of the sections seen so far: level and column
        self._sources: dict[str, str] = {}  # layers whose weights are another's

    def saw(self, level: Level) -> None:
        self._places |= {one.name: (level, column) for column, one in enumerate(level.sections)}

    def source(self, level: Level, name: str) -> str:
        """The layer whose weights the layer `name` has, where each of its inputs says so; biases were never shared.

        "" where it has its own. Raises `BadInput` ("cfg") naming section and line.
        """
        if not any("weightSource" in section.values for section in level.sections):
            return ""
        found: set[str] = set()
        for column, section in enumerate(level.sections):
            parts = section.text("weightSource", "").split(",")
            if len(parts) != level.inputs:
                raise section.wrong(
                    f"weightSource has {len(parts)} values for {level.inputs} inputs", "weightSource"
                )
            for number, part in enumerate(parts):
                found.add(self._source_of(section, part.strip(), number, column))
        if len(found) > 1:
            raise level.first.wrong(
                "weights of several layers, or only some of them shared, cannot be represented",
                "weightSource",
            )
        source = found.pop()
        source = self._sources.get(source, source)
        self._sources[name] = source
        return source

    def _source_of(self, section: Section, text: str, number: int, column: int) -> str:
        """`text` is "conv3[0]", or "conv3" where that layer has one input: there stands which of its matrices."""
        match = re.fullmatch(r"([^\[\]]+)(?:\[(\d+)\])?", text)
        if match is None:
            raise section.wrong(
                f"weightSource must be a layer's name and a number, not {text}", "weightSource"
            )
        source = match.group(1).strip()
        if source == section.name or source not in self._places:
            raise section.wrong(
                f"its weights are those of {source}, which is no layer before it", "weightSource"
            )
        level, place = self._places[source]
        if int(match.group(2) or 0) != number or place != column:
            raise section.wrong(
                "weights that change places, or that the two columns share, cannot be represented",
                "weightSource",
            )
        mine, theirs = self._rates.get(section.name), self._rates.get(source)
        if mine is not None and theirs is not None and mine != theirs:
            wrong = self._settings[section.name].wrong
            raise wrong(f"shared weights with another rate than {source}'s cannot be represented", "epsW")
        return plain(level.name)
