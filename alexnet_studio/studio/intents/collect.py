"""A well-known set of images, or a table of paths and labels, as a folder that is then opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio import wording
from alexnet_studio.studio.collection import TARGET, CollectionForm, field_of, read_form, suggested_folder
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import collect as collect_jobs
from alexnet_studio.studio.jobs.collect import Found, Made
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.state.window import Notice


class CollectIntents:
    """What is there is looked at and told in a form, which asks for what this kind of source takes.

    `open_folder` shows a folder that was made, with a sentence.
    """

    def __init__(self, desk: Desk, open_folder: Callable[[Path, str], None]) -> None:
        self._desk = desk
        self._open_folder = open_folder
        self._found: Found | None = None
        self._made: Made | None = None

    @property
    def actions(self) -> Actions:
        dialogs = self._desk.dialogs
        return {
            "collect_file": lambda: dialogs.choose_collection_file(self._desk.after(self.look)),
            "collect_folder": lambda: dialogs.choose_collection_folder(self._desk.after(self.look)),
        }

    @property
    def listeners(self) -> Listeners:
        return {
            JobKind.COLLECT: Listener(self._on_told, self._on_finished),
            JobKind.FETCH: Listener(self._on_told, self._on_fetched),
        }

    def fetch(self, name: str) -> None:
        """From the network: the one thing that uses it, on a click that has seen what it asks for."""
        self._found = self._made = None
        self._desk.start(JobKind.FETCH, lambda: collect_jobs.fetch(name))

    def look(self, source: Path) -> None:
        self._found = self._made = None
        self._desk.start(JobKind.COLLECT, lambda: collect_jobs.look(source))

    def edit(self, name: str, text: str) -> None:
        form = self._desk.state.collection
        if form is not None:
            form.values[name] = text
            form.errors.pop(name, None)

    def browse(self, name: str) -> None:
        dialogs = self._desk.dialogs
        ask = dialogs.choose_empty_folder if name == TARGET else dialogs.choose_named_file
        title = QCoreApplication.translate("Collect", "Collect images")
        ask(title, self._desk.after(lambda path: self.edit(name, str(path))))

    def give_up(self) -> None:
        self._desk.state.collection = None

    def collect(self) -> None:
        """As the form says; what is wrong is told at its field."""
        form = self._desk.state.collection
        if form is None:
            return
        given, form.errors = read_form(form)
        if form.errors:
            return
        form.working = True
        self._found = self._made = None
        target = Path(form.values[TARGET].strip()).expanduser()
        self._desk.start(JobKind.COLLECT, lambda: collect_jobs.collect(form.source, target, given))

    def _on_told(self, event: object) -> None:
        match event:
            case Progress():
                kind = JobKind.FETCH if event.what == "fetch" else JobKind.COLLECT
                self._desk.state.progress[kind] = event
            case Found():
                self._found = event
            case Made():
                self._made = event
            case _:
                pass

    def _on_finished(self, finished: Finished) -> None:
        form, self._desk.state.collection = self._desk.state.collection, None
        if finished.error is not None and form is not None and form.working:
            self._ask_again(form, finished.error)
        elif finished.error is not None:
            self._desk.tell(finished.error)
        elif self._made is not None:
            self._show(self._made)
        elif finished.cancelled:
            self._desk.state.notice = Notice(
                QCoreApplication.translate(
                    "Collect", "Collecting was stopped. Collect into the same folder again to go on."
                )
            )
        elif self._found is not None:
            self._ask(self._found)

    def _on_fetched(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
        elif self._found is not None:
            self._ask(self._found)

    def _ask(self, found: Found) -> None:
        self._desk.state.collection = CollectionForm(
            found.source,
            found.kind,
            found.images,
            found.bytes,
            found.fields,
            found.columns,
            {TARGET: suggested_folder(found.source)},
        )

    def _ask_again(self, form: CollectionForm, error: StudioError) -> None:
        name = field_of(error.code, form.values, error.fields.get("column"))
        shown = name if name in (*form.fields, TARGET) else ""
        form.errors, form.working = {shown: wording.sentence(error)}, False
        self._desk.state.collection = form

    def _show(self, made: Made) -> None:
        """A run that is being trained stays on the screen: the folder is opened when the person wants it."""
        run = self._desk.state.run
        if run is not None and run.live:
            self._desk.state.notice = Notice(_sentence(made))
        else:
            self._open_folder(made.folder, _sentence(made))


def _sentence(made: Made) -> str:
    text = QCoreApplication.translate("Collect", "{images} images in {classes} classes are in {folder}.")
    said = [
        text.format(
            images=wording.count(made.images), classes=wording.count(made.classes), folder=made.folder
        ),
        *made.notes,
    ]
    if made.left_out is not None:
        count, path, reason = made.left_out
        text = QCoreApplication.translate(
            "Collect", "{count} left out, the first of them: {path} ({reason})."
        )
        said.append(text.format(count=wording.count(count), path=path, reason=reason))
    return " ".join(said)
