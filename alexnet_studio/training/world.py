"""The processes that train one network together: what they tell each other, and which of them leads."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from enum import IntEnum
from typing import Any, TypeVar, cast

import torch
from torch import Tensor, distributed, nn
from torch.distributed.distributed_c10d import PrefixStore, Store

from alexnet_studio.ground.device import Device
from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.training.torchrun import is_asked_for

_T = TypeVar("_T")
_LONGEST = timedelta(minutes=10)  # between two steps; a process that dies is noticed at once
# What gloo, NCCL and torch's store say when another process has gone. torch has no type for it.
_LOST = ("connection", "peer", "nccl", "gloo", "timed out", "timeout", "broken pipe", "socket")


class Word(IntEnum):
    """What the first process tells the others to do next."""

    LEARN = 1
    CHANGE = 2
    JUDGE = 3
    FINISH_EPOCH = 4
    END = 5


class World:
    """One process alone: nobody to tell anything."""

    rank = 0
    local_rank = 0
    size = 1

    @property
    def leads(self) -> bool:
        """The first process writes the run and decides; the others follow."""
        return self.rank == 0

    def lead(self, word: Word, value: float = 0.0) -> None:
        """Tell the others what comes next; nothing where this process does not lead."""

    def heard(self) -> tuple[Word, float]:
        """What the first process told last."""
        raise NotImplementedError

    def from_first(self, value: _T) -> _T:
        """The first process's `value`, in every process."""
        return value

    def gathered(self, value: _T) -> list[_T]:
        """Every process's `value`, in the order of their ranks."""
        return [value]

    def add_up(self, values: Tensor) -> Tensor:
        """The sum of everybody's `values`, which are on the device."""
        return values

    def joined(self, network: nn.Module, device: Device) -> nn.Module:
        """`network` so that a backward pass gives every process the mean of everybody's gradients."""
        del device
        return network

    def device(self, asked: Device) -> Device:
        """The device of this process, of those that were asked for."""
        return asked

    def is_ready(self, what: str) -> bool:
        """Whether the first process on this machine has done `what`, which one does for all there."""
        del what
        return True

    def ready(self, what: str) -> None:
        """Say so to the others on this machine."""

    def arrived(self, where: str) -> bool:
        """Whether all processes have come to `where`; the first call says that this one has."""
        del where
        return True

    def tells(self) -> bool:
        """Whether this process is the first that has something to complain of: a cause is named once."""
        return True

    @contextmanager
    def watched(self) -> Generator[None]:
        """Raises `Failed` ("process_lost") for what torch raises when another process has gone."""
        yield


ALONE = World()


