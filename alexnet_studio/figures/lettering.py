"""Which fonts draw the text, and what to draw where they have no glyph for it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from alexnet_studio.figures.words import ENGLISH, Words

# DejaVu comes with matplotlib but has no Chinese glyphs; the others are those that systems bring along.
_FAMILIES = (
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "DejaVu Sans",
)
_NO_GLYPH = "\u25a1"  # an empty box, as a browser draws it; DejaVu has it


@dataclass(frozen=True)
class Lettering:
    """The installed families, in order of preference: each character comes from the first that has it."""

    families: tuple[str, ...]

    def font(self, size: float, *, bold: bool = False) -> FontProperties:
        return FontProperties(family=list(self.families), size=size, weight="bold" if bold else "normal")

    def can_draw(self, text: str) -> bool:
        return all(self._has(character) for character in text)

    def drawable(self, text: str) -> str:
        """`text` on one line, with an empty box for what no font has: matplotlib would warn at each."""
        plain = (" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
        return "".join(c if self._has(c) else _NO_GLYPH for c in plain)

    def words(self, wanted: Words) -> Words:
        """`wanted`, or English where no installed font can write them."""
        return wanted if self.can_draw(wanted.everything()) else ENGLISH

    def elided(self, text: str, width: float, size: float) -> str:
        """`text`, drawable, and shortened with an ellipsis to at most `width` points."""
        text = self.drawable(text)
        if self.width(text, size) <= width:
            return text
        fits, too_long = 0, len(text)
        while too_long - fits > 1:
            middle = (fits + too_long) // 2
            if self.width(text[:middle].rstrip() + "…", size) <= width:
                fits = middle
            else:
                too_long = middle
        return text[:fits].rstrip() + "…"

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """In points."""
        measured: Any = text_to_path.get_text_width_height_descent(
            text, self.font(size, bold=bold), ismath=False
        )
        return float(measured[0])

    def _has(self, character: str) -> bool:
        return any(_font(family).get_char_index(ord(character)) for family in self.families)


def lettering() -> Lettering:
    """What is installed now; at least DejaVu Sans."""
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    return Lettering(tuple(name for name in _FAMILIES if name in known or name == "DejaVu Sans"))


def _font(family: str) -> Any:
    # Opened fonts are kept by matplotlib.
    fonts: Any = font_manager
    return fonts.get_font(fonts.findfont(FontProperties(family=[family])))
