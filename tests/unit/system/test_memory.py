"""What is handed back to the system, and that the process goes on as before."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.paths import ROOT as REPOSITORY


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists what a process has mapped")
def test_libraries_are_given_back_and_run_again() -> None:
    code = (
        "import sys, sqlite3, psutil, numpy as np; from backend.system import memory\n"
        "of_files = lambda: psutil.Process().memory_info().shared\n"
        "square = np.ones((300, 300), np.float32); before = of_files(), (square @ square).sum()\n"
        "memory.give_back_libraries(); after = of_files(), (square @ square).sum()\n"
        "print(before[0], after[0], before[1] == after[1],"
        " sqlite3.connect(':memory:').execute('SELECT 6 * 7').fetchone()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    before, after, same, answer = done.stdout.split()
    # What runs this very test is read again at once.
    assert int(after) < int(before) / 2
    assert (same, answer) == ("True", "42")


def test_without_a_list_of_mappings_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.system import memory

    def gone(*_: object) -> str:
        raise FileNotFoundError("/proc/self/smaps")

    monkeypatch.setattr(Path, "read_text", gone)
    memory.give_back_libraries()
