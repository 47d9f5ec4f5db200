"""`doctor`: what this installation has, can use, and lacks."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, cast

from cyclopts import Parameter

from alexnet_studio import __version__
from alexnet_studio.cli import output
from alexnet_studio.ground import device as devices
from alexnet_studio.ground import places
from alexnet_studio.ground.display import display

_PACKAGES = (
    "torch",
    "numpy",
    "pillow",
    "PySide6-Essentials",
    "pyqtgraph",
    "matplotlib",
    "scikit-learn",
    "pydantic",
    "cyclopts",
)
_NVIDIA = "0x10de"
_DISPLAY_CONTROLLER = "0x03"


def doctor(
    *,
    semantics: Annotated[
        bool,
        Parameter(negative="", help="check instead that torch computes what the paper and its code mean"),
    ] = False,
    json: output.JsonFlag = False,
) -> int:
    """Show versions, devices, the display and the places where things are kept."""
    if semantics:
        return _semantics(json=json)
    report = examine()
    if json:
        output.document(report)
        return 0
    for heading in ("versions", "devices", "display", "places"):
        output.line(heading)
        for name, value in report[heading].items():
            output.line(f"  {name:<20} {_shown(value)}")
    for sentence in report["advice"]:
        output.line(f"! {sentence}")
    return 0


def _semantics(*, json: bool) -> int:
    from alexnet_studio.training.semantics import deviations

    rows = deviations()
    if json:
        output.document([{**asdict(row), "ok": row.ok} for row in rows])
    else:
        output.table(
            ("check", "after", "largest deviation", "allowed", ""),
            [
                (
                    row.check,
                    row.source,
                    f"{row.deviation:.1e}",
                    f"{row.tolerance:.0e}",
                    "ok" if row.ok else "NOT OK",
                )
                for row in rows
            ],
        )
    return 0 if all(row.ok for row in rows) else 1


def examine() -> dict[str, Any]:
    """What `doctor --json` prints."""
    screen = display()
    usable = devices.available()
    chosen = devices.resolve()
    return {
        "versions": {
            "alexnet-studio": __version__,
            "python": platform.python_version(),
            "system": platform.platform(),
            **{name: _version(name) for name in _PACKAGES},
        },
        "devices": {
            "usable": list(usable),
            "auto": chosen.kind,
            "name": chosen.name,
            "precision": chosen.precision,
            "threads": chosen.threads,
            "cores": os.cpu_count(),
        },
        "display": {"kind": screen.kind, "missing": list(screen.missing)},
        "places": {
            "samples": str(places.samples()),
            "runs": str(places.runs()),
            "cache": str(places.cache()),
            "resources": str(places.resources()),
        },
        "advice": [sentence for sentence in (_unused_gpu(usable), screen.problem) if sentence],
    }


def _shown(value: object) -> str:
    words = (
        [str(word) for word in cast("list[object]", value)] if isinstance(value, list) else [str(value or "")]
    )
    return ", ".join(words) or "—"


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _unused_gpu(usable: tuple[str, ...]) -> str:
    """The sentence for a machine with an NVIDIA card that this torch cannot use."""
    if "cuda" in usable or sys.platform == "darwin" or not _has_nvidia():
        return ""
    import torch

    built = torch.version.cuda
    why = (
        "it is a CPU build: install torch with CUDA (see the README)"
        if built is None
        else f"its CUDA {built} needs a newer NVIDIA driver"
    )
    return f"There is an NVIDIA GPU that this torch {torch.__version__} cannot use: {why}."


def _has_nvidia() -> bool:
    if shutil.which("nvidia-smi") or Path("/dev/nvidia0").exists():
        return True
    return any(_is_nvidia(card) for card in Path("/sys/bus/pci/devices").glob("*"))


def _is_nvidia(card: Path) -> bool:
    try:
        vendor = (card / "vendor").read_text(encoding="utf-8").strip()
        return vendor == _NVIDIA and (card / "class").read_text(encoding="utf-8").startswith(
            _DISPLAY_CONTROLLER
        )
    except OSError:
        return False
