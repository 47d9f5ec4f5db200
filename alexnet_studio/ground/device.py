"""Which device computes, and in which precision. torch is imported when a function is called, not before."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast

from alexnet_studio.ground.errors import BadInput

if TYPE_CHECKING:
    import torch

# auto, cpu, mps, cuda, one of several such as cuda:1, or two of a kind, one for each tower: cuda:0,cuda:1.
DeviceChoice = str
CHOICE_PATTERN = r"^(auto|cpu|mps|cuda(:\d{1,2})?|cpu,cpu|cuda:\d{1,2},cuda:\d{1,2})$"
CHOICES = "auto, cpu, cuda, mps, or two for the two towers such as cuda:0,cuda:1"
PrecisionChoice = Literal["auto", "float32", "bfloat16", "float16"]
DeviceKind = Literal["cpu", "cuda", "mps"]
Precision = Literal["float32", "bfloat16", "float16"]


@dataclass(frozen=True, slots=True)
class Device:
    """What `auto` was resolved to: written into the run and kept when it is resumed.

    `places` are torch's names of the devices: one, or one for each tower of the network.
    """

    kind: DeviceKind
    precision: Precision
    name: str
    threads: int
    places: tuple[str, ...]

    @property
    def choice(self) -> str:
        """What was chosen, without `auto`."""
        return ",".join(self.places)

    def at(self, place: str) -> Device:
        """The same on another device of the kind."""
        return replace(self, places=(place,))

    def torch(self) -> torch.device:
        """Where images go and answers come from: the first one."""
        return self.each()[0]

    def each(self) -> tuple[torch.device, ...]:
        import torch

        return tuple(torch.device(place) for place in self.places)

    def dtype(self) -> torch.dtype:
        import torch

        return {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}[
            self.precision
        ]

    def wait(self) -> None:
        """Until the device has done what it was given: before a clock is read."""
        import torch

        if self.kind == "cuda":
            for place in self.each():
                torch.cuda.synchronize(place)
        elif self.kind == "mps":
            torch.mps.synchronize()

    def is_idle(self) -> bool:
        """Whether it has nothing left to do. False where torch cannot tell (MPS)."""
        import torch

        if self.kind == "cuda":
            return all(torch.cuda.current_stream(place).query() for place in self.each())
        return self.kind == "cpu"

    def memory_mb(self) -> float:
        """MiB: the most that all its CUDA devices together have held for this process; on others what it holds now."""
        import psutil
        import torch

        if self.kind == "cuda":
            held = sum(torch.cuda.max_memory_allocated(place) for place in self.each())
        elif self.kind == "mps":
            held = torch.mps.driver_allocated_memory()
        else:
            held = psutil.Process().memory_info().rss
        return held / 2**20

    def autocast(self) -> torch.autocast:
        """Mixed precision around the forward pass; a no-op in float32."""
        import torch

        return torch.autocast(self.kind, dtype=self.dtype(), enabled=self.precision != "float32")


def available() -> tuple[DeviceKind, ...]:
    """The devices this torch can use, best first; the CPU is always last."""
    import torch

    found: list[DeviceKind] = []
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    return (*found, "cpu")


def offered() -> tuple[DeviceChoice, ...]:
    """What a person may choose here: of several GPUs each, and the first two for the two towers."""
    import torch

    kinds: tuple[DeviceChoice, ...] = available()
    count = torch.cuda.device_count() if "cuda" in kinds else 0
    if count < 2:
        return kinds
    return (*(f"cuda:{number}" for number in range(count)), "cuda:0,cuda:1", *kinds[1:])


def resolve(device: DeviceChoice = "auto", precision: PrecisionChoice = "auto") -> Device:
    """Raises `BadInput` ("device_unknown", "device_missing", "precision_unsupported") for what this machine has not."""
    import torch

    if not re.match(CHOICE_PATTERN, device):
        raise BadInput(
            "device_unknown",
            "There is no device called {device}. Choose {choices}.",
            device=device,
            choices=CHOICES,
        )
    usable = available()
    places = (usable[0],) if device == "auto" else tuple(device.split(","))
    kind = kind_of(places[0])
    for place in places:
        _require(place, kind, usable)
    if precision == "float16" and kind == "cpu":
        raise BadInput(
            "precision_unsupported",
            "float16 does not train on the CPU. Choose float32 or bfloat16 as the precision.",
        )
    chosen: Precision = _best_precision(kind) if precision == "auto" else precision
    name = " + ".join(_name(kind, place) for place in places)
    return Device(kind, chosen, name, torch.get_num_threads(), places)


def kind_of(choice: str) -> DeviceKind:
    """Of one that is no longer `auto`: "cuda" of "cuda:0,cuda:1"."""
    return cast("DeviceKind", choice.split(",")[0].split(":")[0])


def _require(place: str, kind: DeviceKind, usable: tuple[DeviceKind, ...]) -> None:
    import torch

    if kind not in usable:
        raise BadInput(
            "device_missing",
            "This machine has no {device} device that torch can use. Choose one of: {usable}.",
            device=kind,
            usable=", ".join(usable),
        )
    number = place.partition(":")[2]
    if number and int(number) >= torch.cuda.device_count():
        count = torch.cuda.device_count()
        raise BadInput(
            "device_missing",
            "This machine has no {device}: torch can use {count} here. Choose one of: {usable}.",
            device=place,
            count="one CUDA device" if count == 1 else f"{count} CUDA devices",
            usable=", ".join(f"cuda:{index}" for index in range(count)),
        )


def _best_precision(kind: DeviceKind) -> Precision:
    import torch

    if kind == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float16"
    if kind == "mps":
        return "float32"
    # Only CPUs with bfloat16 matrix instructions gain from it; on others it is emulated and slower.
    has = torch.cpu.get_capabilities()
    return "bfloat16" if has.get("avx512_bf16") or has.get("amx_bf16") else "float32"


def _name(kind: DeviceKind, place: str) -> str:
    import torch

    if kind == "cuda":
        return torch.cuda.get_device_name(place)
    return {"cpu": "CPU", "mps": "Apple GPU"}[kind]
