"""deja audit: secrets that are at rest already, in the store and in the shells' history files."""

import json
import shlex
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click

from backend.commands import history_places
from backend.commands.asking import TIMEOUT_S, Failure, daemon, load_config
from backend.commands.history_places import count
from backend.commands.progress import clear, show
from backend.commands.reading import open_store
from backend.config import Config
from backend.histfiles import edit
from backend.histfiles.files import HistoryFile, HistoryFileError
from backend.histfiles.rewrite import NotRewritten, read
from backend.histfiles.sources import Source
from backend.redaction import leaks
from backend.system.text import to_text, visible
from backend.wire import protocol

FOUND = 1

# Commands of one request; a search waits until they are masked.
LOT = 1000

STORE, COPY = "store", "copy of the store"


@dataclass(frozen=True)
class Place:
    """Where it was looked, what was found, and why it could not be (wholly) read or masked.

    ids: the commands of the store that hold secrets. masked: they hold them no longer.
    """

    path: Path
    format: str
    leaks: leaks.Leaks
    problem: str | None = None
    ids: tuple[int, ...] = ()
    masked: bool = False

    @property
    def is_clean(self) -> bool:
        return self.problem is None and (self.masked or not self.leaks.values)


NOTHING = leaks.tally(())


@click.command("audit")
@click.option("--mask", is_flag=True, help="Mask what is found: in the store and in text files.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def audit_command(mask: bool, yes: bool, as_json: bool) -> None:
    """Find values of secrets in what was recorded before there was a rule that masks them.

    Looks through the store, copies of it that were set aside, and the history files of this
    machine. The values themselves are never shown. With --mask they are replaced, in the store
    and in the files of zsh, bash and fish; databases of other tools are only reported. The exit
    code is 1 if something was found and stands there still.
    """
    if mask and as_json and not yes:
        raise click.UsageError("--json cannot ask; add --yes")
    settings = load_config()
    places = list(_look(settings))
    clear()
    if not as_json:
        for place in places:
            _show(place)
    if mask and any(_is_maskable(place) for place in places):
        if not yes:
            click.confirm("Mask these values for good?", abort=True)
        places = list(_masked(settings, places))
        if not as_json:
            _tell_masked(places)
    if as_json:
        click.echo(json.dumps({"places": [_object(place) for place in places]}))
    else:
        _advise(places)
    sys.exit(0 if all(place.is_clean for place in places) else FOUND)


# Looking


def _look(settings: Config) -> Iterator[Place]:
    if settings.store_file.exists():
        yield _store(settings)
    for pattern in (".aside-*", ".v[0-9]*"):
        for path in sorted(settings.data_dir.glob(settings.store_file.name + pattern)):
            if not path.name.endswith(("-wal", "-shm")):
                yield _copy(path)
    for source in history_places.found():
        show(f"looking through {source.path}")
        yield _database(source) if history_places.is_database(source) else _text_file(source)


def _store(settings: Config) -> Place:
    ids: list[int] = []

    def leaking(db: sqlite3.Connection) -> Iterator[tuple[str, int | None]]:
        rows = db.execute("SELECT id, text, last_exit FROM commands ORDER BY id")
        for number, (id, text, exit) in enumerate(rows):
            if number % 1000 == 0:
                show(f"looking through the store: {number:,} commands")
            if leaks.secrets(text, exit):
                ids.append(id)
                yield text, exit

    with open_store(settings) as db:
        found = leaks.tally(leaking(db))
    return Place(settings.store_file, STORE, found, ids=tuple(ids))


def _copy(path: Path) -> Place:
    """Opened as it is: SQLite would write beside it otherwise."""
    try:
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as db:
            db.text_factory = to_text
            rows = db.execute("SELECT text, last_exit FROM commands")
            return Place(path, COPY, leaks.tally(rows))
    except sqlite3.Error:
        return Place(path, COPY, NOTHING, "is damaged, and may hold secrets")


def _text_file(source: Source) -> Place:
    try:
        data = read(source.path).data
    except NotRewritten as error:
        return Place(source.path, source.format, NOTHING, str(error))
    found = leaks.tally((command, None) for command in edit.commands(data, source.format))
    return Place(source.path, source.format, found)


def _database(source: Source) -> Place:
    history = HistoryFile(source.path, source.format)
    try:
        found = leaks.tally((entry.command, entry.exit) for entry in history)
    except HistoryFileError as error:
        return Place(source.path, source.format, NOTHING, str(error))
    problem = "is damaged: the rest of it was not read" if history.damaged else None
    return Place(source.path, source.format, found, problem)


# Masking


def _is_maskable(place: Place) -> bool:
    database = history_places.is_database(Source(place.path, place.format))
    return bool(place.leaks.values) and place.format != COPY and not database


def _masked(settings: Config, places: list[Place]) -> Iterator[Place]:
    edits, problems = history_places.plan(edit.masked)
    problems |= history_places.carry_out(edits)
    for place in places:
        if not _is_maskable(place):
            yield place
        elif place.format == STORE:
            yield _mask_store(settings, place)
        else:
            problem = problems.get(place.path)
            yield replace(place, problem=problem, masked=problem is None)


def _mask_store(settings: Config, place: Place) -> Place:
    try:
        with daemon(settings) as connection:
            for start in range(0, len(place.ids), LOT):
                ids = [("id", id) for id in place.ids[start : start + LOT]]
                connection.ask(protocol.request("mask", *ids), TIMEOUT_S)
    except Failure as error:
        return replace(place, problem=error.format_message())
    return replace(place, masked=True)


# Telling


def _show(place: Place) -> None:
    found = place.leaks
    name = f"{visible(str(place.path))} ({place.format})"
    if place.problem:
        click.echo(f"{name}: {place.problem}")
    if not found.values:
        if not place.problem:
            click.echo(f"{name}: clean")
        return
    kinds = ", ".join(f"{kind} {times:,}" for kind, times in found.kinds.items())
    values, commands = count(found.values, "value"), count(found.commands, "command")
    click.echo(f"{name}: {values} in {commands} ({kinds})")
    for preview in found.previews:
        click.echo(f"    {preview}")
    if found.commands > len(found.previews):
        click.echo(f"    … {found.commands:,} in all")


def _tell_masked(places: list[Place]) -> None:
    for place in places:
        if place.masked:
            click.echo(f"{visible(str(place.path))}: {place.leaks.values:,} masked")
        elif _is_maskable(place):
            click.echo(place.problem, err=True)
    if any(place.masked and place.format != STORE for place in places):
        click.echo(history_places.STILL_OPEN)


def _advise(places: list[Place]) -> None:
    """What to do about what stands there still."""
    left = [place for place in places if not place.is_clean]
    if any(_is_maskable(place) and place.problem is None for place in left):
        click.echo("to mask them, run: deja audit --mask")
    for place in left:
        if place.format == COPY:
            name = shlex.quote(str(place.path))
            click.echo(f"once you do not need the copy, remove it: rm {name}")
        elif history_places.is_database(Source(place.path, place.format)):
            click.echo(f"{place.format} keeps its own database; delete the entries with its tools")


def _object(place: Place) -> dict[str, object]:
    return {
        "path": str(place.path),
        "format": place.format,
        **asdict(place.leaks),
        "masked": place.masked,
        "problem": place.problem,
    }
