"""Whether a window can be opened here, found out without Qt, which would abort the process instead of saying so."""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass

# The shared libraries that the Qt wheels do not bring, and the Debian package of each.
_WIDGETS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
}
_X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
_WITHOUT_SCREEN = {"offscreen", "minimal"}


@dataclass(frozen=True, slots=True)
class Display:
    """`kind` is "none", "offscreen", "x11", "wayland" or "native"; `missing` are the packages that Qt would need."""

    kind: str
    missing: tuple[str, ...]

    @property
    def seen(self) -> bool:
        """A person can see a window here."""
        return self.kind not in {"none", "offscreen"}

    @property
    def problem(self) -> str:
        """One sentence that says why no window opens, or nothing."""
        if self.missing:
            return f"Qt needs these system packages: install them with `apt-get install {' '.join(self.missing)}`."
        if self.kind == "none":
            return (
                "There is no display. Use the commands (`alexnet-studio --help`), "
                "or `alexnet-studio demo` in the terminal."
            )
        return ""


def display() -> Display:
    """The display of this process, from its environment and from what the loader finds."""
    platform = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0]
    if platform in _WITHOUT_SCREEN:
        kind = "offscreen"
    elif not sys.platform.startswith("linux"):
        kind = "native"
    elif os.environ.get("WAYLAND_DISPLAY") and platform != "xcb":
        kind = "wayland"
    elif os.environ.get("DISPLAY"):
        kind = "x11"
    else:
        kind = "none"
    return Display(kind, missing_packages(x11=kind == "x11") if sys.platform.startswith("linux") else ())


def missing_packages(*, x11: bool) -> tuple[str, ...]:
    """The Debian packages of the shared libraries that Qt needs and the loader does not find (Linux)."""
    wanted = {**_WIDGETS, **(_X11 if x11 else {})}
    return tuple(package for library, package in wanted.items() if not _loads(library))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
