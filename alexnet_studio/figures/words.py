"""The words printed in figures, so that a caller can give them in its language."""

from __future__ import annotations

from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Words:
    loss: str = "Loss"
    error: str = "Error"
    training: str = "training"
    validation: str = "validation"
    step: str = "step"
    thin: str = "thin: top-{k}"
    nearest: str = "Nearest training images, with their distance"
    probable: str = "Most probable classes"
    query: str = "Image"

    def everything(self) -> str:
        return "".join(astuple(self))


ENGLISH = Words()
