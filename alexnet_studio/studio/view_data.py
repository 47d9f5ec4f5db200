"""What the Data panel shows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.dataset import Dataset
from alexnet_studio.studio.state import State
from alexnet_studio.studio.views import DataView, EmptyView, Thumbnail


def view_data(state: State) -> DataView:
    dataset = state.dataset
    if dataset is None:
        return DataView(empty=_empty(), selection=state.selection)
    return DataView(
        title=_title(dataset),
        root=dataset.root,
        notes=_notes(dataset),
        classes=dataset.classes,
        splits=dataset.splits,
        images=tuple(
            Thumbnail(path, path.rsplit("/", 1)[-1], state.picture(path)) for path in _paths(dataset, state)
        ),
        skipped=dataset.skipped,
        selection=state.selection,
    )


def _empty() -> EmptyView:
    return EmptyView(
        QCoreApplication.translate(
            "Data", "The classes of your images, how many there are of each, and what was left out."
        ),
        QCoreApplication.translate("Data", "Open folder…"),
        "open_folder",
    )


def _title(dataset: Dataset) -> str:
    text = QCoreApplication.translate("Data", "{name} · {images} images · {classes} classes")
    return text.format(
        name=dataset.name, images=wording.count(dataset.images), classes=wording.count(len(dataset.classes))
    )


def _notes(dataset: Dataset) -> tuple[str, ...]:
    if dataset.folder is not None:
        return dataset.notes
    remembered = QCoreApplication.translate(
        "Data", "Shown from the run’s own record: its image folder is not open."
    )
    return (remembered, *dataset.notes)


def _paths(dataset: Dataset, state: State) -> tuple[str, ...]:
    label = state.selection.label
    if label is None or not 0 <= label < len(dataset.samples):
        return dataset.overview
    return dataset.samples[label]
