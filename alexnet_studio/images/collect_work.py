"""The images of a source on their way into class folders, written by a few threads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.ahead import ahead
from alexnet_studio.images.pace import Pace
from alexnet_studio.images.piece_writer import Errand, Outcome, PieceWriter
from alexnet_studio.images.source import Contents
from alexnet_studio.images.walk import Skipped


@dataclass(slots=True)
class CollectWork:
    """`made`, `skipped` and `groups` (of files that have one) fill while it runs."""

    writer: PieceWriter
    contents: Contents
    made: int = 0
    folders: set[Path] = field(default_factory=set[Path])
    skipped: list[Skipped] = field(default_factory=list[Skipped])
    groups: dict[Path, str] = field(default_factory=dict[Path, str])

    def run(self) -> Iterator[Progress]:
        pace = Pace()
        workers = min(8, max(2, os.cpu_count() or 2))
        with closing(ahead(_do, self._errands(), workers=workers)) as outcomes:
            for outcome, group in outcomes:
                self._count(outcome, group)
                if pace.due():
                    done = self.made + len(self.skipped)
                    yield Progress("collect", done, max(done, self.contents.total))

    def _errands(self) -> Iterator[tuple[Errand | Skipped | None, str]]:
        """In the calling thread: archives have one place at which they are read."""
        for piece in self.contents.pieces:
            if piece is None or isinstance(piece, Skipped):
                yield piece, ""
            else:
                yield self.writer.errand(piece), piece.group

    def _count(self, outcome: Outcome | None, group: str) -> None:
        match outcome:
            case Path():
                self.made += 1
                self.folders.add(outcome.parent)
                if group:
                    self.groups[outcome] = group
            case Skipped():
                self.skipped.append(outcome)
            case None:
                pass


def _do(job: tuple[Errand | Skipped | None, str]) -> tuple[Outcome | None, str]:
    errand, group = job
    return (errand if errand is None or isinstance(errand, Skipped) else errand()), group
