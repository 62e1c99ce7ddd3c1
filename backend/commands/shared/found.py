"""What commands of deja's print of the rows that the daemon found."""

import json
import os
import shutil
import sys
import time
from datetime import datetime

import click

from backend.commands.shared.listing import lines
from backend.system.text import to_bytes
from backend.wire import protocol, row

NOTHING_FOUND = 1


def exit_code(reply: protocol.Fields) -> int:
    """0 if there are rows, else 1."""
    return NOTHING_FOUND if len(protocol.head(reply)) == len(reply) else 0


def as_object(reply: protocol.Fields, **more: str) -> str:
    """The JSON of the contract; unknown is null."""
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
    return None if epoch is None else datetime.fromtimestamp(epoch).astimezone().isoformat()


def show(reply: protocol.Fields, end: str = "\n", nothing: str = "nothing found") -> None:
    """At a terminal a table; a program that reads this gets the bytes that were typed."""
    found, note = list(row.rows(reply)), dict(protocol.head(reply)).get("note")
    if note or not found:
        click.echo(note or nothing, err=True)
    if sys.stdout.isatty() and end == "\n":
        width, home = shutil.get_terminal_size().columns, os.environ.get("HOME", "").rstrip("/")
        for line in lines(found, width, home, time.time()):
            click.echo(line)
        return
    for command in found:
        click.echo(to_bytes(command.command) + end.encode(), nl=False)
