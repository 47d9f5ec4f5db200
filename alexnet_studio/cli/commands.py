"""Running one command, and the one sentence for every way in which its words can be wrong."""

from __future__ import annotations

import difflib
from pathlib import Path
from types import NoneType, UnionType
from typing import Literal, Union, get_args, get_origin

from cyclopts import App, CycloptsError
from cyclopts.exceptions import (
    CoercionError,
    MissingArgumentError,
    UnknownOptionError,
    UnusedCliTokensError,
)
from pydantic import ValidationError

from alexnet_studio import __version__
from alexnet_studio.cli.table import COMMANDS, NAMES
from alexnet_studio.ground.errors import BadInput

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


def usage(error: CycloptsError) -> BadInput:
    """One sentence of ours for each way in which words on a command line can be wrong."""
    if isinstance(error.__cause__, ValidationError):
        from alexnet_studio.training.recipe import bad_field

        wrong = bad_field(error.__cause__)
        option = str(wrong.fields["field"]).replace("_", "-")
        return BadInput("recipe_option", "--{option}: {sentence}", option=option, sentence=wrong.sentence)
    match error:
        case UnknownOptionError():
            word = error.token.keyword or error.token.value
            near = difflib.get_close_matches(word, _options(error), n=1)
            hint = f"; did you mean {near[0]}?" if near else "."
            return BadInput("unknown_option", "There is no option {word}{hint}", word=word, hint=hint)
        case MissingArgumentError():
            return BadInput(
                "missing_argument",
                "{name} is missing. `--help` after the command shows its usage.",
                name=_name(error),
            )
        case UnusedCliTokensError():
            words = " ".join(error.unused_tokens or ())
            return BadInput("unused_words", "There are words that mean nothing here: {words}.", words=words)
        case CoercionError():
            value = error.token.value if error.token else ""
            return BadInput(
                "wrong_value",
                "{name} cannot be {value}.{wanted}",
                name=_name(error),
                value=value or "empty",
                wanted=_wanted(error.target_type),
            )
        case _:
            return BadInput("usage", "{message}", message=" ".join(str(error).split()))


def _wanted(kind: object) -> str:
    """What an option takes, as a sentence; nothing where the type does not tell."""
    parts = [part for part in get_args(kind) if part is not NoneType]
    if get_origin(kind) in {Union, UnionType} and len(parts) == 1:
        return _wanted(parts[0])
    if get_origin(kind) is Literal:
        return f" Choose one of: {', '.join(map(str, parts))}."
    return (
        {int: " Give a whole number.", float: " Give a number."}.get(kind, "")
        if isinstance(kind, type)
        else ""
    )


def _options(error: UnknownOptionError) -> list[str]:
    return [name for argument in error.argument_collection for name in argument.names]


def _name(error: CycloptsError) -> str:
    argument = getattr(error, "argument", None)
    return argument.name if argument is not None else "An argument"
