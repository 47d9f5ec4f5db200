"""The application as a process: what it imports, what it survives, how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest


def python(code: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    places = {"ALEXNET_STUDIO_DATA": str(tmp_path / "data"), "ALEXNET_STUDIO_CACHE": str(tmp_path / "cache")}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **places, **environment},
    )


def test_thirty_thousand_emits_survive(tmp_path: Path) -> None:
    """PySide6 6.12.0 aborts on Python 3.10 and 3.11 after about a thousand."""
    done = python(
        """
        from PySide6.QtCore import QObject, Signal
        class Emitter(QObject):
            told = Signal(int)
        heard = []
        emitter = Emitter()
        emitter.told.connect(heard.append)
        for number in range(30_000):
            emitter.told.emit(number)
        print(len(heard))
        """,
        tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "30000"


def test_nothing_heavy_is_imported_before_the_first_paint(tmp_path: Path) -> None:
    done = python(
        """
        import sys
        from alexnet_studio.studio.session import Session
        session = Session(keep_settings=False)
        heavy = {"torch", "sklearn", "matplotlib", "pyqtgraph", "PIL", "pydantic"}
        session.window.painted.connect(lambda: print(sorted(heavy & set(sys.modules))))
        session.when_painted(session.window.close)
        sys.exit(session.run())
        """,
        tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
    # `offscreen` remarks on every window; only what Qt really complains of reaches a person.
    assert done.stderr == ""


def test_what_qt_complains_of_is_still_told(tmp_path: Path) -> None:
    done = python(
        """
        from PySide6.QtCore import qWarning
        from alexnet_studio.studio.session import Session
        session = Session(keep_settings=False)
        qWarning("a complaint")
        session.window.close()
        """,
        tmp_path,
    )
    assert done.stderr == "a complaint\n"


@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_closes_the_window(tmp_path: Path, number: str, code: int) -> None:
    done = python(
        f"""
        import os, signal, sys
        from alexnet_studio.studio.session import Session
        session = Session(keep_settings=False)
        session.when_painted(lambda: os.kill(os.getpid(), signal.{number}))
        sys.exit(session.run())
        """,
        tmp_path,
    )
    assert done.returncode == code, done.stderr


def test_an_exception_in_a_slot_is_a_line_and_a_log_entry(tmp_path: Path) -> None:
    done = python(
        """
        import sys
        from PySide6.QtCore import QTimer
        from alexnet_studio.studio.session import Session
        session = Session(keep_settings=False)
        def fail():
            raise RuntimeError("in a slot")
        def look():
            print(session.window.controller.state.notice.sentence)
            session.window.close()
        session.when_painted(lambda: (QTimer.singleShot(0, fail), QTimer.singleShot(50, look)))
        sys.exit(session.run())
        """,
        tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "in a slot" in done.stdout
    assert "Traceback" in (tmp_path / "data" / "log.txt").read_text(encoding="utf-8")


def test_without_a_display_it_is_one_sentence(tmp_path: Path) -> None:
    code = "import sys; sys.argv = ['alexnet-studio']; from alexnet_studio.__main__ import main; sys.exit(main())"
    environment = {"QT_QPA_PLATFORM": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux can lack a display")
    done = python(code, tmp_path, **environment)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


FORBID_TORCH = """
import importlib.abc, sys

class Poison(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "torch":
            raise ImportError("torch was imported")
        return None

sys.meta_path.insert(0, Poison())
"""


def test_the_example_fills_every_panel_without_torch(tmp_path: Path) -> None:
    from alexnet_studio.studio.intents.run import example

    if not (example() / "run.json").exists():
        pytest.skip("resources/example-run is not there yet")
    done = python(
        FORBID_TORCH
        + textwrap.dedent(
            """
            from PySide6.QtCore import QTimer
            from alexnet_studio.studio.session import Session
            session = Session(keep_settings=False)
            window = session.window
            window.controller.warming.begin = lambda: None
            session.when_painted(lambda: window.controller.act("open_example"))
            timer = QTimer()
            def look():
                from alexnet_studio.studio.showing.window import view_state
                state = window.controller.state
                if state.run is None or state.progress:
                    return
                view = view_state(state)
                for name in ("data", "architecture", "training", "kernels", "neighbours"):
                    if getattr(view, name).empty is not None:
                        print(name, "is empty")
                print("full", state.notice)
                timer.stop()
                window.close()
            timer.timeout.connect(look)
            timer.start(50)
            sys.exit(session.run())
            """
        ),
        tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "full None"


@pytest.mark.slow
@pytest.mark.timeout(900)  # it trains for real, and a busy machine may take long
def test_the_tour_takes_its_pictures(tmp_path: Path) -> None:
    code = f"""
    import sys
    sys.argv = ["alexnet-studio", "demo", "--screenshots", {str(tmp_path / "pictures")!r}]
    from alexnet_studio.__main__ import main
    sys.exit(main())
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=880,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "ALEXNET_STUDIO_DATA": str(tmp_path / "data")},
    )
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (tmp_path / "pictures").iterdir()}
    assert names == {
        f"{name}.png" for name in ("window", "data", "architecture", "training", "kernels", "neighbours")
    }
