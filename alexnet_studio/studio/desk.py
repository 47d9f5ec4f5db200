"""What every group of intents works with: the state, the jobs, and the ways to ask the person something."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, Protocol, runtime_checkable

from alexnet_studio.ground.errors import BadInput, StudioError
from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.runner import Finished, JobKind, Jobs, Work
from alexnet_studio.studio.state.window import Notice, State
from alexnet_studio.studio.views.parts import Pixels

P = ParamSpec("P")


class Dialogs(Protocol):
    """Questions that block nothing: the answer comes later, to `picked`, or never."""

    def choose_folder(self, picked: Callable[[Path], None]) -> None: ...

    def choose_run(self, picked: Callable[[Path], None]) -> None: ...

    def choose_images(self, picked: Callable[[tuple[str, ...]], None]) -> None: ...

    def choose_new_images(self, picked: Callable[[Path], None]) -> None: ...

    def choose_network(self, picked: Callable[[Path], None]) -> None: ...

    def choose_weights(self, picked: Callable[[Path], None]) -> None: ...

    def choose_collection_file(self, picked: Callable[[Path], None]) -> None: ...

    def choose_collection_folder(self, picked: Callable[[Path], None]) -> None: ...

    def choose_named_file(self, title: str, picked: Callable[[Path], None]) -> None: ...

    def choose_empty_folder(self, title: str, picked: Callable[[Path], None]) -> None: ...

    def choose_target(self, suggestion: str, picked: Callable[[Path], None]) -> None: ...

    def choose_runs_folder(self, picked: Callable[[Path], None]) -> None: ...

    def ask_text(self, title: str, label: str, text: str, picked: Callable[[str], None]) -> None: ...

    def ask_choice(
        self, title: str, label: str, choices: tuple[str, ...], picked: Callable[[str], None]
    ) -> None: ...

    def confirm_order_to_stop(self, run: str, stop: Callable[[], None]) -> None: ...

    def show_files(self, folder: Path) -> None: ...

    def pasted_images(self) -> tuple[str, ...]: ...


@dataclass(slots=True)
class Desk:
    """`send_thumbnail` goes past the view: pictures come by the hundred and change nothing else.

    `settle` runs an intent and shows what came of it, an error as a notice.
    """

    state: State
    jobs: Jobs
    dialogs: Dialogs
    send_thumbnail: Callable[[str, Pixels], None]
    settle: Callable[[Callable[[], None]], None]

    def after(self, intent: Callable[P, None]) -> Callable[P, None]:
        """`intent` as a slot: whatever calls it, the window shows what came of it."""

        def run(*arguments: P.args, **keywords: P.kwargs) -> None:
            self.settle(lambda: intent(*arguments, **keywords))

        return run

    def start(self, kind: JobKind, make: Callable[[], Work]) -> None:
        self.state.progress[kind] = None
        self.jobs.start(kind, make)

    def cancel(self, kind: JobKind) -> None:
        self.jobs.cancel(kind)

    def require_idle(self) -> None:
        """Raises `BadInput` ("training_runs"): what is being trained is not thrown off the screen by a slip."""
        if self.state.run is not None and self.state.run.live:
            raise BadInput(
                "training_runs",
                "The run {run} is being trained. Stop it first; what it learned is saved.",
                run=self.state.run.path.name,
            )

    def require_weights(self) -> Path:
        """The run on the screen that has some. Raises `BadInput` ("no_weights")."""
        run = self.state.run
        if run is None or not run.has_checkpoint:
            raise BadInput("no_weights", "There are no weights yet. Train the network, or open a run.")
        return run.path

    def tell(self, error: StudioError) -> None:
        self.state.notice = Notice(wording.sentence(error), is_error=True)


@dataclass(frozen=True, slots=True)
class Listener:
    """What a group of intents does with a job's events and with its end."""

    told: Callable[[object], None]
    finished: Callable[[Finished], None]


Listeners = Mapping[JobKind, Listener]
Actions = Mapping[str, Callable[[], None]]


@runtime_checkable
class Acting(Protocol):
    """A group of intents that answers to actions."""

    @property
    def actions(self) -> Actions: ...


@runtime_checkable
class Listening(Protocol):
    """A group of intents that listens to jobs."""

    @property
    def listeners(self) -> Listeners: ...


Group = Acting | Listening
