#!/usr/bin/env python3
"""Make `.venv` beside this checkout with AlexNet Studio in it; needs nothing but Python 3.11 or newer.

    python3 resources/setup.py            what it takes to run
    python3 resources/setup.py --test     and what it takes to run the tests
    python3 resources/setup.py --cpu      a torch without CUDA, from pytorch.org (Linux and Windows; much smaller)

It may be run again at any time. On Debian and Ubuntu it also installs the few system libraries that Qt needs and
that a machine without a desktop lacks, when it is root or may use sudo without a password; otherwise it prints the line
to run.
"""

import argparse
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
OLDEST = (3, 11)
CPU_WHEELS = "https://download.pytorch.org/whl/cpu"


def main() -> None:
    options = argparse.ArgumentParser(description="Set up AlexNet Studio in .venv beside this checkout.")
    options.add_argument("--test", action="store_true", help="also install what the tests need")
    options.add_argument("--cpu", action="store_true", help="take a torch without CUDA from pytorch.org")
    chosen = options.parse_args()
    if sys.version_info < OLDEST:
        sys.exit("AlexNet Studio needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
    lacks = install_libraries()
    if lacks and chosen.test:
        sys.exit(
            "The tests open the window, which needs the packages above. Install them, then run this again."
        )
    make_environment()
    if chosen.cpu:
        pip("install", "torch>=2.11", "torchvision", "--index-url", CPU_WHEELS)
    pip("install", "--editable", f"{ROOT}[test]" if chosen.test else str(ROOT))


def install_libraries() -> bool:
    """Install what Qt lacks, or say how; all but the window works without. Whether something is still missing."""
    if not sys.platform.startswith("linux") or not shutil.which("apt-get"):
        return False
    sys.path.insert(0, str(ROOT))
    from alexnet_studio.ground.display import missing_packages  # standard library only

    packages = missing_packages(x11=True)
    if not packages:
        return False
    prefix = root_prefix()
    if prefix is None:
        say("The window needs some system packages. Install them with:")
        say("  sudo apt-get install " + " ".join(packages))
        return bool(missing_packages(x11=False))
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    update = subprocess.run([*prefix, "apt-get", "update", "-q"], env=environment, check=False)
    install = [*prefix, "apt-get", "install", "-q", "-y", "--no-install-recommends", *packages]
    if update.returncode or subprocess.run(install, env=environment, check=False).returncode:
        say("Those packages could not be installed; the commands work without them, the window does not.")
    return bool(missing_packages(x11=False))


def root_prefix() -> list[str] | None:
    """How to become root without asking anybody: nothing, sudo, or None where neither works."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def make_environment() -> None:
    if python().exists():
        return
    try:
        venv.create(ENVIRONMENT, with_pip=True)
    except subprocess.CalledProcessError:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        sys.exit(
            "Python's venv module is incomplete. On Debian and Ubuntu: sudo apt-get install python3-venv"
        )


def python() -> Path:
    return ENVIRONMENT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def pip(*words: str) -> None:
    status = subprocess.run([str(python()), "-m", "pip", *words], check=False).returncode
    if status:
        sys.exit(f"pip could not install AlexNet Studio (its message stands above; exit {status}).")


def say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
