"""ImageNet's official archives: a tar of one tar a class for training, a tar of images for validation.

They are read from beginning to end and never unpacked: a member is an image's bytes and the last part of its name.
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.regular_file import open_regular, why
from alexnet_studio.images.source import Packed, Piece, Split
from alexnet_studio.images.walk import Skipped, printable

# Larger than any image of ImageNet (16 MB): it is held in memory.
_LARGEST_BYTES = 64 << 20


def classes(archive: Path) -> tuple[str, ...]:
    """The synsets of a training archive, sorted, from the names of the tars in it; empty for other archives.

    Raises `BadInput` ("archive_damaged", "archive_unreadable").
    """
    with _opened(archive) as outer:
        return tuple(
            sorted(PurePosixPath(m.name).stem for m in outer if m.isfile() and m.name.endswith(".tar"))
        )


def training(archive: Path, split: Split, label_of: Callable[[str], int]) -> Iterator[Piece | Skipped | None]:
    """The images of the tars in `archive`, whose names are the classes."""
    with _opened(archive) as outer:
        for member in outer:
            if not member.isfile() or not member.name.endswith(".tar"):
                continue
            synset = PurePosixPath(member.name).stem
            yield None
            with _opened(archive, member.name, outer.extractfile(member)) as inner:
                yield from _images(inner, member.name, split, lambda _, synset=synset: label_of(synset))


def flat(
    archive: Path, split: Split, label_of: Callable[[str], int | None]
) -> Iterator[Piece | Skipped | None]:
    """The images of `archive`; `label_of` is asked with a file's name without its suffix."""
    with _opened(archive) as opened:
        yield from _images(opened, archive.name, split, label_of)


def _images(
    archive: tarfile.TarFile, name: str, split: Split, label_of: Callable[[str], int | None]
) -> Iterator[Piece | Skipped | None]:
    taken: set[str] = set()
    for member in archive:
        if member.isdir():
            continue
        origin = f"{name}/{printable(member.name)}"
        path = PurePosixPath(member.name)
        label = label_of(path.stem)
        reason = _problem(member, path, taken)
        if reason is not None or label is None:
            yield Skipped(origin, reason or "has no class in the ground truth")
            continue
        taken.add(path.name)
        yield Piece(split, label, path.name, origin, Packed(member.size, _reader(archive, member, origin)))


def _problem(member: tarfile.TarInfo, path: PurePosixPath, taken: set[str]) -> str | None:
    if not member.isreg():
        return "is no regular file"
    if path.is_absolute() or ".." in path.parts or not path.name:
        return "has a name that leads out of the archive"
    if member.size > _LARGEST_BYTES:
        return f"is larger than {_LARGEST_BYTES:,} bytes"
    if path.name in taken:
        return "is there twice"
    return None


def _reader(archive: tarfile.TarFile, member: tarfile.TarInfo, origin: str) -> Callable[[], bytes]:
    def read() -> bytes:
        file = archive.extractfile(member)
        assert file is not None
        with _told(origin):
            return file.read(member.size)

    return read


@contextmanager
def _opened(path: Path, inner: str = "", file: IO[bytes] | None = None) -> Generator[tarfile.TarFile]:
    """The archive at `path`, or the one named `inner` in it."""
    with (
        _told(f"{path} ({inner})" if inner else str(path)),
        file or open_regular(path) as source,
        tarfile.open(fileobj=source, mode="r:") as archive,
    ):
        yield archive


@contextmanager
def _told(path: str) -> Generator[None]:
    """What is wrong with an archive, in a sentence."""
    try:
        yield
    except BadInput:  # of the archive inside
        raise
    except OSError as error:
        raise BadInput(
            "archive_unreadable",
            "{path} cannot be used: the file {reason}. Choose another one.",
            path=path,
            reason=why(error),
        ) from error
    except Exception as error:
        # Damaged archives lead tarfile to exceptions of other kinds than its own.
        raise BadInput(
            "archive_damaged",
            "{path} ends early or is damaged. Get it anew, and collect into the same folder to go on.",
            path=path,
        ) from error
