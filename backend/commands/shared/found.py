"""What commands of deja's print of the rows that the daemon found."""

import os
import sys

from backend.commands.shared.output import say, write
from backend.system.text import to_bytes
from backend.wire import protocol, row

NOTHING_FOUND = 1


def exit_code(reply: protocol.Fields) -> int:
    """0 if there are rows, else 1."""
    return NOTHING_FOUND if len(protocol.head(reply)) == len(reply) else 0


def as_object(reply: protocol.Fields, **more: str) -> str:
    """The JSON of the contract; unknown is null."""
    import json

    head = dict(protocol.head(reply))
    found = {
        **more,
        "mode": head["mode"],
        "took_ms": float(head["took_ms"]),
        "note": head.get("note"),
        "results": [
            {name: getattr(found, name) for name in row.Row.__slots__}
            | {"start": found.last_run, "last_run": _iso(found.last_run)}
            for found in row.rows(reply)
        ],
    }
    return json.dumps(found, ensure_ascii=True)


def _iso(epoch: float | None) -> str | None:
    """ISO 8601 with this machine's zone."""
    if epoch is None:
        return None
    from datetime import datetime

    return datetime.fromtimestamp(epoch).astimezone().isoformat()


def show(reply: protocol.Fields, end: str = "\n", nothing: str = "nothing found") -> None:
    """At a terminal a table; a program that reads this gets the bytes that were typed."""
    found, note = list(row.rows(reply)), dict(protocol.head(reply)).get("note")
    if note or not found:
        say(note or nothing, err=True)
    if sys.stdout.isatty() and end == "\n":
        _show_table(found)
        return
    write(b"".join(to_bytes(command.command) + end.encode() for command in found))


def _show_table(found: list[row.Row]) -> None:
    import shutil
    import time

    from backend.commands.shared.listing import lines

    width, home = shutil.get_terminal_size().columns, os.environ.get("HOME", "").rstrip("/")
    for line in lines(found, width, home, time.time()):
        say(line)
