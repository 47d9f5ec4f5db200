"""`diary.md`: what happened in a run and what a person noted, a dated line each, for people to read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from alexnet_studio.ground.files import as_studio_error

NAME = "diary.md"


def append(run: Path, sentence: str, *, step: int | None = None) -> None:
    """Line breaks inside `sentence` become spaces. Raises `Failed` ("disk_full", "not_writable")."""
    path = run / NAME
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    where = "" if step is None else f" · step {step:,}"
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"- {when}{where} · {' '.join(sentence.split())}\n")
    except OSError as error:
        raise as_studio_error(error, path) from error


def read(run: Path) -> str:
    """The whole diary; empty where there is none or it cannot be read."""
    try:
        return (run / NAME).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
