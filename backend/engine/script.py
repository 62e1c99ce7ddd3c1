"""An episode as a shell script that is read before it is run.

What bash would not take for whole commands is commented out, so that no line of history can change
what the lines around it mean.
"""

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator

from backend.redaction.mask import MARK
from backend.system.text import to_bytes, valid, visible
from backend.wire.episode import Episode, Run

NO_BASH = "bash is needed to check the script, and is not there; use deja episode --json"

# They would end the script.
ENDS = frozenset({"exit", "logout"})
# After a masked command: what comes next may need it.
STOP = "echo 'fill in what is masked above, then take this line away' >&2; exit 1"


class NoBash(Exception):
    """There is no bash to check a script with."""


def written(episode: Episode) -> str:
    """The script. Raises NoBash."""
    lines = [*_head(episode), "set -e"]
    here: str | None = None
    for run in episode.runs:
        lines.append("")
        reason = _reason(run)
        if run.cwd is not None and run.cwd != here and reason is None:
            here = run.cwd
            lines.append(f"cd -- {shlex.quote(here)}")
        lines += _lines(run, reason)
    return "\n".join(lines) + "\n"


def _head(episode: Episode) -> Iterator[str]:
    yield "#!/usr/bin/env bash"
    count = len(episode.runs)
    told = [f"{count} command{'s' * (count != 1)}", _when(episode.started), episode.host or ""]
    yield f"# {', '.join(visible(valid(part)) for part in told if part)}"
    yield f"# Written by deja episode {episode.id} --script. Read it before you run it."


def _when(epoch: float | None) -> str:
    return "" if epoch is None else time.strftime("%Y-%m-%d %H:%M", time.localtime(epoch))


def _lines(run: Run, reason: str | None) -> Iterator[str]:
    if reason is None:
        yield run.command
        # Such an end would take in the next line.
        if run.command.endswith("\\"):
            yield ""
        return
    yield f"# {reason}:"
    yield from (f"#   {line}" for line in run.command.split("\n"))
    if MARK in run.command:
        yield STOP


def _reason(run: Run) -> str | None:
    """Why a command is not to be run; None if it is."""
    if MARK in run.command:
        return "fill in what is masked, and take the # away"
    if run.exit:
        return f"failed with exit {run.exit}"
    if run.command.split()[:1] and run.command.split()[0] in ENDS:
        return "would end the script"
    return None if _is_whole(run.command) else "not a whole command of bash"


def _is_whole(command: str) -> bool:
    """Whether bash takes it for whole commands, whatever follows: a here-document without an end
    would take in even a `)`. After a backslash the script has an empty line, too.
    """
    return _parses(command) and not ("<<" in command and _parses(f"{command}\n\n)"))


def _parses(text: str) -> bool:
    bash = shutil.which("bash")
    if bash is None:
        raise NoBash(NO_BASH)
    # Through a pipe: arguments of a process can be seen by others. BASH_ENV would be run.
    done = subprocess.run(
        [bash, "--noprofile", "--norc", "-n"],
        input=to_bytes(text) + b"\n",
        env={"PATH": os.environ.get("PATH", "")},
        capture_output=True,
        check=False,
    )
    return done.returncode == 0
