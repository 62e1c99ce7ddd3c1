"""deja stats: figures of the history."""

import sqlite3

import click

from backend.commands.shared.asking import load_config
from backend.commands.shared.reading import open_store
from backend.system.text import blanked, valid

TOP = 10


@click.command("stats")
def stats_command() -> None:
    """Show how much history there is and what is used most."""
    with open_store(load_config()) as db:
        _totals(db)
        _table("Most used", db, "SELECT runs, text FROM commands ORDER BY runs DESC, id LIMIT ?")
        _table(
            "Most failing",
            db,
            "SELECT failed_runs, text FROM commands WHERE failed_runs > 0"
            " ORDER BY failed_runs DESC, id LIMIT ?",
        )
        _table(
            "Busiest directories",
            db,
            "SELECT COUNT(*) AS n, path FROM runs JOIN dirs ON dirs.id = dir_id"
            " GROUP BY dir_id ORDER BY n DESC LIMIT ?",
        )


def _totals(db: sqlite3.Connection) -> None:
    commands, runs = db.execute("SELECT COUNT(*), COALESCE(SUM(runs), 0) FROM commands").fetchone()
    first, last = db.execute(
        "SELECT date(MIN(start_us) / 1000000, 'unixepoch', 'localtime'),"
        " date(MAX(start_us) / 1000000, 'unixepoch', 'localtime') FROM runs"
    ).fetchone()
    period = f", {first} to {last}" if first else ""
    click.echo(f"{commands:,} commands, {runs:,} runs{period}")


def _table(title: str, db: sqlite3.Connection, query: str) -> None:
    rows = db.execute(query, (TOP,)).fetchall()
    if not rows:
        return
    click.echo(f"\n{title}")
    for count, text in rows:
        click.echo(f"{count:>8,}  {blanked(valid(text))[:100]}")
