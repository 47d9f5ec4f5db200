"""The property behind the arrows: what never imports Qt, and what opens without torch, in fresh interpreters."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

POISON = """
import importlib.abc, sys

class Poison(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {forbidden!r}:
            raise ImportError(f"{{name}} was imported")
        return None

sys.meta_path.insert(0, Poison())
"""


def run(forbidden: set[str], body: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    code = POISON.format(forbidden=forbidden) + textwrap.dedent(body)
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


def test_everything_outside_studio_lives_without_qt() -> None:
    done = run(
        {"PySide6", "shiboken6", "pyqtgraph"},
        """
        import importlib, pkgutil, alexnet_studio
        for module in pkgutil.walk_packages(alexnet_studio.__path__, "alexnet_studio."):
            if not module.name.startswith(("alexnet_studio.studio", "alexnet_studio.resources")):
                importlib.import_module(module.name)
                print(module.name)
        """,
    )
    assert done.returncode == 0, done.stderr
    assert "alexnet_studio.training.trainer" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [["networks", "--json"], ["summary", "paper", "--json"], ["--help"], ["train", "--help"], ["--version"]],
)
def test_commands_that_compute_nothing_live_without_torch(arguments: list[str]) -> None:
    done = run(
        {"torch", "PySide6"},
        f"""
        sys.argv = ["alexnet-studio", *{arguments!r}]
        from alexnet_studio.__main__ import main
        sys.exit(main())
        """,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
