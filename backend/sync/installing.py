"""Adds the packages of extra.py to the Python that deja runs in."""

import importlib
import importlib.util
import subprocess
import sys
from pathlib import Path
from shlex import join

# The wheel names the same as its extra `sync`.
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_MODULES = ("pyrage", "mnemonic", "obstore")


class NotInstalled(Exception):
    """pip failed; the text is its last line."""


def is_installed() -> bool:
    return all(importlib.util.find_spec(name) for name in _MODULES)


def commands() -> list[list[str]]:
    """What adds the packages; the environment that install.sh makes is left without pip."""
    python = [sys.executable, "-I", "-m"]
    options = ["--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    install = [*python, "pip", "install", "--quiet", *options, "-r", str(REQUIREMENTS)]
    if importlib.util.find_spec("pip"):
        return [install]
    remove = [*python, "pip", "uninstall", "--quiet", "--yes", "pip", "setuptools"]
    return [[*python, "ensurepip"], install, remove]


def by_hand() -> str:
    """The same, for a person to run."""
    return " && ".join(map(join, commands()))


def install() -> None:
    """Raises NotInstalled."""
    for command in commands():
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            lines = (done.stderr or done.stdout).strip().splitlines()
            raise NotInstalled(lines[-1] if lines else f"pip ended with {done.returncode}")
    importlib.invalidate_caches()
