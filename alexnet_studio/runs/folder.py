"""The run folder: where each part of a run lies, how one is made and opened."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import as_studio_error, make_folder, require_writable, write_json
from alexnet_studio.runs import changes, lock, unpack
from alexnet_studio.runs.record import SCHEMA_VERSION, RunRecord

RECORD_NAME = "run.json"
_BEFORE_RECORD = {lock.NAME, "pins", changes.NAME}  # what is written before `run.json`
_DEVICES = {
    "CON",
    "PRN",
    "AUX",
    "NUL",
    *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10)),
}


@dataclass(frozen=True, slots=True)
class RunFolder:
    """An existing run: its record as it was read, and the paths of its parts (which need not exist yet)."""

    path: Path
    record: RunRecord

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def metrics(self) -> Path:
        return self.path / "metrics.jsonl"

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def kernels(self) -> Path:
        return self.path / "kernels"

    @property
    def features(self) -> Path:
        return self.path / "features"

    @property
    def answers(self) -> Path:
        return self.path / "answers"

    @property
    def pins(self) -> Path:
        return self.path / "pins"

    @property
    def data_root(self) -> Path:
        return Path(self.record.data.root)


def check_place(path: Path, data_root: Path | None) -> None:
    """Whether a new run may and can be made at `path`; asked before any slow work. Nothing is left there.

    Raises `BadInput` ("run_exists", "run_inside_data", "run_is_file", "name_not_portable") and `Failed`
    ("not_writable").
    """
    if _exists(path) and not path.is_dir():
        raise BadInput("run_is_file", "{path} is a file. Give the run a folder of its own.", path=str(path))
    _require_portable(path.name)
    place, root = path.resolve(), data_root and data_root.resolve()
    if root and (place == root or root in place.parents):
        raise BadInput(
            "run_inside_data",
            "{path} lies inside the image folder {root}, where it would become a class. "
            "Choose a folder outside it.",
            path=str(path),
            root=str(data_root),
        )
    if path.is_dir() and _has_something(path):
        raise BadInput(
            "run_exists",
            "{path} already has something in it. Resume that run or choose another folder.",
            path=str(path),
        )
    require_writable(path)


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except FileNotFoundError:
        return False
    except OSError as error:  # too long a name, a file among the parents, a link to itself
        raise as_studio_error(error, path) from error
    return True


def _require_portable(name: str) -> None:
    """Windows keeps some names for devices and drops dots and spaces at the end: a run is carried anywhere."""
    if name.split(".")[0].upper() in _DEVICES or name.endswith((".", " ")):
        raise BadInput(
            "name_not_portable",
            "No folder can be called {name} on Windows. Give the run another name.",
            name=name,
        )


def create(path: Path, record: RunRecord) -> RunFolder:
    """Make a new run. Raises what `check_place` raises, and `Failed` ("disk_full", "not_writable")."""
    # An imported run has no folder of images that it could lie in.
    check_place(path, Path(record.data.root) if record.data.root else None)
    make_folder(path)
    return write_record(path, record)


def write_record(path: Path, record: RunRecord) -> RunFolder:
    """Put `record` in the place of the old one (a resumed run may have more epochs, another device, a moved
    folder).
    """
    write_json(path / RECORD_NAME, record.model_dump(mode="json"))
    return RunFolder(path, record)


def open(path: Path) -> RunFolder:  # noqa: A001 - read as `folder.open`
    """The run in `path`, or that of a packed one, which is unpacked into the cache.

    Raises `BadInput` ("not_a_run" for missing, foreign or damaged, "run_from_newer_version", "not_a_pack").
    """
    if unpack.is_pack(path):
        path = unpack.unpacked(path)
    try:
        document = json.loads((path / RECORD_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise _not_a_run(
            path, f"it has no {RECORD_NAME}" if path.is_dir() else "there is no such folder"
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise _not_a_run(path, f"its {RECORD_NAME} cannot be read") from error
    return RunFolder(path, _validated(path, document))


def is_run(path: Path) -> bool:
    return (path / RECORD_NAME).is_file()


def holds_run(path: Path) -> bool:
    """Whether `open` would look for a run there: a run's folder, or a packed one, whole or not."""
    return is_run(path) or unpack.is_pack(path)


def _validated(path: Path, document: object) -> RunRecord:
    try:
        record = RunRecord.model_validate(document)
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"]) or "its content"
        raise _not_a_run(path, f"{field} in its {RECORD_NAME} is missing or wrong") from error
    if record.schema_version > SCHEMA_VERSION:
        raise BadInput(
            "run_from_newer_version",
            "{path} was written by a newer version ({version}) of AlexNet Studio. "
            "Update the program to open it.",
            path=str(path),
            version=record.app_version,
        )
    return record


def _not_a_run(path: Path, reason: str) -> BadInput:
    return BadInput(
        "not_a_run",
        "{path} is not a run that can be opened: {reason}. "
        "Choose the folder that was given to train as its run.",
        path=str(path),
        reason=reason,
    )


def _has_something(path: Path) -> bool:
    try:
        names = (entry.name for entry in path.iterdir())
        # What a training leaves that was killed before it was a run, or that is about to become one.
        return any(
            name not in _BEFORE_RECORD and not (name[0] == "." and name.endswith(".tmp")) for name in names
        )
    except OSError as error:
        raise as_studio_error(error, path) from error
