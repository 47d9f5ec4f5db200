"""One sentence of ours for each way in which words on a command line can be wrong."""

from __future__ import annotations

import difflib
from types import NoneType, UnionType
from typing import Literal, Union, get_args, get_origin

from cyclopts import CycloptsError
from cyclopts.exceptions import (
    CoercionError,
    MissingArgumentError,
    UnknownOptionError,
    UnusedCliTokensError,
)
from pydantic import ValidationError

from alexnet_studio.ground.errors import BadInput


def usage(error: CycloptsError) -> BadInput:
    if isinstance(error.__cause__, ValidationError):
        from alexnet_studio.training.recipe_errors import bad_field

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
