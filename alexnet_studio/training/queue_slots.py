"""Which trainings of a queue may run at once: one on each device."""

from __future__ import annotations

from collections.abc import Sequence


def machine_slots(offered: Sequence[str]) -> tuple[str, ...]:
    """The accelerators among what this machine offers, or its CPU."""
    cards = tuple(choice for choice in offered if choice.startswith("cuda:") and "," not in choice)
    if cards:
        return cards
    return next(((kind,) for kind in ("cuda", "mps") if kind in offered), ("cpu",))


def place(device: str, slots: Sequence[str], taken: set[str]) -> tuple[frozenset[str], str | None] | None:
    """The slots that a training for `device` takes, and the device that it must be told; None while it has to wait.

    A training that names no device takes the first slot that is free.
    """
    if device == "auto":
        free = next((slot for slot in slots if slot not in taken), None)
        if free is None:
            return None
        return frozenset({free}), (free if len(slots) > 1 else None)
    wanted = slots_of(device, slots)
    return None if wanted & taken else (wanted, None)


def slots_of(device: str, slots: Sequence[str]) -> frozenset[str]:
    """What a device stands for: `auto` is the first slot, `cuda` the first of several cards."""
    return frozenset(_slot(one, slots) for one in device.split(","))


def _slot(device: str, slots: Sequence[str]) -> str:
    if device == "auto":
        return slots[0]
    return "cuda:0" if device == "cuda" and "cuda:0" in slots else device
