"""What the Data panel shows of a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from alexnet_studio.studio.views.parts import ActionView, EmptyView, Pixels, Selection


@dataclass(frozen=True, slots=True)
class ClassRow:
    name: str
    label: int
    train: int
    val: int
    test: int


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture to be shown once its pixels are there; `path` is the key that `thumbnails_wanted` asks for."""

    path: str
    caption: str = ""
    pixels: Pixels | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """`problem` is the value of a `Problem`; `seen` where decoding may show something of it."""

    path: str
    reason: str
    problem: str = ""
    seen: bool = False


@dataclass(frozen=True, slots=True)
class KnownSetView:
    """A set that can be fetched; `files` are the address, size and checksum of each of its files."""

    name: str
    title: str
    files: str
    button: str


@dataclass(frozen=True, slots=True)
class LabelEditing:
    """What can be done about the selected image, whose class is `label`; `labels` are those it can be given."""

    labels: tuple[tuple[str, str], ...] = ()
    label: str = ""
    leave_out: ActionView = field(default_factory=ActionView)
    take_back: ActionView = field(default_factory=ActionView)
    undo: ActionView = field(default_factory=ActionView)
    redo: ActionView = field(default_factory=ActionView)
    check: ActionView = field(default_factory=ActionView)
    export: ActionView = field(default_factory=ActionView)


@dataclass(frozen=True, slots=True)
class DataView:
    empty: EmptyView | None = None
    title: str = ""  # the folder's name and what is in it: "cifar10-small · 2,500 images · 10 classes"
    root: str = ""
    notes: tuple[str, ...] = ()
    classes: tuple[ClassRow, ...] = ()
    splits: tuple[str, ...] = ()  # which of the count columns are filled: "train", "val", "test"
    images: tuple[str, ...] = ()  # paths of those that are shown
    captions: Mapping[str, str] = field(default_factory=dict[str, str])  # other than the file's name
    found: str = ""  # how many are shown of how many
    skipped: tuple[SkippedRow, ...] = ()  # those with the problem that is picked
    skipped_total: int = 0
    skipped_filters: tuple[tuple[str, str], ...] = ()
    skipped_filter: str = ""
    selection: Selection = field(default_factory=Selection)
    filters: tuple[tuple[str, str], ...] = ()
    filter: str = ""
    words: str = ""
    editing: LabelEditing = LabelEditing()
