"""The other machine: what is run there, over one connection of the user's own ssh.

Each script below is one line for `sh -c`, without a quote in it, since the login shell there may be
any; the user's start-up files may print, so that what counts stands behind a mark.
"""

import shlex
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from backend.commands.shared.asking import Failure

# Where it is kept: below the home directory, so that what a broken connection left is found again.
FOLDER = ".deja-ssh"

_MARK = b"deja-ssh-begins\n"
_SAY_MARK = "echo deja-ssh-begins"
_BEGIN = (
    f"umask 077; cd && mkdir -p {FOLDER} && chmod 700 {FOLDER} && d=$(mktemp -d {FOLDER}/XXXXXXXX)"
    f" && tar xf - -C $d && {_SAY_MARK} && echo $d"
)
# Folders whose shell is gone; one without a number of a process has had no shell yet.
_ENDED = (
    f"cd && for d in {FOLDER}/*; do [ -f $d/pid ] && ! kill -0 $(cat $d/pid) 2>/dev/null"
    " && echo $d; done; true"
)

# ssh's options that take a value, by their letters.
_WITH_VALUE = frozenset("BbcDEeFIiJLlmOoPpQRSWw")


class Host:
    """One machine. `name`: as the user wrote it, without a user's name."""

    def __init__(self, arguments: Sequence[str], control: Path) -> None:
        """arguments: ssh's own options, and where to."""
        self._ssh = ["ssh", "-o", "ControlMaster=auto", "-o", "ControlPersist=30"]
        self._ssh += ["-o", f"ControlPath={control}", *arguments]
        self._control = control
        self.name = _destination(arguments).rpartition("@")[2]

    def begin(self, archive: bytes) -> str:
        """Unpack the archive into a new private folder there; its path from the home directory."""
        lines = self._run(_BEGIN, archive).decode(errors="replace").split("\n")
        return _checked(lines[0])

    def shell(self, folder: str, shell: str | None) -> int:
        """A shell there on this terminal, until it ends; its exit status, 255 if ssh broke off."""
        start = f"cd && exec sh {folder}/start.sh {shell or ''}".rstrip()
        # On the terminal it begins in the home directory, as with ssh alone.
        return subprocess.run([*self._ssh, "-t", _for_sh(start)], check=False).returncode

    def ended(self) -> list[str]:
        """The folders there whose shell has ended: this one's, and what broken connections left."""
        found = self._run(f"{_SAY_MARK}; {_ENDED}").decode(errors="replace")
        return [_checked(line) for line in found.split("\n") if line]

    def recorded(self, folder: str) -> bytes:
        """What the hooks have written there: spool files, one behind the other."""
        return self._run(f"cd && {_SAY_MARK} && find {folder}/data/spool -type f -exec cat {{}} +")

    def wipe(self, folder: str) -> None:
        """Remove the folder, and the one above if it was the last."""
        self._run(f"{_SAY_MARK}; cd && rm -rf {folder}; rmdir {FOLDER} 2>/dev/null; true")

    def hang_up(self) -> None:
        """End the connection that the others shared."""
        if self._control.exists():
            subprocess.run([*self._ssh, "-O", "exit"], capture_output=True, check=False)

    def _run(self, script: str, given: bytes = b"") -> bytes:
        """What a script prints behind the mark. Raises Failure."""
        done = subprocess.run(
            [*self._ssh, _for_sh(script)], input=given, stdout=subprocess.PIPE, check=False
        )
        _, mark, printed = done.stdout.partition(_MARK)
        if done.returncode or not mark:
            raise Failure(f"ssh ended with {done.returncode}; try it without deja: ssh {self.name}")
        return printed


@contextmanager
def connected(arguments: Sequence[str]) -> Iterator[Host]:
    # Short: the path of a socket may have some 100 bytes.
    with TemporaryDirectory(prefix="deja-ssh-") as folder:
        host = Host(arguments, Path(folder) / "c")
        try:
            yield host
        finally:
            host.hang_up()


def _for_sh(script: str) -> str:
    return f"exec sh -c {shlex.quote(script)}"


def _checked(folder: str) -> str:
    """A folder that the other machine has named: it goes into scripts."""
    above, _, name = folder.partition("/")
    if above != FOLDER or not name.isalnum():
        raise Failure("the other machine gave no answer that makes sense; try: ssh alone")
    return folder


def _destination(arguments: Sequence[str]) -> str:
    """Where ssh is to go. Raises Failure if a command is given, or no place."""
    places = []
    words = iter(arguments)
    for word in words:
        if not word.startswith("-") or word == "-":
            places.append(word)
        elif word[-1] in _WITH_VALUE and not set(word[1:-1]) & _WITH_VALUE:
            next(words, None)
    if len(places) != 1:
        raise Failure("deja ssh opens a shell and takes no command; run: deja ssh [OPTIONS] HOST")
    return places[0].removeprefix("ssh://").partition("/")[0]
