"""Whether the hooks can write their records, and the daemon can read them: each is silent by
itself where they cannot.

`deja status` asks at every call, and a spool is nearly always well: little is imported before
something is wrong.
"""

import os
import stat

from backend.commands.checks.finding import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Path = str | os.PathLike[str]

NAME = "spool"

# The owner's bits: of a directory, and of what is in it.
_ALL, _READ_WRITE = 0o700, 0o600


def problems(spool: "Path") -> list[Finding]:
    """What is wrong with the spool directory and what is in it; nothing if there is none yet."""
    try:
        status = os.lstat(spool)
    except FileNotFoundError:
        return []
    except OSError as error:
        beside = _q(os.path.dirname(spool))
        return [_bad(f"{spool} cannot be looked at ({error.strerror})", f"ls -la {beside}")]
    if not stat.S_ISDIR(status.st_mode):
        aside = _q(os.path.join(os.path.dirname(spool), "spool.old"))
        return [_bad(f"{spool} is no directory: nothing is recorded", f"mv {_q(spool)} {aside}")]
    if status.st_mode & _ALL != _ALL:
        return [_bad(f"{spool} cannot be read or written", f"chmod 700 {_q(spool)}")]
    return list(_of_files(spool))


def _of_files(spool: "Path") -> "Iterator[Finding]":
    """Files that the daemon never reads, so that nobody masks or removes them either."""
    try:
        entries = sorted(os.scandir(spool), key=lambda entry: entry.name)
    except OSError as error:
        yield _bad(f"{spool} cannot be read ({error.strerror})", f"chmod 700 {_q(spool)}")
        return
    foreign, shut, odd = [], [], []
    for entry in entries:
        status = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode):
            odd.append(entry.path)
        elif status.st_uid != os.getuid():
            foreign.append(entry.path)
        elif status.st_mode & _READ_WRITE != _READ_WRITE:
            shut.append(entry.path)
    if foreign:
        yield _bad(
            f"{len(foreign)} of its files are another user's (root's?) and never read",
            f"sudo rm {_names(foreign)}",
        )
    if shut:
        yield _bad(f"{len(shut)} of its files cannot be read", f"chmod 600 {_names(shut)}")
    if odd:
        yield _bad(f"{len(odd)} things in it are no files", f"rm -r {_names(odd)}")


def check(spool: "Path") -> list[Finding]:
    """The problems, or that there are none."""
    return problems(spool) or [Finding(NAME, True, f"{spool} can be written and read")]


def _bad(found: str, mend: str) -> Finding:
    return Finding(NAME, False, found, mend)


def _q(path: "Path") -> str:
    return _names([str(path)])


def _names(paths: list[str]) -> str:
    import shlex

    return shlex.join(paths)
