"""What the key press pays for: modules that are dear to import stay away from it."""

import subprocess
import sys

import pytest
from support.paths import ROOT

# `os`, `collections`, and modules that bring them.
DEAR = {"collections", "dataclasses", "enum", "functools", "os", "re", "socket", "sqlite3"}


def imported_with(module: str) -> set[str]:
    """What importing this module adds to a Python that is started as the picker's is."""
    code = f"import sys; there = set(sys.modules); sys.path.insert(0, {str(ROOT)!r}); "
    code += f"import {module}; print(*set(sys.modules) - there)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        "shell_plugin.pick.start",
        "shell_plugin.pick.loop",
        "shell_plugin.pick.whole.block",
        "shell_plugin.pick.views.inspector",
        "shell_plugin.pick.views.episodes.listing",
        "shell_plugin.pick.views.episodes.one",
        "shell_plugin.pick.views.forget",
        "shell_plugin.pick.views.note",
    ],
)
def test_nothing_dear_is_imported(module: str) -> None:
    found = imported_with(module)
    assert module in found
    assert not DEAR & found


def test_the_first_paint_waits_for_nothing_of_the_answers() -> None:
    late = {"backend", "shell_plugin.pick.answers", "shell_plugin.pick.loop"}
    assert not late & imported_with("shell_plugin.pick.start")
