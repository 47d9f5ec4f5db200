"""What the Data panel shows."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.dataset import Dataset, class_of, shown, skipped_problems, skipped_with
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.state.labels import LabelState
from alexnet_studio.studio.state.setup import Setup
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.data import ClassRow, DataView, LabelEditing
from alexnet_studio.studio.views.parts import ActionView, EmptyView


def view_data(state: State) -> DataView:
    dataset, labels = state.dataset, state.labels
    if dataset is None:
        return DataView(empty=_empty(), selection=state.selection)
    kept = labels.filter
    paths = shown(dataset, state.selection.label, kept, labels.words)
    classes, splits = _split(dataset, state.setup)
    return DataView(
        title=_title(dataset),
        root=dataset.root,
        notes=_notes(dataset),
        classes=classes,
        splits=splits,
        images=paths,
        captions=_captions(dataset, labels),
        found=_found(dataset, paths),
        skipped=skipped_with(dataset, labels.problem),
        skipped_total=len(dataset.skipped),
        skipped_filters=_problems(dataset),
        skipped_filter=labels.problem,
        selection=state.selection,
        filters=_filters(dataset),
        filter=kept,
        words=labels.words,
        editing=editing(state),
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


def _split(dataset: Dataset, setup: Setup | None) -> tuple[tuple[ClassRow, ...], tuple[str, ...]]:
    """The counts of each class; of a folder without a val/, as the recipe draws it, once that is known."""
    drawn = () if setup is None or setup.estimate is None else setup.estimate.drawn
    if "val" in dataset.splits or len(drawn) != len(dataset.classes):
        return dataset.classes, dataset.splits
    rows = tuple(replace(row, train=drawn[row.label][0], val=drawn[row.label][1]) for row in dataset.classes)
    return rows, ("train", "val", *(split for split in dataset.splits if split == "test"))


def _found(dataset: Dataset, paths: tuple[str, ...]) -> str:
    if len(paths) == dataset.images:
        return ""
    text = QCoreApplication.translate("Data", "{shown} of {all} images")
    return text.format(shown=wording.count(len(paths)), all=wording.count(dataset.images))


def _filters(dataset: Dataset) -> tuple[tuple[str, str], ...]:
    """Only those that have something to show, and the way to the same images before they are looked for."""
    texts = {
        "train": QCoreApplication.translate("Data", "to train with"),
        "val": QCoreApplication.translate("Data", "to validate with"),
        "test": QCoreApplication.translate("Data", "to test with"),
    }
    found = [("", QCoreApplication.translate("Data", "all images"))]
    if len(dataset.splits) > 1:
        found += [(split, texts[split]) for split in dataset.splits]
    if dataset.alike is not None:
        text = QCoreApplication.translate("Data", "same images ({n})")
        found.append(("alike", text.format(n=wording.count(len(dataset.alike)))))
    if dataset.changed:
        text = QCoreApplication.translate("Data", "relabelled ({n})")
        found.append(("changed", text.format(n=wording.count(len(dataset.changed)))))
    left_out = len(dataset.labelled) - dataset.images
    if left_out:
        text = QCoreApplication.translate("Data", "left out ({n})")
        found.append(("left_out", text.format(n=wording.count(left_out))))
    return tuple(found)


def _problems(dataset: Dataset) -> tuple[tuple[str, str], ...]:
    """The problems that files were left out for, with how many have each."""
    texts = {
        "early": QCoreApplication.translate("Data", "ends early"),
        "damaged": QCoreApplication.translate("Data", "damaged"),
        "empty": QCoreApplication.translate("Data", "empty"),
        "no_image": QCoreApplication.translate("Data", "not an image"),
        "type": QCoreApplication.translate("Data", "a type that is not read"),
        "place": QCoreApplication.translate("Data", "in no class folder"),
        "size": QCoreApplication.translate("Data", "too large"),
        "link": QCoreApplication.translate("Data", "links and no regular files"),
        "access": QCoreApplication.translate("Data", "cannot be opened"),
        "name": QCoreApplication.translate("Data", "unusable name"),
    }
    text = QCoreApplication.translate("Data", "{problem} ({n})")
    everything = QCoreApplication.translate("Data", "all problems")
    found = [("", text.format(problem=everything, n=wording.count(len(dataset.skipped))))]
    for problem, count in skipped_problems(dataset):
        found.append((problem, text.format(problem=texts[problem], n=wording.count(count))))
    return tuple(found)


def _captions(dataset: Dataset, labels: LabelState) -> dict[str, str]:
    """What a person changed, and to which group of the same images one belongs."""
    captions: dict[str, str] = {}
    if labels.filter == "alike" and dataset.alike:
        for number, group in enumerate(dataset.alike, 1):
            captions |= {path: f"{number} · {path.rpartition('/')[2]}" for path in group}
    if labels.now is not None:
        captions |= {path: f"→ {name}" for path, name in labels.now.labels if name}
    return captions


def editing(state: State) -> LabelEditing:
    """What can be done about the selected image and the labels; also for the menu."""
    dataset, labels, path = state.dataset, state.labels, state.selection.image
    if dataset is None or dataset.scanned is None:
        return LabelEditing()
    own = dict(labels.now.labels) if labels.now is not None else {}
    live = state.run is not None and state.run.live
    why = QCoreApplication.translate("Data", "Not while it is being trained.") if live else ""
    label = None if path is None else class_of(dataset, path)
    may = label is not None and not live
    return LabelEditing(
        labels=tuple((row.name, row.name) for row in dataset.classes) if label is not None else (),
        label=label or "",
        leave_out=ActionView(may and label != "", tip=why),
        take_back=ActionView(may and path in own, tip=why),
        undo=ActionView(bool(labels.past) and not live, tip=why),
        redo=ActionView(bool(labels.future) and not live, tip=why),
        check=ActionView(
            not state.working(JobKind.LOOK),
            tip=QCoreApplication.translate(
                "Data", "Decode every image: which cannot be read, and which are the same or nearly so."
            ),
        ),
        export=ActionView(bool(labels.now)),
    )
