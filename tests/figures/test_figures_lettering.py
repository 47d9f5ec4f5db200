"""Letters: what no font has becomes a box, what is too long ends in dots."""

from __future__ import annotations

import pytest

from alexnet_studio.figures.lettering import Lettering, lettering
from alexnet_studio.figures.words import ENGLISH, Words

PLAIN = Lettering(("DejaVu Sans",))  # what a machine without a Chinese font has


def test_what_no_font_has_becomes_a_box() -> None:
    assert PLAIN.drawable("猫 cat é") == "□ cat é"
    assert PLAIN.drawable("two\nlines\t") == "two lines "
    assert PLAIN.can_draw("√ × – é")
    assert not PLAIN.can_draw("卷积核")


def test_words_are_english_where_they_cannot_be_written() -> None:
    chinese = Words(loss="损失", training="训练")
    assert PLAIN.words(chinese) == ENGLISH
    assert PLAIN.words(Words(loss="Verlust")).loss == "Verlust"


@pytest.mark.parametrize("text", ["", "cat", "a class name that goes on " * 8, "i" * 300, "W" * 300])
def test_elided_text_fits_and_loses_no_more_than_it_must(text: str) -> None:
    shown = PLAIN.elided(text, 100, 9)
    assert PLAIN.width(shown, 9) <= 100
    if shown != text:
        assert shown.endswith("…")
        kept = len(shown) - 1
        assert PLAIN.width(text[: kept + 2].rstrip() + "…", 9) > 100


def test_the_installed_families_end_with_the_one_that_matplotlib_brings() -> None:
    found = lettering()
    assert found.families[-1] == "DejaVu Sans"
    assert found.can_draw("Loss ✓ ✗ □ … ²")
