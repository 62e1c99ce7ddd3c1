"""deja restore: go back to a snapshot of the history."""

import os
import sqlite3
import time
from pathlib import Path

import click

from backend.commands.shared.asking import Failure, WrongUsage, daemon, load_config
from backend.config import Config
from backend.daemon import control, lock
from backend.engine import contents
from backend.meaning import vectors
from backend.storage import snapshots
from backend.storage.rescue import recovery
from backend.storage.snapshots import Snapshot


@click.command("restore")
@click.argument("number", type=int, required=False)
@click.option("--list", "only_list", is_flag=True, help="Show the snapshots.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def restore_command(number: int | None, only_list: bool, yes: bool) -> None:
    """Go back to a snapshot of the history.

    It is the newest, or the one of this NUMBER. The daemon takes a snapshot a day and keeps three.
    What is there now is kept under another name. What was forgotten since does not come back.

    \b
    Examples:
      deja restore --list
      deja restore 3
    """
    settings = load_config()
    found = snapshots.found(settings.store_file)
    if not found:
        raise Failure(f"there is no snapshot in {settings.snapshots_dir} yet; run: deja start")
    if only_list:
        for snapshot in found:
            click.echo(_line(snapshot))
        return
    chosen = _chosen(found, number)
    click.echo(_line(chosen))
    if not yes:
        click.confirm("Put it in the place of the history as it is now?", abort=True)
    aside = _restore(settings, chosen)
    with daemon(settings):
        kept = f"; what was there is kept as {aside}" if aside else ""
        click.echo(f"restored{kept}")


def _chosen(found: list[Snapshot], number: int | None) -> Snapshot:
    chosen = next((one for one in found if number in (None, one.number)), None)
    if chosen is None:
        raise WrongUsage(f"there is no snapshot {number}; run: deja restore --list")
    return chosen


def _line(snapshot: Snapshot) -> str:
    """`3  2026-01-31 14:05  12,345 commands  67,890 runs`"""
    taken = time.strftime("%Y-%m-%d %H:%M", time.localtime(snapshot.taken))
    try:
        held = snapshots.contents(snapshot.path)
    except sqlite3.Error as error:
        return f"{snapshot.number:>3}  {taken}  cannot be read: {error}"
    return f"{snapshot.number:>3}  {taken}  {held.commands:,} commands  {held.runs:,} runs"


def _restore(settings: Config, chosen: Snapshot) -> Path | None:
    """With the daemon stopped, and none started meanwhile; where the history of before is."""
    try:
        control.stop(settings)
        held = lock.hold(settings.lock_file)
    except (control.Stuck, lock.AlreadyRunning) as error:
        raise Failure(f"nothing was restored: {error}") from error
    try:
        aside = recovery.restore(settings.store_file, chosen.path)
        # They would name other commands by its numbers.
        contents.remove_saved(settings)
        vectors.remove(settings.vectors_dir)
    except (sqlite3.Error, OSError) as error:
        raise Failure(f"cannot restore {chosen.path}: {error}; see: deja restore --list") from error
    finally:
        os.close(held)
    return aside
