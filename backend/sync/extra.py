"""The packages that only sync needs: deja runs without them, and says how to add them."""

import importlib
from types import ModuleType


class MissingExtra(Exception):
    """A package of the extra is not installed; the text has the command that adds it."""


def load(name: str) -> ModuleType:
    """The module `name` of the extra. Raises MissingExtra."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise MissingExtra(
            f"sync needs the package {package}, which is not installed; run: deja sync install"
        ) from error
