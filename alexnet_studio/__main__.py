"""The front door: the window for a person, the commands for a terminal. The one module that knows both."""

from __future__ import annotations

import sys
from pathlib import Path

from alexnet_studio.ground.errors import StudioError


def main() -> int:
    """Run what `sys.argv` asks for; returns 0 done, 1 failed, 2 bad input, 130 or 143 interrupted."""
    arguments = sys.argv[1:]
    try:
        return _window(arguments) if _wants_window(arguments) else _command(arguments)
    except StudioError as error:
        print(error.sentence, file=sys.stderr)  # noqa: T201
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of a pipe has gone (`| head`): nothing is wrong, and nobody is left to tell.
        sys.stderr.close()
        return 0
    except Exception as error:  # noqa: BLE001 - the last door: what nobody foresaw still ends in a sentence
        return _unforeseen(error)


def _wants_window(arguments: list[str]) -> bool:
    """No command at all, a path, or the demo where somebody can see it (or asks for its pictures)."""
    if not arguments:
        return True
    first = arguments[0]
    if first == "demo":
        from alexnet_studio.ground.display import display

        return (
            "--help" not in arguments
            and "-h" not in arguments
            and (_screenshots(arguments) or display().seen)
        )
    if first.startswith("-"):
        return False
    from alexnet_studio.cli.table import NAMES

    return len(arguments) == 1 and first not in NAMES and Path(first).exists()


def _screenshots(arguments: list[str]) -> bool:
    return any(word.split("=")[0] == "--screenshots" for word in arguments)


def _window(arguments: list[str]) -> int:
    from alexnet_studio.studio import app

    if arguments and arguments[0] == "demo":
        from alexnet_studio.cli.commands import demo_folder

        folder = demo_folder(arguments[1:])
        return app.demo() if folder is None else app.screenshots(folder)
    return app.open_window(Path(arguments[0]) if arguments else None)


def _command(arguments: list[str]) -> int:
    from alexnet_studio.cli.commands import run

    return run(arguments)


def _unforeseen(error: Exception) -> int:
    """Keep the traceback in a file and say where it is. Returns the exit code."""
    import traceback

    from alexnet_studio.ground import places
    from alexnet_studio.ground.files import write_text

    log = places.data() / "last-error.txt"
    told = f"AlexNet Studio met an error that it did not expect ({type(error).__name__})."
    try:
        write_text(log, "".join(traceback.format_exception(error)))
    except StudioError:
        print(told, file=sys.stderr)  # noqa: T201
    else:
        print(f"{told} The details are in {log}; please report them.", file=sys.stderr)  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())
