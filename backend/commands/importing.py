"""deja import: the histories that are there already, into the store.

The daemon does the writing; this reads files, sends records in lots, and shows how far both
the import and the embedding behind it have come.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import click

from backend.commands.shared.asking import TIMEOUT_S, Failure, NoModel, daemon, load_config
from backend.commands.shared.progress import clear, show, wait_until_embedded
from backend.commands.shared.reading import open_store
from backend.config import Config
from backend.histfiles.formats import FORMATS, HistoryFileError, detect
from backend.histfiles.reader import HistoryFile
from backend.histfiles.runs import jsonl
from backend.histfiles.sources import Source, sources_here
from backend.storage import kept
from backend.system.text import to_bytes
from backend.wire import client, protocol
from backend.wire.limits import is_too_long_for_note, limited
from backend.wire.record import to_fields

# Records of one request are stored in one transaction, during which a search waits.
LOT = 200
LOT_BYTES = protocol.MAX_REQUEST_BYTES // 2


@click.command("import")
@click.argument("source", type=click.Choice(["auto", *FORMATS]), default="auto", metavar="[FORMAT]")
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="This file.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    metavar="FORMAT",
    help="The file's format; found out where it tells.",
)
@click.option("--no-wait", is_flag=True, help="Do not wait until everything is embedded.")
def import_command(source: str, path: Path | None, format_: str | None, no_wait: bool) -> None:
    """Import histories of shells and of other tools.

    Importing one again adds nothing. Without --file, takes every history found on this machine, or
    those of one FORMAT: zsh, bash, fish, xonsh, xonsh-json, nushell, nushell-text, powershell,
    atuin, mcfly, hishtory, histdb, resh; lines, a command a line; jsonl, what deja export writes.

    \b
    Examples:
      deja import
      deja import zsh
      deja import --file old-laptop.jsonl --format jsonl
    """
    chosen = _chosen(source, path, format_)
    if not chosen:
        click.echo("no history found to import; name one: deja import --file PATH")
        return
    settings = load_config()
    with daemon(settings) as connection:
        for item in chosen:
            _keep(settings, connection, _import(connection, item))
        if not no_wait:
            _embed(connection)


def _embed(connection: client.Connection) -> None:
    """What was imported is found by text in any case: no model is no failure here."""
    try:
        wait_until_embedded(connection)
    except NoModel as error:
        error.show()


def _chosen(source: str, path: Path | None, format_: str | None) -> list[Source]:
    if path is not None:
        known = format_ or (source if source != "auto" else None)
        try:
            return [Source(path, known or detect(path))]
        except HistoryFileError as error:
            raise Failure(str(error)) from error
    if format_:
        raise click.UsageError("--format needs --file")
    return [item for item in sources_here() if source in ("auto", item.format)]


def _import(connection: client.Connection, source: Source) -> HistoryFile:
    history = HistoryFile(source.path, source.format)
    too_long: Counter[str] = Counter()
    read = added = 0
    try:
        for lot in _lots(_limited(history, too_long)):
            read += len(lot)
            added += _send(connection, lot, exact=source.format == jsonl.NAME)
            show(f"reading {source.path}: {read:,} entries")
    except HistoryFileError as error:
        clear()
        raise Failure(str(error)) from error
    clear()
    unreadable = f", {history.unreadable:,} unreadable" if history.unreadable else ""
    damaged = "; the file is damaged beyond that" if history.damaged else ""
    click.echo(
        f"{source.path} ({source.format}): {read:,} entries, {added:,} new{unreadable}{damaged}"
    )
    for refused in history.refused:
        click.echo(refused, err=True)
    if too_long:
        told = ", ".join(f"{name} {times:,}" for name, times in too_long.items())
        click.echo(f"longer than allowed, commands cut and other fields left out: {told}")
    return history


def _keep(settings: Config, connection: client.Connection, history: HistoryFile) -> None:
    """Pin and note what the file says. Of a note that differs from the one there is, neither is
    lost.
    """
    with open_store(settings) if history.pinned or history.notes else nullcontext() as db:
        if db is None:
            return
        known = kept.read(db)
        ids = {command: _id(db, command) for command in {*history.pinned, *history.notes}}
    for command, id in ids.items():
        if id is None:
            continue
        if command in history.pinned and id not in known.pinned:
            connection.ask(protocol.request("pin", ("id", id), ("on", 1)), TIMEOUT_S)
        note, before = history.notes.get(command, ""), known.notes.get(id, "")
        both = "\n".join(filter(None, (before, note)))
        if note not in before and not is_too_long_for_note(both):
            connection.ask(protocol.request("note", ("id", id), ("text", both)), TIMEOUT_S)


def _id(db: sqlite3.Connection, command: str) -> int | None:
    query = "SELECT id FROM commands WHERE text = CAST(? AS TEXT)"
    row = db.execute(query, (to_bytes(command),)).fetchone()
    return row and int(row[0])


def _limited(history: HistoryFile, too_long: "Counter[str]") -> Iterator[protocol.Fields]:
    """The records of a file, as they travel; counts the fields that were too long."""
    for entry in history:
        record, names = limited(entry)
        too_long.update(names)
        yield to_fields(record)


def _lots(records: Iterator[protocol.Fields]) -> Iterator[list[protocol.Fields]]:
    lot: list[protocol.Fields] = []
    size = 0
    for fields in records:
        bytes_ = len(protocol.encode(fields))
        if lot and (len(lot) == LOT or size + bytes_ > LOT_BYTES):
            yield lot
            lot, size = [], 0
        lot.append(fields)
        size += bytes_
    if lot:
        yield lot


def _send(connection: client.Connection, lot: list[protocol.Fields], exact: bool) -> int:
    fields = [field for record in lot for field in record]
    reply = connection.ask(protocol.request("import", ("exact", int(exact)), *fields), TIMEOUT_S)
    return int(dict(reply)["added"])
