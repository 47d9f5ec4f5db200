"""Classes by the vote of the nearest images, and the images that their neighbours speak against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from alexnet_studio.ground.progress import Progress
from alexnet_studio.insight.neighbours import Neighbours


@dataclass(frozen=True, slots=True)
class Judged:
    """One image under the vote of its `rows`, nearest first: how many of them have its own class, and who won."""

    own: str
    rows: tuple[int, ...]
    agreeing: int
    winner: str
    votes: int  # of the winner

    @property
    def right(self) -> bool:
        return self.own == self.winner


@dataclass(frozen=True, slots=True)
class Vote:
    """`accuracy`: of the vote. `same_class`: the mean share of neighbours that have the image's class."""

    k: int
    images: int
    right: int
    same_class: float
    judged: tuple[Judged, ...]

    @property
    def accuracy(self) -> float:
        return self.right / self.images if self.images else 0.0


@dataclass(frozen=True, slots=True)
class Suspect:
    """An image whose label its neighbours contradict: `votes` of `k` say `winner`, `agreeing` say its own."""

    position: int
    judged: Judged


def others(
    search: Neighbours, features: NDArray[Any], rows: Sequence[int], k: int
) -> Generator[Progress, None, list[tuple[int, ...]]]:
    """Of each of `rows`, its k nearest other rows: it is left out itself, its copies are not."""
    found: list[tuple[int, ...]] = []
    for done, row in enumerate(rows):
        yield Progress("vote", done, len(rows))
        near = [one.row for one in search.search(features[row], k + 1) if one.row != row]
        found.append(tuple(near[:k]))
    return found


def among_indexed(
    search: Neighbours, queries: NDArray[Any], k: int
) -> Generator[Progress, None, list[tuple[int, ...]]]:
    """Of each of `queries` (n, dimensions), its k nearest rows."""
    found: list[tuple[int, ...]] = []
    for done, query in enumerate(queries):
        yield Progress("vote", done, len(queries))
        found.append(tuple(one.row for one in search.search(query, k)))
    return found


def count(own: Sequence[str], near: Iterable[tuple[int, ...]], classes: Sequence[str], k: int) -> Vote:
    """`own`: the class of each image, `near`: its nearest rows, `classes`: of every row.

    Where classes have as many votes, the one wins whose nearest image is nearest.
    """
    judged = tuple(_judged(name, rows, classes) for name, rows in zip(own, near, strict=True))
    shares = [one.agreeing / len(one.rows) for one in judged if one.rows]
    return Vote(
        k,
        len(judged),
        sum(one.right for one in judged),
        sum(shares) / len(shares) if shares else 0.0,
        judged,
    )


def suspects(vote: Vote) -> tuple[Suspect, ...]:
    """Those that lost the vote and not only a tie, first those with the fewest of their own class and the most of
    another's.
    """
    lost = [Suspect(i, one) for i, one in enumerate(vote.judged) if one.agreeing < one.votes]
    return tuple(sorted(lost, key=lambda one: (one.judged.agreeing, -one.judged.votes, one.position)))


def _judged(own: str, rows: tuple[int, ...], classes: Sequence[str]) -> Judged:
    names = [classes[row] for row in rows]
    votes = Counter(names)  # in the order of distance, in which `most_common` leaves ties
    winner, most = votes.most_common(1)[0] if votes else ("", 0)
    return Judged(own, rows, votes[own], winner, most)
