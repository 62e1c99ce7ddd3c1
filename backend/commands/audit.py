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

from backend.commands.shared.asking import TIMEOUT_S, Failure, daemon, load_config, quantity
from backend.commands.shared.progress import clear, show
from backend.commands.shared.reading import open_store
from backend.config import Config
from backend.histfiles import edit
from backend.histfiles.formats import TEXT, HistoryFileError
from backend.histfiles.plan import STILL_OPEN, carry_out, plan
from backend.histfiles.reader import HistoryFile
from backend.histfiles.rewrite import NotRewritten, read
from backend.histfiles.runs.databases import DATABASES
from backend.histfiles.sources import Source, sources_here
from backend.redaction import leaks
from backend.system.text import to_text, visible
from backend.wire import protocol

FOUND = 1

# Commands of one request; a search waits until they are masked.
LOT = 1000

STORE, COPY = "store", "copy of the store"


@dataclass(frozen=True)
class Site:
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
    """Find secrets at rest, in the store and in history files.

    They are there if they were recorded before there was a rule that masks them, or by the shell
    itself. Looks through the store, copies of it that were set aside, and the history files of this
    machine. The values themselves are never shown. With --mask they are replaced, in the store
    and in the files of zsh, bash and fish; databases of other tools are only reported. The exit
    code is 1 if something was found and stands there still.

    \b
    Examples:
      deja audit
      deja audit --mask
    """
    if mask and as_json and not yes:
        raise click.UsageError("--json cannot ask; add --yes")
    settings = load_config()
    sites = list(_look(settings))
    clear()
    if not as_json:
        for site in sites:
            _show(site)
    if mask and any(_is_maskable(site) for site in sites):
        if not yes:
            click.confirm("Mask these values for good?", abort=True)
        sites = list(_masked(settings, sites))
        if not as_json:
            _tell_masked(sites)
    if as_json:
        click.echo(json.dumps({"places": [_object(site) for site in sites]}))
    else:
        _advise(sites)
    sys.exit(0 if all(site.is_clean for site in sites) else FOUND)


# Looking


def _look(settings: Config) -> Iterator[Site]:
    if settings.store_file.exists():
        yield _store(settings)
    for pattern in (".aside-*", ".v[0-9]*"):
        for path in sorted(settings.data_dir.glob(settings.store_file.name + pattern)):
            if not path.name.endswith(("-wal", "-shm")):
                yield _copy(path)
    yield from history_files()


def history_files() -> Iterator[Site]:
    """The history files of this machine, each looked through."""
    for source in sources_here():
        show(f"looking through {source.path}")
        yield _text_file(source) if source.format in TEXT else _database(source)


def _store(settings: Config) -> Site:
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
    return Site(settings.store_file, STORE, found, ids=tuple(ids))


def _copy(path: Path) -> Site:
    """Opened as it is: SQLite would write beside it otherwise."""
    try:
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as db:
            db.text_factory = to_text
            rows = db.execute("SELECT text, last_exit FROM commands")
            return Site(path, COPY, leaks.tally(rows))
    except sqlite3.Error:
        return Site(path, COPY, NOTHING, "is damaged, and may hold secrets")


def _text_file(source: Source) -> Site:
    try:
        data = read(source.path).data
    except NotRewritten as error:
        return Site(source.path, source.format, NOTHING, str(error))
    found = leaks.tally((command, None) for command in edit.commands(data, source.format))
    return Site(source.path, source.format, found)


def _database(source: Source) -> Site:
    history = HistoryFile(source.path, source.format)
    try:
        found = leaks.tally((entry.command, entry.exit) for entry in history)
    except HistoryFileError as error:
        return Site(source.path, source.format, NOTHING, str(error))
    problem = "is damaged: the rest of it was not read" if history.damaged else None
    return Site(source.path, source.format, found, problem)


# Masking


def _is_maskable(site: Site) -> bool:
    return bool(site.leaks.values) and site.format in (STORE, *TEXT)


def _masked(settings: Config, sites: list[Site]) -> Iterator[Site]:
    edits, problems = plan(edit.masked)
    problems |= carry_out(edits)
    for site in sites:
        if not _is_maskable(site):
            yield site
        elif site.format == STORE:
            yield _mask_store(settings, site)
        else:
            problem = problems.get(site.path)
            yield replace(site, problem=problem, masked=problem is None)


def _mask_store(settings: Config, site: Site) -> Site:
    try:
        with daemon(settings) as connection:
            for start in range(0, len(site.ids), LOT):
                ids = [("id", id) for id in site.ids[start : start + LOT]]
                connection.ask(protocol.request("mask", *ids), TIMEOUT_S)
    except Failure as error:
        return replace(site, problem=error.format_message())
    return replace(site, masked=True)


# Telling


def _show(site: Site) -> None:
    found = site.leaks
    name = f"{visible(str(site.path))} ({site.format})"
    if site.problem:
        click.echo(f"{name}: {site.problem}")
    if not found.values:
        if not site.problem:
            click.echo(f"{name}: clean")
        return
    kinds = ", ".join(f"{kind} {times:,}" for kind, times in found.kinds.items())
    values, commands = quantity(found.values, "value"), quantity(found.commands, "command")
    click.echo(f"{name}: {values} in {commands} ({kinds})")
    for preview in found.previews:
        click.echo(f"    {preview}")
    if found.commands > len(found.previews):
        click.echo(f"    … {found.commands:,} in all")


def _tell_masked(sites: list[Site]) -> None:
    for site in sites:
        if site.masked:
            click.echo(f"{visible(str(site.path))}: {site.leaks.values:,} masked")
        elif _is_maskable(site):
            click.echo(site.problem, err=True)
    if any(site.masked and site.format != STORE for site in sites):
        click.echo(STILL_OPEN)


def _advise(sites: list[Site]) -> None:
    """What to do about what stands there still."""
    left = [site for site in sites if not site.is_clean]
    if any(_is_maskable(site) and site.problem is None for site in left):
        click.echo("to mask them, run: deja audit --mask")
    for site in left:
        if site.format == COPY:
            name = shlex.quote(str(site.path))
            click.echo(f"once you do not need the copy, remove it: rm {name}")
        elif site.format in DATABASES:
            click.echo(f"{site.format} keeps its own database; delete the entries with its tools")


def _object(site: Site) -> dict[str, object]:
    return {
        "path": str(site.path),
        "format": site.format,
        **asdict(site.leaks),
        "masked": site.masked,
        "problem": site.problem,
    }
