"""deja as a wheel installs it: this directory is the program, as a clone of the repository is, and
the model.

Its modules are named as there (`backend`, `shell_plugin`), and are found by deja's own processes
alone: nothing of that name is installed beside other packages.
"""

import sys


def main() -> int:
    """The command `deja`; its exit code."""
    sys.path.insert(0, __path__[0])
    from backend.app import run

    return run(sys.argv[1:] or ["--help"])
