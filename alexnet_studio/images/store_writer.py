"""Filling a store: decode by a few threads, append in order, say how far it is; a killed one is gone on with."""

from __future__ import annotations

import errno
import hashlib
import io
import os
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import BinaryIO, TextIO

import numpy as np
from PIL import Image

from alexnet_studio.ground.files import as_studio_error
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import prepare, store_rows
from alexnet_studio.images.ahead import ahead
from alexnet_studio.images.decode import UnreadableError, content_of, read_bytes
from alexnet_studio.images.folder import ImageFile, ImageFolder
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.pace import Pace
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.store_files import LeftOut, StoreFiles
from alexnet_studio.images.store_rows import Rows, Stored
from alexnet_studio.images.store_space import Coding
from alexnet_studio.images.watch import Watch

JPEG_QUALITY = 95
_THREADS_MAX = 8


def write_store(
    files: StoreFiles,
    folder: ImageFolder,
    positions: Sequence[int],
    record: InputRecord,
    coding: Coding = "pixels",
) -> Generator[Progress, None, StoreFiles]:
    """Fill the rows of `positions`, in their order; return the files that hold them.

    Closing it, or killing the process, leaves what is written so far to be gone on with. Raises `Failed` ("disk_full",
    with nothing left, and "not_writable").
    """
    try:
        claimed = files.claim()
    except OSError as error:
        raise as_studio_error(error, files.folder) from error
    try:
        yield from _fill(claimed, folder, [folder.images[i] for i in positions], record, coding)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            claimed.discard()
        raise as_studio_error(error, files.folder) from error
    finally:
        claimed.release()
    return claimed


def _fill(
    files: StoreFiles,
    folder: ImageFolder,
    images: Sequence[ImageFile],
    record: InputRecord,
    coding: Coding,
) -> Generator[Progress]:
    rows = files.begin()
    waiting = np.flatnonzero((rows["state"] != store_rows.PLACED) & (rows["state"] != store_rows.UNREADABLE))
    pace = Pace()
    yield Progress("decode", len(images) - len(waiting), len(images))

    watch = Watch()

    def made(row: int) -> Stored | UnreadableError:
        return made_of(folder, images[row], record, coding, watch)

    with (
        files.pixels.open("ab") as pixels,
        files.left_out.open("a", encoding="utf-8") as left_out,
        closing(ahead(made, map(int, waiting), workers=threads(), watch=watch)) as answers,
    ):
        for done, (row, answer) in enumerate(zip(map(int, waiting), answers, strict=True), 1):
            put(rows, row, images[row], answer, pixels, left_out)
            if pace.due():
                yield Progress("decode", len(images) - len(waiting) + done, len(images))
    files.finish()


def threads() -> int:
    """That decode for a store."""
    return min(os.cpu_count() or 1, _THREADS_MAX)


def made_of(
    folder: ImageFolder, image: ImageFile, record: InputRecord, coding: Coding, watch: Watch
) -> Stored | UnreadableError:
    """What is to be written of an image file."""
    found = _read(folder, image, record, watch)
    if isinstance(found, UnreadableError):
        return found
    pixels, digest = found
    coded = coding == "jpeg"
    content = _coded(pixels) if coded else np.ascontiguousarray(pixels).tobytes()
    return Stored(pixels, content, coded, digest)


def put(
    rows: Rows,
    row: int,
    image: ImageFile,
    answer: Stored | UnreadableError,
    pixels: BinaryIO,
    left_out: TextIO,
) -> None:
    """Write an answer and its row. Raises `OSError`."""
    if isinstance(answer, UnreadableError):
        told = LeftOut(row=row, path=image.path, reason=answer.reason, lasting=answer.lasting)
        left_out.write(told.model_dump_json() + "\n")
        left_out.flush()
        rows[row]["state"] = store_rows.UNREADABLE if answer.lasting else store_rows.ABSENT
        return
    offset = pixels.tell()
    pixels.write(answer.content)
    # Before the row says so: a process that is killed here leaves bytes without a row, not a row without bytes.
    pixels.flush()
    store_rows.write(rows, row, offset, answer)


def held_pixels(
    folder: ImageFolder, image: ImageFile, record: InputRecord, watch: Watch | None = None
) -> Pixels | UnreadableError:
    """What the store holds of an image file: fitted unless that would need more room, grey as one channel."""
    found = _read(folder, image, record, Watch() if watch is None else watch)
    return found if isinstance(found, UnreadableError) else found[0]


def _read(
    folder: ImageFolder, image: ImageFile, record: InputRecord, watch: Watch
) -> tuple[Pixels, int] | UnreadableError:
    """The pixels, and the digest of the file: both from one reading of it."""
    path = folder.root / image.path
    try:
        with watch.reading(path):
            content = content_of(path)
            found = path.stat()
        pixels = read_bytes(content, path, record.channels).pixels
    except UnreadableError as error:
        return error
    except OSError:
        return UnreadableError(path, "does not exist", lasting=False)
    if (found.st_size, found.st_mtime_ns) != (image.size, image.mtime_ns):
        # The store's key was made from the scan: these pixels would be kept under the old file's name.
        return UnreadableError(path, "has changed since the folder was scanned", lasting=False)
    if pixels.shape[0] * pixels.shape[1] > record.resize_to**2:
        pixels = prepare.fit(pixels, record)
    digest = int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "little")
    return (pixels[..., :1] if _is_grey(pixels) else pixels), digest


def _is_grey(pixels: Pixels) -> bool:
    return bool((pixels == pixels[..., :1]).all())


def _coded(pixels: Pixels) -> bytes:
    buffer = io.BytesIO()
    plain = pixels[..., 0] if pixels.shape[2] == 1 else np.ascontiguousarray(pixels)
    Image.fromarray(plain).save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return buffer.getvalue()
