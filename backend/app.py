"""The `deja` command. Without arguments, `python backend/app.py` is the daemon, in the foreground.

Kept tiny: Python compiles a file that is run as a script anew at every start.
"""

import sys

if not __package__:  # run as a file: make `backend` importable
    sys.path.insert(0, __file__.rpartition("/backend/")[0] or "..")


def run(arguments: list[str]) -> int:
    """Run a command; its exit code. Every error is one line on stderr."""
    from backend.commands.quick.run import run

    code = run(arguments)
    if code is None:
        from backend.commands.tree import run as run_any

        code = run_any(arguments)
    return code


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:] or ["daemon"]))
