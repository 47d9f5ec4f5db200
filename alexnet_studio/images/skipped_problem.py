"""The problems for which files are left out, told from the reason that is given for each."""

from __future__ import annotations

from enum import Enum


class Problem(Enum):
    EARLY = "early"  # an image that ends early
    DAMAGED = "damaged"
    EMPTY = "empty"
    NO_IMAGE = "no_image"  # by its content
    TYPE = "type"  # by its name
    PLACE = "place"  # lies in no class folder
    SIZE = "size"  # more bytes, pixels or memory than are taken
    LINK = "link"  # also what is no regular file
    ACCESS = "access"  # gone, forbidden, unreadable
    NAME = "name"


# As the ends of sentences that begin with "the file"; the first that fits counts.
_REASONS = (
    ("is no image and lies in no class folder", Problem.TYPE),
    ("lies in no class folder", Problem.PLACE),
    ("ends early", Problem.EARLY),
    ("is damaged", Problem.DAMAGED),
    ("is empty", Problem.EMPTY),
    ("is not an image", Problem.NO_IMAGE),
    ("is of a type that is not read", Problem.TYPE),
    ("has too many pixels", Problem.SIZE),
    ("is too large", Problem.SIZE),
    ("needs more memory", Problem.SIZE),
    ("is a link", Problem.LINK),
    ("is not a regular file", Problem.LINK),
    ("has a name", Problem.NAME),
    ("has a path", Problem.NAME),
)


def problem_of(reason: str) -> Problem:
    return next((problem for start, problem in _REASONS if reason.startswith(start)), Problem.ACCESS)


def may_be_seen(problem: Problem) -> bool:
    """Whether decoding such a file may show something of it."""
    return problem in {Problem.EARLY, Problem.DAMAGED, Problem.PLACE}
