"""deja export: the whole history as JSON lines, for other tools and for backups."""

import json

import click

from backend.commands.shared.asking import load_config
from backend.commands.shared.reading import open_store
from backend.storage import kept
from backend.storage.kept import Kept
from backend.storage.store import MICRO

# A clock that was set back must not put the runs of a session into another order.
_RUNS = """SELECT c.id, c.text,
        r.start_us, r.duration_us, r.exit, d.path, r.session, r.host, r.shell
    FROM runs r JOIN commands c ON c.id = r.command_id LEFT JOIN dirs d ON d.id = r.dir_id
    ORDER BY CASE WHEN r.session IS NULL THEN r.start_us
        ELSE MAX(r.start_us) OVER (PARTITION BY r.session ORDER BY r.id) END, r.id"""


@click.command("export")
def export_command() -> None:
    """Print the history: for a backup, for shells, for other tools.

    A line of JSON a run, oldest first. Times are epoch seconds. The lines of a command that is
    pinned or has a note say so.

    \b
    Examples:
      deja export > history.jsonl
    """
    with open_store(load_config()) as db:
        found = kept.read_older(db)
        for id, text, start, duration, exit_, path, session, host, shell in db.execute(_RUNS):
            run = {
                "command": text,
                "start": start and start / MICRO,
                "duration": duration and duration / MICRO,
                "exit": exit_,
                "cwd": path,
                "session": session,
                "host": host,
                "shell": shell,
            }
            click.echo(json.dumps(run | _kept(found, id)))


def _kept(found: Kept, id: int) -> dict[str, object]:
    pinned: dict[str, object] = {"pinned": True} if id in found.pinned else {}
    return pinned | ({"note": found.notes[id]} if id in found.notes else {})
