"""The form for what a collection takes, as the window shows it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.collection import TARGET, CollectionForm
from alexnet_studio.studio.views.collection import CollectFieldView, CollectionView


def view_collection(form: CollectionForm | None) -> CollectionView | None:
    """None where nothing is asked."""
    if form is None or form.working:
        return None
    text = QCoreApplication.translate("Collect", "{images} images ({size}) in {name}")
    return CollectionView(
        found=text.format(
            images=wording.count(form.images), size=wording.memory(form.bytes), name=form.source.name
        ),
        source=str(form.source),
        fields=tuple(_field(form, name) for name in (*form.fields, TARGET)),
        error=form.errors.get("", ""),
    )


def _field(form: CollectionForm, name: str) -> CollectFieldView:
    return CollectFieldView(
        name,
        _kind(name),
        form.values.get(name, ""),
        form.errors.get(name, ""),
        _columns(form, name) if name.endswith("_column") else (),
    )


def _kind(name: str) -> str:
    if name in {"names", "truth"}:
        return "file"
    return "column" if name.endswith("_column") else "folder" if name == TARGET else "number"


def _columns(form: CollectionForm, name: str) -> tuple[tuple[str, str], ...]:
    """With what happens where none is chosen. Only groups are never guessed."""
    nothing = (
        QCoreApplication.translate("Collect", "no groups")
        if name == "group_column"
        else QCoreApplication.translate("Collect", "by its usual name")
    )
    return (("", nothing), *((column, column) for column in form.columns))
