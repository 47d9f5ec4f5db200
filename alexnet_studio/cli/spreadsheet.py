"""Cells that a spreadsheet leaves alone."""

from __future__ import annotations


def inert(text: str) -> str:
    """A spreadsheet computes cells that begin like a formula; an apostrophe keeps them text."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
