"""The form of a collection that is about to be made: what was found, what the person typed, what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication

TARGET = "folder"


@dataclass(slots=True)
class CollectionForm:
    """`fields` are the options that this kind of source takes, in their order; `columns` those of a table.

    `values` and `errors` are by field, the folder to make (`TARGET`) included; an error of "" is of no field.
    `working`: it was sent off, and comes back only with an error.
    """

    source: Path
    kind: str
    images: int
    bytes: int
    fields: tuple[str, ...]
    columns: tuple[str, ...]
    values: dict[str, str] = field(default_factory=dict[str, str])
    errors: dict[str, str] = field(default_factory=dict[str, str])
    working: bool = False


def suggested_folder(source: Path) -> str:
    """Beside the source: "cifar-10-python.tar.gz" becomes cifar-10-python-images."""
    name = source.name.split(".", 1)[0] if source.is_file() else source.name
    return str(source.absolute().with_name(f"{name or source.name}-images"))


def read_form(form: CollectionForm) -> tuple[dict[str, str | int], dict[str, str]]:
    """What was filled in, as the job takes it, and the sentence at each field that is wrong."""
    given: dict[str, str | int] = {}
    errors: dict[str, str] = {}
    for name in (*form.fields, TARGET):
        text = form.values.get(name, "").strip()
        if name in {"side", "tiles"} and (text or name == "tiles"):
            if text.isdecimal():
                given[name] = int(text)
            else:
                errors[name] = QCoreApplication.translate(
                    "Collect", "Give a whole number of pixels, such as 256."
                )
        elif name == TARGET and not text:
            errors[name] = QCoreApplication.translate("Collect", "Name the folder to make.")
        elif text and name != TARGET:
            given[name] = text
    return given, errors


def field_of(code: str, given: dict[str, str], column: object) -> str:
    """The field that an error of this code is about; "" for what no field can mend."""
    if code == "side_out_of_range":
        return "tiles" if given.get("tiles") else "side"
    if code == "table_column_missing":
        return next((name for name, value in given.items() if value == column), "")
    return next((name for prefix, name in _FIELD_OF_CODE if code.startswith(prefix)), "")


_FIELD_OF_CODE = (
    ("names_", "names"),
    ("truth_", "truth"),
    ("table_split", "split_column"),
    ("table_group", "group_column"),
    ("table_columns", "path_column"),
    ("collect_folder_used", TARGET),
    ("disk_full", TARGET),
    ("not_writable", TARGET),
)
