"""Which kind of source a file or a folder is."""

from __future__ import annotations

from pathlib import Path

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import cifar_archive, idx_files, imagenet, labelled_table
from alexnet_studio.images.collect_options import Options
from alexnet_studio.images.source import Source


def known_source(source: Path, options: Options) -> Source | None:
    """None where it is none that tells itself by its files. Raises `BadInput` ("source_missing"), and `OSError`."""
    if not source.exists():
        raise BadInput(
            "source_missing", "{path} does not exist. Check its name, or choose another.", path=str(source)
        )
    return (
        idx_files.find(source)
        or cifar_archive.find(source)
        or imagenet.find(source, options.names, options.truth)
        or labelled_table.find(source, options)
    )