class Processes(World):
    """Several, as torchrun starts them: gradients through NCCL on CUDA and gloo elsewhere, words through gloo."""

    def __init__(self, store: Store) -> None:
        self.rank = distributed.get_rank()
        self.size = distributed.get_world_size()
        self.local_rank = int(os.environ.get("LOCAL_RANK", self.rank))
        self._store = store
        self._places: set[str] = set()
        group = distributed.new_group(backend="gloo", timeout=_LONGEST)
        self._words = cast("distributed.ProcessGroup", group)

    def lead(self, word: Word, value: float = 0.0) -> None:
        if self.leads:
            self._spread(torch.tensor([float(word), value], dtype=torch.float64))

    def heard(self) -> tuple[Word, float]:
        told = self._spread(torch.zeros(2, dtype=torch.float64))
        return Word(int(told[0])), float(told[1])

    def _spread(self, told: Tensor) -> Tensor:
        with self.watched():
            distributed.broadcast(told, src=0, group=self._words)
        return told

    def from_first(self, value: _T) -> _T:
        held: list[Any] = [value if self.leads else None]
        with self.watched():
            distributed.broadcast_object_list(held, src=0, group=self._words)
        return cast("_T", held[0])

    def gathered(self, value: _T) -> list[_T]:
        held: list[Any] = [None] * self.size
        with self.watched():
            distributed.all_gather_object(held, value, group=self._words)
        return held

    def add_up(self, values: Tensor) -> Tensor:
        with self.watched():
            distributed.all_reduce(values)
        return values

    def joined(self, network: nn.Module, device: Device) -> nn.Module:
        places = [device.torch()] if device.kind == "cuda" else None
        with self.watched():
            return nn.parallel.DistributedDataParallel(
                network, device_ids=places, gradient_as_bucket_view=True
            )

    def device(self, asked: Device) -> Device:
        if asked.kind == "mps" or len(asked.places) > 1:
            raise BadInput(
                "device_of_processes",
                "Several processes train on CPUs or on one CUDA device each, not on {device}. "
                "Leave --device out, or start one process.",
                device=asked.choice,
            )
        if asked.kind == "cpu":
            return asked
        count = torch.cuda.device_count()
        if self.local_rank >= count:
            raise BadInput(
                "too_few_devices",
                "{host} has {count} CUDA devices for its process number {number}. Start at most one process for each.",
                host=socket.gethostname(),
                count=count,
                number=self.local_rank + 1,
            )
        torch.cuda.set_device(self.local_rank)
        return asked.at(f"cuda:{self.local_rank}")

    def is_ready(self, what: str) -> bool:
        with self.watched():
            return self.local_rank == 0 or self._store.check([self._key(what)])

    def ready(self, what: str) -> None:
        with self.watched():
            self._store.set(self._key(what), "1")

    def arrived(self, where: str) -> bool:
        """Through the store: machines may be hours apart in decoding, and a collective gives up before."""
        with self.watched():
            if where not in self._places:
                self._places.add(where)
                self._store.add(where, 1)
            return self._store.add(where, 0) >= self.size

    def tells(self) -> bool:
        try:
            return self._store.add("complaints", 1) == 1
        except RuntimeError:  # the store has gone with its process
            return True

    @contextmanager
    def watched(self) -> Generator[None]:
        try:
            yield
        except RuntimeError as error:
            words = str(error).lower()
            if not any(part in words for part in _LOST):
                raise
            lost = True
        else:
            lost = False
        if lost:  # outside of the handler: its traceback pins tensors
            raise Failed(
                "process_lost",
                "Another process of this training has ended or cannot be reached: what it wrote says why. Start the "
                "same command again with --resume: it goes on from the last checkpoint.",
            )

    def _key(self, what: str) -> str:
        return f"{what} on {socket.gethostname()}"


@contextmanager
def found() -> Generator[World]:
    """The world that this process was started into, until the end of the block.

    Raises `BadInput` ("rendezvous_incomplete") and `Failed` ("rendezvous_failed").
    """
    if not is_asked_for():
        yield ALONE
        return
    missing = [name for name in ("RANK", "MASTER_ADDR", "MASTER_PORT") if name not in os.environ]
    if missing:
        raise BadInput(
            "rendezvous_incomplete",
            "WORLD_SIZE asks for several processes, and {missing} is not set. Start them with torchrun.",
            missing=" and ".join(missing),
        )
    processes = _met()
    try:
        yield processes
    finally:
        distributed.destroy_process_group()


def _met() -> Processes:
    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    try:
        store = _store()
        rank, size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
        distributed.init_process_group(backend, store=store, rank=rank, world_size=size, timeout=_LONGEST)
        return Processes(store)
    except (RuntimeError, ValueError, OSError) as error:
        raise Failed(
            "rendezvous_failed",
            "The processes do not find each other at {address}:{port} ({reason}). Look whether the first machine has "
            "that name, the port is free there, and no firewall stands between them.",
            address=os.environ["MASTER_ADDR"],
            port=os.environ["MASTER_PORT"],
            reason=" ".join(str(error).split())[:200],
        ) from error


def _require_name(host: str) -> None:
    """torch asks ten minutes for a name that nobody knows. Raises `OSError`, and `ValueError` for what is no name."""
    try:
        socket.getaddrinfo(host, None)
    except socket.gaierror as error:
        if error.errno != socket.EAI_AGAIN:  # whoever was to say may answer in a moment
            raise


def _store() -> Store:
    """torch's "env://", by its parts: the store is the first process's, or that of torchrun, which outlives it; each
    start has its own part of it.
    """
    _require_name(os.environ["MASTER_ADDR"])
    is_torchruns = os.environ.get("TORCHELASTIC_USE_AGENT_STORE") == "True"
    # torch has it, and its types do not say so.
    tcp_store: Callable[..., Store] = vars(distributed)["TCPStore"]
    store = tcp_store(
        os.environ["MASTER_ADDR"],
        int(os.environ["MASTER_PORT"]),
        int(os.environ["WORLD_SIZE"]),
        is_master=os.environ["RANK"] == "0" and not is_torchruns,
        timeout=_LONGEST,
        use_libuv=os.name != "nt",  # missing in torch's builds for Windows
    )
    attempt = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
    return PrefixStore(f"/studio/attempt_{attempt}", store)
