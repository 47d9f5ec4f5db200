"""Filling a store: decode by a few threads, append in order, say how far it is."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import BinaryIO

import numpy as np

from alexnet_studio.ground.files import as_studio_error
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import prepare
from alexnet_studio.images.ahead import ahead
from alexnet_studio.images.decode import UnreadableError, read
from alexnet_studio.images.folder import ImageFile, ImageFolder
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.pace import Pace
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.store_files import Index, Placed, StoreFiles, Unfinished, Unreadable

_THREADS_MAX = 8


def write_store(
    files: StoreFiles, folder: ImageFolder, positions: Sequence[int], record: InputRecord
) -> Generator[Progress, None, Index]:
    """Fill `files` and return their index.

    Raises `Failed` ("disk_full", "not_writable"); whatever happens, nothing half written stays.
    """
    try:
        unfinished = files.begin()
    except OSError as error:
        raise as_studio_error(error, files.folder) from error
    try:
        images = [folder.images[i] for i in positions]
        return (yield from _write(unfinished, folder, images, record))
    except OSError as error:
        raise as_studio_error(error, files.folder) from error
    finally:
        unfinished.discard()


def _write(
    unfinished: Unfinished, folder: ImageFolder, images: Sequence[ImageFile], record: InputRecord
) -> Generator[Progress, None, Index]:
    def decoded(image: ImageFile) -> Pixels | UnreadableError:
        return held_pixels(folder, image, record)

    pace = Pace()
    placed: list[Placed] = []
    unreadable: list[Unreadable] = []
    threads = min(os.cpu_count() or 1, _THREADS_MAX)
    with unfinished.pixels.open("wb") as file, closing(ahead(decoded, images, workers=threads)) as answers:
        for image, answer in zip(images, answers, strict=True):
            if isinstance(answer, UnreadableError):
                unreadable.append(Unreadable(path=image.path, reason=answer.reason, lasting=answer.lasting))
            else:
                placed.append(_append(file, image.path, answer))
            if pace.due():
                yield Progress("decode", len(placed) + len(unreadable), len(images))
        size = file.tell()
    index = Index(size=size, images=tuple(placed), unreadable=tuple(unreadable))
    unfinished.finish(index)
    return index


def _append(file: BinaryIO, path: str, pixels: Pixels) -> Placed:
    height, width, channels = pixels.shape
    offset = file.tell()
    file.write(np.ascontiguousarray(pixels).data)
    return Placed(path=path, offset=offset, height=height, width=width, channels=1 if channels == 1 else 3)


def held_pixels(folder: ImageFolder, image: ImageFile, record: InputRecord) -> Pixels | UnreadableError:
    """What the store holds of an image file: fitted unless that would need more room, grey as one channel."""
    path = folder.root / image.path
    try:
        pixels = read(path, record.channels).pixels
        found = path.stat()
    except UnreadableError as error:
        return error
    except OSError:
        return UnreadableError(path, "does not exist", lasting=False)
    if (found.st_size, found.st_mtime_ns) != (image.size, image.mtime_ns):
        # The store's key was made from the scan: these pixels would be kept under the old file's name.
        return UnreadableError(path, "has changed since the folder was scanned", lasting=False)
    if pixels.shape[0] * pixels.shape[1] > record.resize_to**2:
        pixels = prepare.fit(pixels, record)
    return pixels[..., :1] if _is_grey(pixels) else pixels


def _is_grey(pixels: Pixels) -> bool:
    return bool((pixels == pixels[..., :1]).all())
