"""deja record: commands that anybody's hook hands over on stdin, appended to the spool.

Asks no daemon, and reads no setting of one: what is wrong in config.toml must cost no command.
"""

import os
import sys
import time

from backend.commands.shared import place
from backend.commands.shared.output import say
from backend.system import pauses
from backend.wire import protocol

# In the order in which they are written; the command stands last.
NAMES = ("start", "dur", "exit", "cwd", "session", "host", "shell", "author", "cmd")

# A hook that hands over more is broken.
_MOST_BYTES = 16 << 20

_WRONG, _FAILED = 2, 1
_HELP = "run: deja record --help"


class Malformed(ValueError):
    """What came on stdin is no record; says why, and never with text of a command."""


def run(data_dir: str) -> int:
    """Append what stdin holds; the exit code."""
    try:
        records = parse(sys.stdin.buffer.read(_MOST_BYTES + 1))
    except Malformed as error:
        say(f"nothing is recorded: {error}; {_HELP}", err=True)
        return _WRONG
    if is_paused(data_dir):
        return 0
    try:
        append(data_dir, records)
    except OSError as error:
        why = f"{error.filename or data_dir}: {error.strerror}"
        say(f"nothing is recorded: {why}; run: deja doctor", err=True)
        return _FAILED
    return 0


def parse(data: bytes) -> list[dict[str, str]]:
    """Records of fields `name=value`, each ended by NUL; an empty field ends a record, the end of
    the data the last. Raises Malformed.
    """
    if len(data) > _MOST_BYTES:
        raise Malformed(f"more than {_MOST_BYTES >> 20} MB on stdin")
    records: list[dict[str, str]] = [{}]
    for field in data.removesuffix(b"\n").split(b"\0"):
        name, equals, value = field.decode("utf-8", "surrogateescape").partition("=")
        if not field:
            records.append({})
        elif not equals or name not in NAMES:
            raise Malformed(f"field {len(records[-1]) + 1} is none of {'=, '.join(NAMES)}=")
        else:
            records[-1][name] = value
    records = [record for record in records if record]
    if not records:
        raise Malformed("stdin holds no fields")
    if not all(record.get("cmd", "").strip() for record in records):
        raise Malformed("a record has no cmd=")
    return records


def is_paused(data_dir: str) -> bool:
    """Whether nothing is to be recorded: by all shells, by the one that calls, by a private one."""
    on = pauses.running(data_dir)
    private = os.environ.get("DEJA_PRIVATE", "0") not in ("", "0")
    return private or pauses.ALL in on or pauses.here(os.getppid()) in on


def append(data_dir: str, records: list[dict[str, str]]) -> None:
    """Write them behind what the spool file of the calling shell holds. Raises OSError."""
    spool = f"{data_dir}/spool"
    os.umask(0o077)
    os.makedirs(spool, exist_ok=True)
    session = place.session(spool, os.getppid()) or _new_session()
    out = b""
    for record in records:
        fields = _known(session) | record
        # Of what is empty nothing is known; and an empty field would end the record.
        pairs = [(name, fields[name]) for name in NAMES if fields.get(name)]
        out += b"\0" + protocol.RECORD_MARK + b"\0" + protocol.encode(pairs)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(f"{spool}/{session}", flags, 0o600)
    try:
        # One write: two commands of one shell that end together stay apart.
        while out:
            out = out[os.write(fd, out) :]
    finally:
        os.close(fd)


def _known(session: str) -> dict[str, str]:
    """What a record need not say: it has just ended, here, in the shell that calls."""
    return {
        "start": f"{time.time():.6f}",
        "cwd": os.environ.get("PWD") or os.getcwd(),
        "session": session,
        "host": os.uname().nodename,
    }


def _new_session() -> str:
    """Named as the hooks name theirs: host, process, microseconds."""
    host = "".join(c if c.isascii() and c.isalnum() else "-" for c in os.uname().nodename)
    return f"{host}.{os.getppid()}.{time.time_ns() // 1000}"
