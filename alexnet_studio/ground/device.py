"""Which device computes, and in which precision. torch is imported when a function is called, not before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from alexnet_studio.ground.errors import BadInput

if TYPE_CHECKING:
    import torch

DeviceChoice = Literal["auto", "cpu", "cuda", "mps"]
PrecisionChoice = Literal["auto", "float32", "bfloat16", "float16"]
DeviceKind = Literal["cpu", "cuda", "mps"]
Precision = Literal["float32", "bfloat16", "float16"]


@dataclass(frozen=True, slots=True)
class Device:
    """What `auto` was resolved to: written into the run and kept when it is resumed."""

    kind: DeviceKind
    precision: Precision
    name: str
    threads: int

    def torch(self) -> torch.device:
        import torch

        return torch.device(self.kind)

    def dtype(self) -> torch.dtype:
        import torch

        return {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}[
            self.precision
        ]

    def wait(self) -> None:
        """Until the device has done what it was given: before a clock is read."""
        import torch

        if self.kind == "cuda":
            torch.cuda.synchronize()
        elif self.kind == "mps":
            torch.mps.synchronize()

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


def resolve(device: DeviceChoice = "auto", precision: PrecisionChoice = "auto") -> Device:
    """Raises `BadInput` ("device_missing", "precision_unsupported") for what this machine does not have."""
    import torch

    usable = available()
    if device != "auto" and device not in usable:
        raise BadInput(
            "device_missing",
            "This machine has no {device} device that torch can use. Choose one of: {usable}.",
            device=device,
            usable=", ".join(usable),
        )
    kind: DeviceKind = usable[0] if device == "auto" else device
    if precision == "float16" and kind == "cpu":
        raise BadInput(
            "precision_unsupported",
            "float16 does not train on the CPU. Choose float32 or bfloat16 as the precision.",
        )
    chosen: Precision = _best_precision(kind) if precision == "auto" else precision
    return Device(kind, chosen, _name(kind), torch.get_num_threads())


def _best_precision(kind: DeviceKind) -> Precision:
    import torch

    if kind == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float16"
    if kind == "mps":
        return "float32"
    # Only CPUs with bfloat16 matrix instructions gain from it; on others it is emulated and slower.
    has = torch.cpu.get_capabilities()
    return "bfloat16" if has.get("avx512_bf16") or has.get("amx_bf16") else "float32"


def _name(kind: DeviceKind) -> str:
    import torch

    if kind == "cuda":
        return torch.cuda.get_device_name()
    return {"cpu": "CPU", "mps": "Apple GPU"}[kind]
