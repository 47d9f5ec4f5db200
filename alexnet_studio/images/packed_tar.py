"""A packed tar, read once from its beginning and never unpacked to the disk."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from alexnet_studio.images.regular_file import open_regular


class DamagedArchiveError(ValueError):
    """The archive ends early, its packing is broken, or it is no tar."""


def names(path: Path) -> Iterator[str]:
    """Of all members, as they lie there. Raises `OSError`, `DamagedArchiveError`."""
    with _opened(path) as archive:
        for member in archive:
            yield member.name


def contents(path: Path, wanted: Callable[[str], bool], at_most: int) -> Iterator[tuple[str, bytes]]:
    """The regular files whose names are `wanted`, of `at_most` bytes. Raises `OSError`, `DamagedArchiveError`."""
    with _opened(path) as archive:
        for member in archive:
            if not member.isreg() or not wanted(member.name):
                continue
            if member.size > at_most:
                raise DamagedArchiveError(f"its file {member.name} is larger than {at_most:,} bytes")
            file = archive.extractfile(member)
            yield member.name, b"" if file is None else file.read()


@contextmanager
def _opened(path: Path) -> Generator[tarfile.TarFile]:
    try:
        with open_regular(path) as packed, tarfile.open(fileobj=packed, mode="r|*") as archive:
            yield archive
    except (OSError, DamagedArchiveError):
        raise
    except Exception as error:
        # Damaged archives lead tarfile to exceptions of every kind (TypeError, zlib.error, LZMAError ...).
        raise DamagedArchiveError("it ends early or its packing is broken") from error
