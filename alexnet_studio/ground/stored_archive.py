"""Archives as torch.save writes them: members as they are, so that none grows when it is read."""

from __future__ import annotations

import zipfile
from typing import IO

MAGIC = b"PK\x03\x04"


def require_stored(file: IO[bytes]) -> None:
    """Looks at the table of contents only. Raises `ValueError`, and what `zipfile` raises for a damaged one."""
    size = file.seek(0, 2)
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    # torch.save stores without compression: a compressed archive is somebody else's, perhaps a zip bomb, and so is one
    # whose members share their bytes.
    if any(one.compress_type != zipfile.ZIP_STORED for one in members):
        raise ValueError("compressed")
    if sum(one.file_size for one in members) > size:
        raise ValueError("larger than its file")
    if any(one.filename.startswith("/") or ".." in one.filename.split("/") for one in members):
        raise ValueError("leaves its archive")
    file.seek(0)
