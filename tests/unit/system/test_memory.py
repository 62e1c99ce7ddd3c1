"""What is handed back to the system, and that the process goes on as before."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.paths import ROOT as REPOSITORY


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists what a process has mapped")
def test_code_is_given_back_and_runs_again() -> None:
    code = (
        "import sys, sqlite3, psutil, numpy as np; from backend.system import memory\n"
        "resident = lambda: psutil.Process().memory_info().rss\n"
        "square = np.ones((300, 300), np.float32); before = resident(), (square @ square).sum()\n"
        "memory.give_back_code(); after = resident(), (square @ square).sum()\n"
        "print(before[0] - after[0], before[1] == after[1],"
        " sqlite3.connect(':memory:').execute('SELECT 6 * 7').fetchone()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    given, same, answer = done.stdout.split()
    assert int(given) > 1_000_000
    assert (same, answer) == ("True", "42")


def test_without_a_list_of_mappings_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.system import memory

    def gone(*_: object) -> str:
        raise FileNotFoundError("/proc/self/maps")

    monkeypatch.setattr(Path, "read_text", gone)
    memory.give_back_code()
