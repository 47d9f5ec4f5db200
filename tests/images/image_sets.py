"""Well-known sets of images in miniature, written byte by byte as the real ones are."""

from __future__ import annotations

import gzip
import io
import pickle
import struct
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from image_corpus import encoded, noise
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def random_pixels(seed: int, *shape: int) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def idx(values: Pixels) -> bytes:
    """The first two bytes are 0, then the type (8: unsigned bytes), the number of dimensions, their sizes."""
    return struct.pack(f">4B{values.ndim}I", 0, 0, 8, values.ndim, *values.shape) + values.tobytes()


def write_idx(
    folder: Path, split: str, images: Pixels, labels: Sequence[int], *, packed: bool = True
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    pairs = (("images-idx3", images), ("labels-idx1", np.array(labels, np.uint8)))
    for name, values in pairs:
        content = idx(values)
        path = folder / f"{split}-{name}-ubyte{'.gz' if packed else ''}"
        path.write_bytes(gzip.compress(content) if packed else content)
    return folder


def batch_of_python_2(images: Pixels, labels: Sequence[int]) -> bytes:
    """`images` (n, 32, 32, 3) as CIFAR's own files have them: protocol 2 of Python 2, rows of red, green, blue."""
    rows = images.transpose(0, 3, 1, 2).reshape(len(images), -1)
    raw = rows.tobytes()
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\nq\x02cnumpy\nndarray\nq\x03K\x00\x85U\x01b\x87R"
        + (b"(K\x01K" + bytes([len(rows)]) + b"M\x00\x0c\x86")
        + b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89"
        + (b"T" + struct.pack("<I", len(raw)) + raw + b"tb")
    )
    numbers = b"".join(b"K" + bytes([label]) for label in labels)
    return b"\x80\x02}q\x01(U\x04data" + array + b"U\x06labels](" + numbers + b"eu."


def batch(images: Pixels, labels: Sequence[int], *, protocol: int = 2, key: bytes = b"labels") -> bytes:
    rows = np.ascontiguousarray(images.transpose(0, 3, 1, 2).reshape(len(images), -1))
    return pickle.dumps({b"data": rows, key: list(labels)}, protocol)


def meta_of_python_2(names: Sequence[str]) -> bytes:
    listed = b"".join(b"U" + bytes([len(name)]) + name.encode() for name in names)
    return b"\x80\x02}q\x01(U\x0blabel_names](" + listed + b"eu."


def tar(members: Mapping[str, bytes], *, packed: bool = False) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz" if packed else "w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def jpeg(seed: int, side: int = 24) -> bytes:
    return encoded(noise(seed, side, side + 8), "JPEG")


def kit(synsets: Sequence[str], truth: Sequence[int]) -> bytes:
    """A development kit: `synsets` in the order of its numbers, which begin with 1."""
    from scipy.io import savemat  # pyright: ignore

    fields = [("ILSVRC2012_ID", "O"), ("WNID", "O"), ("words", "O"), ("num_children", "O")]
    rows = [(number, synset, "words", 0) for number, synset in enumerate(synsets, 1)]
    # The groups of synsets come last and have no images.
    table = np.array([*rows, (len(rows) + 1, "n99999999", "entity", len(rows))], dtype=fields)
    buffer = io.BytesIO()
    savemat(buffer, {"synsets": table})
    lines = "".join(f"{number}\n" for number in truth).encode()
    folder = "ILSVRC2012_devkit_t12/data"
    return tar(
        {f"{folder}/meta.mat": buffer.getvalue(), f"{folder}/ILSVRC2012_validation_ground_truth.txt": lines},
        packed=True,
    )
