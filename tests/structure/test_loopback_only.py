"""That no test can reach another machine, and that this one can be reached."""

from __future__ import annotations

import socket
import sys
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest


def connected(method: str, family: socket.AddressFamily, address: tuple[str, int]) -> None:
    with socket.socket(family) as one:
        one.settimeout(0.2)
        getattr(one, method)(address)


def sent(address: tuple[str, int]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"hello", address)


# 192.0.2.0/24 and 2001:db8::/32 are kept for documentation: there is nobody, should a guard be missing.
WAYS: dict[str, Callable[[], object]] = {
    "connect": lambda: connected("connect", socket.AF_INET, ("192.0.2.1", 9)),
    "connect_ex": lambda: connected("connect_ex", socket.AF_INET, ("192.0.2.1", 9)),
    "connect over IPv6": lambda: connected("connect", socket.AF_INET6, ("2001:db8::1", 9)),
    "connect to a name": lambda: connected("connect", socket.AF_INET, ("example.invalid", 9)),
    "sendto": lambda: sent(("192.0.2.1", 9)),
    "getaddrinfo": lambda: socket.getaddrinfo("example.invalid", 80),
    "create_connection": lambda: socket.create_connection(("192.0.2.1", 9), timeout=0.2),
    "urlopen": lambda: urllib.request.urlopen("http://example.invalid", timeout=0.2),
}


@pytest.mark.parametrize("way", WAYS)
def test_another_machine_cannot_be_reached(way: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="only this machine may be reached"):
        WAYS[way]()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_can_be_reached(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection((host, server.getsockname()[1]), timeout=5) as client:
            client.sendall(b"hello")
        connection, _ = server.accept()
        with connection:
            assert connection.recv(5) == b"hello"


@pytest.mark.skipif(sys.platform == "win32", reason="sockets of POSIX")
def test_sockets_that_are_files_can_be_reached() -> None:
    with tempfile.TemporaryDirectory() as place:  # a socket's path may have 100 characters only
        path = str(Path(place) / "s")
        with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
            server.bind(path)
            server.listen()
            client.connect(path)
