"""Work on a person's corrections: applying them, looking at every image, writing a corrected folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.studio.dataset import Dataset, of_folder
from alexnet_studio.studio.jobs.export import Exported
from alexnet_studio.studio.jobs.runner import Work

if TYPE_CHECKING:
    from alexnet_studio.images.corrections import Corrections
    from alexnet_studio.images.folder import ImageFolder


@dataclass(frozen=True, slots=True)
class Corrected:
    dataset: Dataset


def correct(scanned: ImageFolder, made: Corrections, *, looked: bool) -> Work:
    """Keep the corrections in the person's settings, and show the folder with them."""
    from alexnet_studio.images import corrections

    yield None
    dataset = of_folder(scanned, made, looked=looked)  # what cannot be is refused before it is kept
    corrections.write(corrections.place_of(scanned.root), made)
    yield Corrected(dataset)


def look(root: Path, made: Corrections | None) -> Work:
    """Decode every image of the folder."""
    from alexnet_studio.images import folder

    for event in folder.scan(root, verify=True):
        if isinstance(event, folder.ImageFolder):
            yield Corrected(of_folder(event, made, looked=True))
        else:
            yield event


def save_table(made: Corrections, target: Path) -> Work:
    from alexnet_studio.images import corrections

    yield None
    corrections.write(target, made)
    yield Exported(target)


def save_links(folder: ImageFolder, target: Path) -> Work:
    from alexnet_studio.images import corrections

    for event in corrections.as_links(folder, target):
        if isinstance(event, corrections.Linked):
            yield Exported(event.folder)
        else:
            yield event
