"""Pieces of a Python program as text: quoted words, wrapped lists, and the imports that it needs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

WIDTH = 100
TUPLE = "for layer in ("  # formatters give each member of a tuple a line of its own, arguments one together

# How a name is used, and the import that gives it, in the order that import sorters want.
_STANDARD = (
    (r"argparse\.", "import argparse"),
    (r"csv\.", "import csv"),
    (r"hashlib\.", "import hashlib"),
    (r"math\.", "import math"),
    (r"os\.", "import os"),
    (r"re\.", "import re"),
)
_STANDARD_MEMBERS = (
    ("collections", ((r"Counter\b", "Counter"),)),
    ("collections.abc", ((r"Callable\b", "Callable"), (r"Iterator\b", "Iterator"))),
    ("pathlib", ((r"Path\b", "Path"),)),
)
_MODULES = ((r"np\.", "import numpy as np"), (r"torch\.", "import torch"))
_MEMBERS = (
    ("PIL", ((r"Image\.", "Image"), (r"ImageOps\.", "ImageOps"))),
    ("torch", ((r"Tensor\b", "Tensor"), (r"nn\.", "nn"))),
    ("torch.nn", ((r"F\.", "functional as F"),)),
    (
        "torch.utils.data",
        (
            (r"DataLoader\b", "DataLoader"),
            (r"Dataset\b", "Dataset"),
            (r"RandomSampler\b", "RandomSampler"),
            (r"Sampler\b", "Sampler"),
            (r"SequentialSampler\b", "SequentialSampler"),
            (r"Subset\b", "Subset"),
            (r"WeightedRandomSampler\b", "WeightedRandomSampler"),
        ),
    ),
    ("torchvision", ((r"datasets\.", "datasets"), (r"transforms\.", "transforms"))),
)


def docstring(paragraphs: Sequence[str]) -> str:
    """Words of any origin as a docstring: whatever they hold, they stay words, and one line each up to 100."""
    lines: list[str] = []
    for paragraph in paragraphs:
        wrapped = list(_wrapped(paragraph))
        lines += [*([""] if lines and wrapped else []), *wrapped]
    return '"""' + "\n".join(lines or ["A network."]) + '\n"""\n'


def called(before: str, inside: Sequence[str], after: str, comment: str = "") -> list[str]:
    """`before` and `after` hold the brackets; wrapped where a line would be too long, as formatters do it."""
    indent = before[: len(before) - len(before.lstrip())]
    flat = ", ".join(inside)
    noted = f"  # {comment}" if comment else ""
    if len(before + flat + after + noted) <= WIDTH:
        return [before + flat + after + noted]
    above = [f"{indent}# {comment}"] if comment else []
    if len(before + flat + after) <= WIDTH:
        return [*above, before + flat + after]
    if before.lstrip() != TUPLE and len(indent + flat) + 4 <= WIDTH:
        return [*above, before, f"{indent}    {flat}", indent + after]
    return [*above, before, *(f"{indent}    {one}," for one in inside), indent + after]


def imports(code: str) -> str:
    """Of a program that takes nothing but torch, torchvision (with its numpy and Pillow) and Python's own."""
    standard = [*_modules(code, _STANDARD), *_members(code, _STANDARD_MEMBERS)]
    others = [*_modules(code, _MODULES), *_members(code, _MEMBERS)]
    return "\n\n".join("\n".join(block) for block in (standard, others) if block) + "\n"


def quoted(text: str) -> str:
    """`text` as a literal, in the quotes that formatters take."""
    literal = repr(text)
    inside = literal[1:-1].replace("\\'", "'") if literal[0] == "'" else literal[1:-1]
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + inside.replace(quote, f"\\{quote}") + quote


def _modules(code: str, known: Sequence[tuple[str, str]]) -> list[str]:
    return [line for use, line in known if _uses(code, use)]


def _members(code: str, known: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> Iterator[str]:
    for module, members in known:
        used = _modules(code, members)
        line = f"from {module} import {', '.join(used)}"
        if len(line) > WIDTH:
            line = "\n    ".join([f"from {module} import (", *(f"{name}," for name in used)]) + "\n)"
        if used:
            yield line


def _uses(code: str, pattern: str) -> bool:
    """A layer may have the name, too: as an attribute, after a dot."""
    return re.search(rf"(?<![\w.]){pattern}", code) is not None


def _wrapped(words: str) -> Iterator[str]:
    line: list[str] = []
    room = WIDTH - 4  # the quotes stand on the first line
    for word in words.split():
        pieces = [_escaped(character) for character in word]
        if line and _columns(line) + 1 + _columns(pieces) > room:
            yield "".join(line)
            line = []
        line += [" "] if line else []
        for piece in pieces:
            if _columns(line) + _columns([piece]) > room:
                yield "".join(line)
                line = []
            line.append(piece)
    if line:
        yield "".join(line)


def _escaped(character: str) -> str:
    if character in {'"', "\\"}:
        return f"\\{character}"
    # Control characters, lone surrogates, and those that turn the direction of reading.
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")


def _columns(pieces: Sequence[str]) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for piece in pieces for one in piece)
