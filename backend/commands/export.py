"""deja export: the history, or what filters leave of it, for other tools and for backups."""

import csv
import io
import json
import sqlite3
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

import click

from backend.commands.quick.declared import declared
from backend.commands.quick.options import ANY, CHOICE, FILTERS, Option, Syntax
from backend.commands.quick.search import line
from backend.commands.shared.asking import WrongUsage, load_config, quantity
from backend.commands.shared.output import say, write
from backend.commands.shared.place import place
from backend.commands.shared.reading import open_store
from backend.histfiles.formats import WRITTEN
from backend.histfiles.runs import jsonl
from backend.query.parse import parse
from backend.query.place import Place
from backend.storage import filtered, kept
from backend.storage.kept import Kept
from backend.storage.runs import have_authors
from backend.storage.store import MICRO
from backend.system.text import to_bytes

# A clock that was set back must not put the runs of a session into another order.
_RUNS = """SELECT r.id, c.id, c.text,
        r.start_us, r.duration_us, r.exit, d.path, r.session, r.host, r.shell, {}
    FROM runs r JOIN commands c ON c.id = r.command_id LEFT JOIN dirs d ON d.id = r.dir_id
    ORDER BY CASE WHEN r.session IS NULL THEN r.start_us
        ELSE MAX(r.start_us) OVER (PARTITION BY r.session ORDER BY r.id) END, r.id"""

# Runs that are printed at a time.
LOT = 1000

CSV = "csv"
FORMATS = (jsonl.NAME, CSV, *WRITTEN)
SYNTAX = Syntax(
    Option("format", CHOICE, "What it is written as.", jsonl.NAME, FORMATS, parameter="format_"),
    *FILTERS,
    argument="query",
    many=ANY,
)
_FIELDS = ("command", "start", "duration", "exit", "cwd", "session", "host", "shell")
_IF_KNOWN = ("pinned", "note", "author")

Run = dict[str, Any]


@click.command("export")
@declared(SYNTAX)
def export_command(format_: str, **parameters: object) -> None:
    """Print the history: for a backup, for shells, for other tools.

    Every run, oldest first, or those that the filters leave: as options, or as in a query. As
    jsonl, what deja import restores, a line of JSON a run, pins and notes in it; times are epoch
    seconds. csv has the same fields. As zsh, bash or fish it is a history file of theirs.

    \b
    Examples:
      deja export > history.jsonl
      deja export --format csv --since 1mo
      deja export --format zsh in:repo exit:0 >> ~/.zsh_history
    """
    settings = load_config()
    asked = parse(line(parameters), time.time())
    if asked.mistakes:
        raise WrongUsage(asked.mistakes[0])
    if asked.text or asked.excluded or asked.filters.start or asked.filters.order:
        raise click.UsageError("only filters choose what is exported; words are for deja search")
    where = dict(place(settings))
    with open_store(settings) as db:
        chosen: set[int] | None = None
        if asked.filters.active:
            if told := filtered.unknown(db, asked.filters):
                raise WrongUsage(told)
            here = Place(where["cwd"], where["session"] or None)
            chosen = set(filtered.matching_runs(db, here, asked.filters))
        left_out = _print(_runs(db, chosen), format_)
    if left_out:
        say(f"{quantity(left_out, 'entry')} left out: {format_} cannot hold them", err=True)


def _runs(db: sqlite3.Connection, chosen: set[int] | None) -> Iterator[Run]:
    """Of all runs, or of those, the fields of a line of JSON; unknown is None."""
    keeps = kept.read_older(db)
    query = _RUNS.format("r.author" if have_authors(db) else "NULL")
    for run, id, text, start, duration, *others, author in db.execute(query):
        if chosen is None or run in chosen:
            times = (start and start / MICRO, duration and duration / MICRO)
            fields = dict(zip(_FIELDS, (text, *times, *others), strict=True))
            yield fields | ({"author": author} if author else {}) | _kept(keeps, id)


def _kept(found: Kept, id: int) -> Run:
    pinned: Run = {"pinned": True} if id in found.pinned else {}
    return pinned | ({"note": found.notes[id]} if id in found.notes else {})


def _print(runs: Iterator[Run], format: str) -> int:
    """How many were left out, because the format cannot hold them."""
    if format == CSV:
        write(_row((*_FIELDS, *_IF_KNOWN)))
    left_out = 0
    while lot := list(islice(runs, LOT)):
        written = [_written(run, format) for run in lot]
        left_out += written.count(None)
        write(b"".join(filter(None, written)))
    return left_out


def _written(run: Run, format: str) -> bytes | None:
    if format == jsonl.NAME:
        return f"{json.dumps(run)}\n".encode()
    if format == CSV:
        return _row(tuple(run.get(name) for name in (*_FIELDS, *_IF_KNOWN)))
    return WRITTEN[format](to_bytes(run["command"]), run["start"], run["duration"])


def _row(values: tuple[object, ...]) -> bytes:
    """As RFC 4180 has it, but for its line ends."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(values)
    return to_bytes(out.getvalue())
