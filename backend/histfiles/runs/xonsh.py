"""xonsh's sessions: a file of JSON each, as its own history backend of that name writes them.

Its database is one of databases.DATABASES. Follows xonsh's xonsh/history/json.py.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backend.histfiles.runs.databases import Row
from backend.system.text import to_bytes

NAME = "xonsh-json"

_OPENING = b'{"locs": ['
# The output of commands can be there, too; nobody prints more in a session.
_LARGEST = 256 << 20


def is_session(sample: bytes) -> bool:
    """Whether a file that begins so is one."""
    return sample.startswith(_OPENING)


def rows(path: Path) -> Iterator[Row]:
    """The runs of the session at `path`. Raises OSError, or ValueError if it is none."""
    if path.stat().st_size > _LARGEST:
        raise ValueError("it is larger than a session can be")
    try:
        data = json.loads(path.read_bytes())["data"]
        session, commands = data.get("sessionid"), data["cmds"]
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("it holds no session") from error
    for command in commands if isinstance(commands, list) else []:
        yield _row(command, session if isinstance(session, str) else None)


def _row(command: Any, session: str | None) -> Row:
    values = command if isinstance(command, dict) else {}
    began, ended = _times(values.get("ts"))
    exit, cwd = values.get("rtn"), values.get("cwd")
    return Row(
        command=_command(values.get("inp")),
        start=began,
        duration=ended - began if began is not None and ended is not None else None,
        exit=exit if type(exit) is int and exit >= 0 else None,
        cwd=cwd if isinstance(cwd, str) else None,
        session=session,
        host=None,
    )


def _command(text: object) -> bytes | None:
    """Without the newline that ended it."""
    try:
        return to_bytes(text.rstrip("\n")) if isinstance(text, str) else None
    except UnicodeEncodeError:
        return None


def _times(ts: object) -> tuple[float | None, float | None]:
    if not isinstance(ts, list) or len(ts) != 2:
        return None, None
    began, ended = (each if isinstance(each, int | float) else None for each in ts)
    return began, ended
