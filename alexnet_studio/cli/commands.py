"""Running one command."""

from __future__ import annotations

import difflib
from pathlib import Path

from cyclopts import App, CycloptsError

from alexnet_studio import __version__
from alexnet_studio.cli.table import COMMANDS, NAMES
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.training.usage import usage

_HELP = """AlexNet Studio: watch a network of the AlexNet family learn your photos, and see what it learned.

`alexnet-studio` alone opens the window; `alexnet-studio FOLDER` opens it on a folder of class folders or on a run.
"""


def run(arguments: list[str]) -> int:
    """Run one command. Returns its exit code; raises `StudioError` with one plain sentence for a wrong usage."""
    app = App(name="alexnet-studio", help=_HELP, version=__version__, result_action="return_value")
    for name, place in COMMANDS.items():
        app.command(place, name=name)
    if arguments and not arguments[0].startswith("-") and arguments[0] not in NAMES:
        raise _no_such_command(arguments[0])
    try:
        code = app(arguments, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        raise usage(error) from None
    return code if isinstance(code, int) else 0


def demo_folder(arguments: list[str]) -> Path | None:
    """The folder of `demo --screenshots DIR`, or None without it."""

    def parse(*, screenshots: Path | None = None) -> Path | None:
        return screenshots

    app = App(name="alexnet-studio demo", default_command=parse, result_action="return_value")
    try:
        return app(arguments, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        raise usage(error) from None


def _no_such_command(word: str) -> BadInput:
    near = difflib.get_close_matches(word, sorted(NAMES), n=1)
    hint = f" Did you mean `{near[0]}`?" if near else ""
    return BadInput(
        "no_such_command",
        "There is no command and no folder named {word}.{hint} `alexnet-studio --help` lists the commands.",
        word=word,
        hint=hint,
    )
