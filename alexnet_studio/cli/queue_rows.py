"""The rows of a training in another process, as lines with its name before them."""

from __future__ import annotations

import json
from typing import IO

from alexnet_studio.cli import output
from alexnet_studio.cli.row_lines import describe
from alexnet_studio.runs.rows import Started, from_json


def printed(stream: IO[str], name: str, shown: bool) -> None:
    """Reads `stream` to its end, also where nothing is shown: a full pipe would hold the training up."""
    epochs = 0
    for line in stream:
        try:
            row = from_json(json.loads(line))
        except (ValueError, TypeError, AttributeError):
            continue
        if isinstance(row, Started):
            epochs = row.epochs
        text = describe(row, epochs)
        if shown and text is not None:
            output.line(f"{name}: {text}")
