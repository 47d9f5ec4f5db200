"""Well-known sets of images that can be fetched when a person asks for it: addresses, sizes and checksums.

They are torchvision's (datasets/mnist.py and cifar.py). Nothing else of the product uses the network.
"""

from __future__ import annotations

import contextlib
import hashlib
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alexnet_studio.ground import files
from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.pace import Pace

_CHUNK_BYTES = 1 << 20
_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """`md5` is what its publishers give: it tells a damaged file, and one that is not theirs."""

    url: str
    bytes: int
    md5: str

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class KnownSet:
    """`name` is the folder that it is fetched into."""

    name: str
    title: str
    files: tuple[RemoteFile, ...]

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Fetched:
    """`source` is what `collecting.collect` takes: the archive, or the folder of files."""

    source: Path


def _mnist(address: str, parts: tuple[tuple[str, int, str], ...]) -> tuple[RemoteFile, ...]:
    return tuple(RemoteFile(f"{address}{name}-ubyte.gz", size, md5) for name, size, md5 in parts)


KNOWN = (
    KnownSet(
        "fashion-mnist",
        "FashionMNIST: 70,000 grey pictures of clothes, 28 × 28, ten classes",
        _mnist(
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            (
                ("train-images-idx3", 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                ("train-labels-idx1", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
                ("t10k-images-idx3", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
                ("t10k-labels-idx1", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
            ),
        ),
    ),
    KnownSet(
        "mnist",
        "MNIST: 70,000 handwritten digits, 28 × 28, ten classes",
        _mnist(
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            (
                ("train-images-idx3", 9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
                ("train-labels-idx1", 28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
                ("t10k-images-idx3", 1_648_877, "9fb629c4189551a2d022fa330f9573f3"),
                ("t10k-labels-idx1", 4_542, "ec29112dd5afa0611ce80d1b7f02629c"),
            ),
        ),
    ),
    KnownSet(
        "cifar-10",
        "CIFAR-10: 60,000 colour photos, 32 × 32, ten classes",
        (
            RemoteFile(
                "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
                170_498_071,
                "c58f30108f718f92721af3b95e74349a",
            ),
        ),
    ),
    KnownSet(
        "cifar-100",
        "CIFAR-100: 60,000 colour photos, 32 × 32, a hundred classes",
        (
            RemoteFile(
                "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
                169_001_437,
                "eb9058c3a382ffc7106e4002c42a8d85",
            ),
        ),
    ),
)


def fetch(known: KnownSet, parent: Path) -> Iterator[Progress | Fetched]:
    """Download into `parent`/name; files that are there and right are kept. The last event is `Fetched`.

    Closing the iterator leaves no half file. Raises `Failed` ("not_fetched", "disk_full", "not_writable") and
    `BadInput` ("fetched_wrong").
    """
    yield Progress("fetch", 0, known.bytes)
    folder = parent / known.name
    files.make_folder(folder)
    done = 0
    for file in known.files:
        target = folder / file.name
        if not _is_right(target, file):
            yield from _download(file, target, done, known.bytes)
        done += file.bytes
    single = len(known.files) == 1
    yield Fetched(folder / known.files[0].name if single else folder)


def _download(file: RemoteFile, target: Path, before: int, total: int) -> Iterator[Progress]:
    part = target.with_name(target.name + ".part")
    digest = hashlib.md5(usedforsecurity=False)
    try:
        request = urllib.request.Request(file.url)
        with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer, part.open("wb") as out:
            pace, done = Pace(), 0
            # One byte more than it should have is enough to know that it is wrong.
            while done <= file.bytes and (chunk := answer.read(min(_CHUNK_BYTES, file.bytes + 1 - done))):
                out.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                if pace.due():
                    yield Progress("fetch", before + done, total)
        if digest.hexdigest() != file.md5:
            raise BadInput(
                "fetched_wrong",
                "{url} is not what it should be: its checksum differs. Choose a file that you already have.",
                url=file.url,
            )
        part.replace(target)
    except (urllib.error.URLError, TimeoutError) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()  # it is an answer, too, and keeps its connection
        raise Failed(
            "not_fetched",
            "{url} cannot be fetched ({reason}). Choose a file that you already have.",
            url=file.url,
            reason=str(error.reason) if isinstance(error, urllib.error.URLError) else "it does not answer",
        ) from error
    except OSError as error:
        raise files.as_studio_error(error, target) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def _is_right(path: Path, file: RemoteFile) -> bool:
    try:
        if path.stat().st_size != file.bytes:
            return False
        with path.open("rb") as content:
            return hashlib.file_digest(content, "md5").hexdigest() == file.md5
    except OSError:
        return False
