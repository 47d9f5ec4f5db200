"""Sockets that reach this machine only, so that no test can need a network or tell one anything."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest

_METHODS = ("connect", "connect_ex", "sendto")  # the address comes last in each


def block_others(patch: pytest.MonkeyPatch) -> None:
    """Connecting, sending and asking for an address fail for every other machine, until `patch` is undone.

    Torch's stores and Qt's sockets stay on this one; sockets of other families have no network behind them. A child
    process that a test starts is its own master.
    """
    for name in _METHODS:
        patch.setattr(socket.socket, name, _guarded_method(getattr(socket.socket, name)))
    look_up = socket.getaddrinfo

    def guarded(host: Any, *arguments: Any, **named: Any) -> Any:
        _require_this_machine(host)
        return look_up(host, *arguments, **named)

    patch.setattr(socket, "getaddrinfo", guarded)


def _guarded_method(original: Any) -> Any:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            _require_this_machine(arguments[-1][0])
        return original(self, *arguments)

    return guarded


def _require_this_machine(host: str | bytes | None) -> None:
    """Fails the test, past every `except Exception`, where `host` is another machine or a name to be asked for."""
    name = host.decode() if isinstance(host, bytes) else host or "localhost"
    if name != "localhost" and not _is_here(name):
        pytest.fail(f"a test tried to reach {name}: only this machine may be reached")


def _is_here(name: str) -> bool:
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
