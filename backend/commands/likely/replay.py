"""deja replay: what finding commands by need would have saved, on one's own history."""

import sqlite3
import time

import click
import numpy as np

from backend.commands.shared.asking import WrongUsage, load_config
from backend.commands.shared.reading import open_store
from backend.query import filters
from backend.ranking.need import RUN
from backend.ranking.replay import replay, report
from backend.storage.store import MICRO

# Longer histories take minutes: each run is asked for anew.
MOST = 5000


@click.command("replay")
@click.option("--since", default="1mo", show_default=True, help="From then on: 2w, 2026-01-31.")
def replay_command(since: str) -> None:
    """Tell how many keys deja would have saved you in the last month.

    Asks for every command again, as if it had not been run yet. Shows how often it would have been
    first, and how many keys that would have saved, against a list with the newest first. Nothing
    leaves the machine.

    \b
    Examples:
      deja replay --since 2w
    """
    try:
        start = filters.apply(filters.Filters(), "since", since, time.time()).since
    except filters.BadFilter as problem:
        raise WrongUsage(f"--since {since}: {problem}") from problem
    with open_store(load_config()) as db:
        runs, texts = _runs(db)
    first = max(int(np.searchsorted(runs["start"], start or 0.0)), len(runs) - MOST)
    click.echo(report(replay(runs, texts, first)))


def _runs(db: sqlite3.Connection) -> tuple[np.ndarray, list[str]]:
    """All runs as need.RUN, oldest first, those of unknown time before all others; texts by row."""
    ids = {id: row for row, (id,) in enumerate(db.execute("SELECT id FROM commands ORDER BY id"))}
    texts = [text for (text,) in db.execute("SELECT text FROM commands ORDER BY id")]
    names: dict[str, int] = {}

    def number(name: str | None) -> int:
        return names.setdefault(name, len(names) + 1) if name else 0

    found = db.execute(
        "SELECT r.command_id, r.start_us, r.exit, r.session, r.dir_id, d.repo FROM runs r"
        " LEFT JOIN dirs d ON d.id = r.dir_id ORDER BY COALESCE(r.start_us, 0), r.id"
    )
    rows = [
        (
            ids[command_id],
            (start or 0) / MICRO,
            -1 if exit is None else exit == 0,
            number(session),
            dir_id or 0,
            number(repo),
        )
        for command_id, start, exit, session, dir_id, repo in found
    ]
    return np.array(rows, RUN), texts
