"""The one family of errors that a person may see."""

from __future__ import annotations

Field = str | int | float


class StudioError(Exception):
    """A code, fields, and an English sentence made from them.

    The command line prints the sentence; the window translates `template` by its `code`.
    A template is a `str.format` template whose names are the fields. It says what is wrong, names the
    file or the field, and says what to do.
    """

    exit_code: int = 1

    def __init__(self, code: str, template: str, **fields: Field) -> None:
        self.code = code
        self.template = template
        self.fields = fields
        super().__init__(template.format(**fields))

    @property
    def sentence(self) -> str:
        return str(self)


class BadInput(StudioError):
    """What the person gave cannot be used as it is (exit code 2)."""

    exit_code: int = 2


class Failed(StudioError):
    """The input was fine and the work could still not be done (exit code 1)."""
