"""What a run was made of: the content of `run.json`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

SCHEMA_VERSION = 1


class DataSource(BaseModel):
    """Where the images are. Every other path of a run is relative to `root`, so a moved folder is found by
    one path.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    root: str
    fingerprint: str  # of the images of training and validation
    layout: Literal["classes", "splits"]
    names_and_sizes: str = ""  # a second fingerprint without the dates, which copying a folder changes


class RecordedSplit(BaseModel):
    """The images that were used, relative to the data root, and those that could not be decoded."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    train: tuple[str, ...]
    val: tuple[str, ...]
    left_out: tuple[str, ...] = ()


class RunRecord(BaseModel):
    """Everything needed to read a run's weights and to go on with it. To this room networks and recipes are
    plain JSON.

    `network` is the spec (`networks.spec_file`), `input` the input record, `colour` the colour statistics of
    the training images; `device`, `precision` and `threads` are what `auto` was resolved to.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    schema_version: int = SCHEMA_VERSION
    app_version: str
    created: str
    network: dict[str, Any]
    input: dict[str, Any]
    recipe: dict[str, Any]
    classes: tuple[str, ...]
    data: DataSource
    split: RecordedSplit
    colour: dict[str, Any]
    seed: int
    device: str
    precision: str
    threads: int
    processes: int = 1
    versions: dict[str, str]
    note: str = ""
