"""deja record: see quick/record.py, which does it."""

import sys

import click

from backend.commands.quick import record
from backend.commands.shared.asking import load_config


@click.command("record")
def record_command() -> None:
    """Record commands from stdin: the way in for the hook of any shell.

    A record is fields NAME=VALUE, each ended by a NUL byte: cmd, and what is known of start (epoch
    seconds), dur (seconds), exit, cwd, session, host, shell and author (a coding agent). An empty
    field ends a record, and another may follow. Without start it has just begun, without cwd it ran
    here, without session in the shell that calls. It is appended to the spool, daemon or not, and
    found by the next search.

    \b
    Examples:
      printf 'cmd=%s\\0exit=%s\\0' "$line" "$status" | deja record
    """
    sys.exit(record.run(str(load_config().data_dir)))
