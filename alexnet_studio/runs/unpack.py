"""A packed run as a folder again. The file may be a stranger's: nothing of it leaves its place or fills the disk."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

from alexnet_studio.ground import places
from alexnet_studio.ground.errors import BadInput, Failed, StudioError
from alexnet_studio.ground.files import as_studio_error

FORMAT, FORMAT_VERSION = "alexnet-studio-run", 1
LABEL = "alexnet-studio.json"  # the first member: says what the archive is
INSIDE = "run"
FOLDERS = ("kernels", "features", "patches", "evaluations", "answers", "pins", "checkpoints")

_LARGEST_RATIO = 200  # texts shrink to a tenth or so, the rest is stored as it is
_SPARE_BYTES = 10_000_000
_MOST_MEMBERS = 10_000
_LONGEST_LABEL = 10_000
_DAMAGED = "it is damaged or no zip archive"


def is_pack(path: Path) -> bool:
    """By its first bytes and its label; `unpacked` says what is wrong with one."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04" and LABEL.encode() in file.read(64)
    except OSError:
        return False


def unpacked(path: Path) -> Path:
    """The run's folder in the cache: unpacked once, and anew when the file has changed.

    Raises `BadInput` ("not_a_pack", "pack_from_newer_version") and `Failed` ("disk_full", "not_writable").
    """
    try:
        seen = path.stat()
        name = f"{path.resolve()} {seen.st_size} {seen.st_mtime_ns}"
    except OSError as error:
        raise _refused(path, error.strerror or "it cannot be read") from error
    place = places.cache() / "packs" / hashlib.sha256(name.encode()).hexdigest()[:20]
    if place.is_dir():
        found = next(place.iterdir(), None)
        if found is not None:
            return found
    target = place / (path.stem or "run")
    try:
        return unpack(path, target)
    except StudioError:
        if target.is_dir():  # another process was quicker
            return target
        raise


def unpack(path: Path, target: Path) -> Path:
    """Into `target`, which must not exist yet: all of it, or nothing. Raises as `unpacked`, and "run_exists"."""
    if target.exists():
        raise BadInput("run_exists", "There is something called {path} already.", path=str(target))
    temporary: str | None = None
    try:
        with zipfile.ZipFile(path) as archive:
            members = _checked(path, archive)
            target.parent.mkdir(parents=True, exist_ok=True)
            _require_room(target.parent, sum(member.file_size for member in members.values()))
            temporary = tempfile.mkdtemp(dir=target.parent, prefix=".unpacking-")
            made = Path(temporary) / "run"
            for name, member in members.items():
                _extract(archive, member, made / name)
        made.replace(target)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise _refused(path, _DAMAGED) from error
    except OSError as error:
        raise as_studio_error(error, target) from error
    except RuntimeError as error:
        raise _refused(path, "it is encrypted") from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
    return target


def _checked(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """By their places in the run. Everything is looked at before anything is written."""
    members = archive.infolist()
    _require_label(path, archive, members)
    if len(members) > _MOST_MEMBERS:
        raise _refused(path, f"it has {len(members):,} files")
    total = sum(member.file_size for member in members)
    if total > _LARGEST_RATIO * path.stat().st_size + _SPARE_BYTES:
        raise _refused(
            path, f"it would grow to {total / 1e9:,.1f} GB, {_LARGEST_RATIO} times its size or more"
        )
    found: dict[str, zipfile.ZipInfo] = {}
    folded: set[str] = set()
    for member in members[1:]:
        name = _place(path, member)
        if name.casefold() in folded:
            raise _refused(path, f"it has {name} twice")
        folded.add(name.casefold())
        found[name] = member
    return found


def _require_label(path: Path, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    if not members or members[0].filename != LABEL or members[0].file_size > _LONGEST_LABEL:
        # Of one that was cut zipfile finds the last thing that looks like an archive: a checkpoint in it.
        raise _refused(path, _DAMAGED if is_pack(path) else f"it does not begin with {LABEL}")
    label: Any = json.loads(archive.read(members[0]))
    if not isinstance(label, dict) or label.get("format") != FORMAT:  # pyright: ignore[reportUnknownMemberType]
        raise _refused(path, "its label is another program's")
    if not isinstance(label.get("version"), int) or label["version"] > FORMAT_VERSION:  # pyright: ignore[reportUnknownMemberType]
        raise BadInput(
            "pack_from_newer_version",
            "{path} was packed by a newer version of AlexNet Studio. Update the program to open it.",
            path=str(path),
        )


def _place(path: Path, member: zipfile.ZipInfo) -> str:
    """Relative to the run: a file at its top or in one of its folders, and no other place whatever."""
    name = member.filename
    kind = stat.S_IFMT(member.external_attr >> 16)
    parts = PurePosixPath(name).parts
    inner = parts[1:]
    known = len(inner) == 1 or (len(inner) == 2 and inner[0] in FOLDERS)
    strange = any(part in {".", ".."} or part.startswith(".") for part in parts) or not set(name).isdisjoint(
        "\\:\0"
    )
    if "/".join(parts) != name or parts[0] != INSIDE or not known or strange or kind not in {0, stat.S_IFREG}:
        raise _refused(path, f"it has a file that no run has, {name}")
    return "/".join(inner)


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """No more than was announced; the archive's own sum is checked at the end."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, target.open("xb") as out:
        left = member.file_size
        while block := source.read(1 << 20):
            left -= len(block)
            if left < 0:
                raise ValueError("longer than announced")
            out.write(block)


def _require_room(folder: Path, wanted: int) -> None:
    if shutil.disk_usage(folder).free < wanted + _SPARE_BYTES:
        raise Failed(
            "disk_full",
            "The disk that holds {path} is full. Free some space or choose another folder; "
            "what was saved before is intact.",
            path=str(folder),
        )


def _refused(path: Path, reason: str) -> BadInput:
    return BadInput(
        "not_a_pack",
        "{path} is not a packed run that can be opened: {reason}. Choose a file that `pack` has made.",
        path=str(path),
        reason=reason,
    )
