"""What a scan tells a person besides the counts, one sentence a fact."""

from __future__ import annotations

from collections import Counter

from alexnet_studio.images.census import Census
from alexnet_studio.images.class_names import alike_notes, few
from alexnet_studio.images.layout import Plan

_IMBALANCE = 100  # images of the largest class for one of the smallest


def scan_notes(
    plan: Plan, census: Census, classes: tuple[str, ...], empty: tuple[str, ...]
) -> tuple[str, ...]:
    """`empty`: the class folders without a readable image."""
    found = [
        _empty(empty),
        _one_class(classes),
        _imbalance(census),
        _unread(plan),
        _misnamed(census),
        _types(census.types),
        _ignored(census.walk.ignored),
        _outside(census.walk.outside),
        *alike_notes(classes),
        *(f"In {_count(n, 'file')} {note}." for note, n in sorted(census.decoding.items())),
    ]
    return tuple(note for note in found if note)


def _empty(empty: tuple[str, ...]) -> str:
    if not empty:
        return ""
    return f"{_count(len(empty), 'class folder')} without readable images left out: {few(empty)}."


def _one_class(classes: tuple[str, ...]) -> str:
    if len(classes) > 1:
        return ""
    return f"There is one class only ({''.join(classes)}): its images can be looked at, but not learned from."


def _imbalance(census: Census) -> str:
    counts = [(len(found), place.name) for place, found in census.images.items() if place.split == "train"]
    (least, small), (most, large) = min(counts), max(counts)
    if most < _IMBALANCE * least:
        return ""
    return (
        f"{large} has {_count(most, 'image')} to learn from and {small} {_count(least, 'image')}: the error over "
        f"all images hardly depends on {small}, and no class is given more weight unless the recipe balances."
    )


def _unread(plan: Plan) -> str:
    return f"Not read, beside the splits: {few(f'{name}/' for name in plan.unread)}." if plan.unread else ""


def _misnamed(census: Census) -> str:
    if not census.misnamed:
        return ""
    path, kind = min(census.misnamed)
    return f"{_count(len(census.misnamed), 'file')} with a wrong extension kept ({path} holds {kind})."


def _types(types: Counter[str]) -> str:
    if not types:
        return ""
    ranked = sorted(types.items(), key=lambda item: (-item[1], item[0]))
    parts = ", ".join(f"{n:,} {name}" for name, n in ranked)
    return f"{_count(types.total(), 'file')} of types that are not read skipped: {parts}."


def _ignored(ignored: list[str]) -> str:
    if not ignored:
        return ""
    names = few(sorted(set(ignored)))
    return f"{_count(len(ignored), 'hidden or system name')} ignored: {names}."


def _outside(links: int) -> str:
    return f"{_count(links, 'link')} to places outside this folder followed." if links else ""


def _count(n: int, one: str) -> str:
    return f"{n:,} {one}{'' if n == 1 else 's'}"
