"""Fetching a well-known set, from a server of our own on this machine: whole and right, or not at all."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from image_corpus import answer
from torchvision import datasets

from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.images.known_sets import KNOWN, Fetched, KnownSet, RemoteFile, fetch

CONTENT = bytes(range(256)) * 5000


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        _ = format, args


class Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up early is what one of the tests is about."""
        _ = request, client_address


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "a.bin").write_bytes(CONTENT)
    server = Server(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "served")))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def known(address: str, *, name: str = "a.bin", size: int = len(CONTENT), md5: str = "") -> KnownSet:
    md5 = md5 or hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()
    return KnownSet("made", "Made", (RemoteFile(f"{address}/{name}", size, md5),))


def test_a_set_is_fetched_once(address: str, tmp_path: Path) -> None:
    found = answer(fetch(known(address), tmp_path / "sets"), Fetched)
    assert found.source == tmp_path / "sets" / "made" / "a.bin"
    assert found.source.read_bytes() == CONTENT
    (tmp_path / "served" / "a.bin").unlink()
    assert answer(fetch(known(address), tmp_path / "sets"), Fetched) == found


@pytest.mark.parametrize(
    ("wrong", "error", "told"),
    [
        ({"md5": "0" * 32}, BadInput, "its checksum differs"),
        ({"size": 100}, BadInput, "its checksum differs"),
        ({"name": "b.bin"}, Failed, "b.bin cannot be fetched"),
    ],
)
def test_what_is_wrong_leaves_nothing(
    address: str, tmp_path: Path, wrong: dict[str, str], error: type[Exception], told: str
) -> None:
    with pytest.raises(error) as caught:
        list(fetch(known(address, **wrong), tmp_path / "sets"))  # type: ignore[arg-type]
    assert told in str(caught.value)
    assert "that you already have" in str(caught.value)
    assert list((tmp_path / "sets" / "made").iterdir()) == []


def test_a_server_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="cannot be fetched"):
        list(fetch(known("http://127.0.0.1:9"), tmp_path / "sets"))


def test_addresses_and_checksums_are_torchvision_s() -> None:
    of = {one.name: one for one in KNOWN}
    for name, theirs in (("mnist", datasets.MNIST), ("fashion-mnist", datasets.FashionMNIST)):
        assert [(file.name, file.md5) for file in of[name].files] == theirs.resources
        assert all(file.url == theirs.mirrors[0] + file.name for file in of[name].files)
    for name, theirs in (("cifar-10", datasets.CIFAR10), ("cifar-100", datasets.CIFAR100)):
        (file,) = of[name].files
        assert (file.url, file.md5) == (theirs.url, theirs.tgz_md5)
