"""The chain of layers that a 2012 file describes, its two columns (one for each GPU) brought together as towers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.cfg_sections import Section

# What differs between the columns, or says only where and how fast something is computed.
_PLACE = frozenset({"inputs", "gpu", "partialSum", "gpus", "weightSource"})
_LETTERS = (("a", "b"), ("A", "B"), ("_0", "_1"))


@dataclass(frozen=True, slots=True)
class Level:
    """One layer of the network: a section, or the two of both columns. `sees_all`: it has all columns as inputs."""

    name: str
    sections: tuple[Section, ...]
    inputs: int
    sees_all: bool

    @property
    def first(self) -> Section:
        return self.sections[0]


@dataclass(frozen=True, slots=True)
class Chain:
    """`levels` from the image to the classifier; `cost` is the section that trains it, where there is one."""

    levels: tuple[Level, ...]
    cost: Section | None


def chain(sections: dict[str, Section]) -> Chain:
    """Raises `BadInput` ("cfg") naming section and line for what is no single chain of layers or columns."""
    if not sections:
        raise BadInput("cfg_empty", "The layers file has no sections. Give a layers file of cuda-convnet.")
    data = {name for name, section in sections.items() if section.text("type") == "data"}
    cost = next((s for s in sections.values() if s.text("type").startswith("cost.")), None)
    last = _below_softmax(sections, cost)
    inner = {
        name: section
        for name, section in sections.items()
        if name not in data and section is not cost and section.text("type") != "softmax"
    }
    for section in inner.values():
        _check_inputs(section, sections)
    levels: list[Level] = []
    before = _image(inner.values(), data)
    used = set[str]()
    while True:
        members = tuple(s for s in inner.values() if s.name not in used and set(inputs(s)) & set(before))
        if not members:
            break
        levels.append(_level(members, before))
        before = tuple(member.name for member in members)
        used |= set(before)
    unused = [section for section in inner.values() if section.name not in used]
    if unused:
        raise unused[0].wrong("this layer is not on the way from the image to the classes")
    if not levels:
        raise next(iter(sections.values())).wrong("no layer takes the image as its input")
    if last is not None and set(before) != {last}:
        raise sections[last].wrong("layers that are not needed for the classes follow this one")
    return Chain(tuple(levels), cost)


def inputs(section: Section) -> tuple[str, ...]:
    return tuple(name.strip() for name in section.text("inputs").split(",") if name.strip())


def _below_softmax(sections: dict[str, Section], cost: Section | None) -> str | None:
    """The layer whose outputs become probabilities."""
    softmax = [section for section in sections.values() if section.text("type") == "softmax"]
    if len(softmax) > 1:
        raise softmax[1].wrong("there is a second softmax; a network here has one")
    if cost is not None and cost.text("type") != "cost.logreg":
        raise cost.wrong(f"{cost.text('type')} cannot be trained here; cost.logreg can", "type")
    if not softmax:
        return None
    found = inputs(softmax[0])
    if len(found) != 1 or found[0] not in sections:
        raise softmax[0].wrong("a softmax needs exactly one layer of this file as its input", "inputs")
    return found[0]


def _check_inputs(section: Section, sections: dict[str, Section]) -> None:
    order = list(sections)
    for name in inputs(section):
        if name not in sections:
            raise section.wrong(f"its input {name} is no section of this file", "inputs")
        if order.index(name) >= order.index(section.name):
            raise section.wrong(f"its input {name} comes after it, or is itself", "inputs")


def _image(inner: Iterable[Section], data: set[str]) -> tuple[str, ...]:
    """The data layer that layers take; labels are taken by the cost alone."""
    taken = {name: section for section in inner for name in inputs(section) if name in data}
    if len(taken) > 1:
        raise list(taken.values())[1].wrong(
            "there is a second source of images; a network here has one", "inputs"
        )
    return tuple(taken)


def _level(members: tuple[Section, ...], before: tuple[str, ...]) -> Level:
    first = members[0]
    for member in members:
        if not set(inputs(member)) <= set(before):
            raise member.wrong(
                "it skips a layer: only the layers directly before it can be its inputs", "inputs"
            )
        if len(set(inputs(member))) != len(inputs(member)):
            raise member.wrong("it has the same input twice", "inputs")
    if len(members) > 2:
        raise members[2].wrong("there are more than two columns here")
    if len(members) == 1:
        if len(inputs(first)) != len(before):
            raise first.wrong("one of the columns before it leads nowhere", "inputs")
        return Level(first.name, members, len(inputs(first)), True)
    return _paired(members, before)


def _paired(members: tuple[Section, ...], before: tuple[str, ...]) -> Level:
    one, other = members
    name = _common(one.name, other.name)
    if name is None:
        raise other.wrong(
            f"it branches off beside [{one.name}]; two columns are named alike, as conv1a and conv1b"
        )
    differing = one.same_as(other, _PLACE)
    if differing:
        raise other.wrong(
            f"{differing} is another one than in [{one.name}]: the columns must be alike", differing
        )
    counts = {len(inputs(one)), len(inputs(other))}
    if len(counts) > 1:
        raise other.wrong(f"it has another number of inputs than [{one.name}]", "inputs")
    count = counts.pop()
    if count == 1 and len(before) == 2 and (inputs(one)[0], inputs(other)[0]) != before:
        raise other.wrong("the columns change places here, which cannot be represented", "inputs")
    return Level(name, members, count, count == len(before))


def _common(one: str, other: str) -> str | None:
    for left, right in _LETTERS:
        if one.endswith(left) and other.endswith(right) and one[: -len(left)] == other[: -len(right)]:
            return one[: -len(left)] or None
    return None
