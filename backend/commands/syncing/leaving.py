"""deja sync off, forget-host: a machine stays alone, or goes from the history."""

import shlex

import click

from backend.commands.shared.asking import Failure, daemon, load_config
from backend.commands.syncing import now
from backend.sync import once
from backend.sync.history import Daemon
from backend.sync.once import Busy
from backend.sync.places import NotSetUp, Places


@click.command("off")
def off() -> None:
    """Stop syncing. The history stays, here and in the storage.

    \b
    Examples:
      deja sync off
    """
    config = load_config()
    where = Places(config.data_dir)
    if not where.settings.exists():
        raise Failure("sync is off; run: deja sync init URL, or: deja sync join URL")
    where.settings.unlink()
    with daemon(config) as connection:
        Daemon(connection).leave()
    try:
        with once.locked(where, wait_s=10.0):
            for path in (where.status, where.seen, where.environment):
                path.unlink(missing_ok=True)
    except Busy as error:
        raise Failure(str(error)) from error
    click.echo("sync is off; what it brought stays in the history")
    if where.identity.exists():
        name = shlex.quote(str(where.identity))
        click.echo(f"the identity stays, too; if you have it elsewhere, run: rm {name}")


@click.command("forget-host")
@click.argument("host")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def forget_host(host: str, yes: bool) -> None:
    """Remove all runs of a host that is gone, everywhere.

    On every machine, and in the storage. HOST is its name, or its id as `deja sync status` shows
    it. A mover or a storage that keeps old versions of files has them still.

    \b
    Examples:
      deja sync forget-host old-laptop
    """
    config = load_config()
    where = Places(config.data_dir)
    try:
        settings = where.read_settings()
    except NotSetUp as error:
        raise Failure(str(error)) from error
    known = where.read_status()["hosts"]
    ids = [id for id, facts in known.items() if host in (id, facts["name"])]
    if len(ids) != 1:
        many = f"{len(ids)} hosts have" if ids else "no host has"
        raise Failure(f"{many} that name; to see their ids run: deja sync status")
    if ids[0] == settings.host:
        raise Failure("that is this machine; to stop syncing it run: deja sync off")
    if not yes:
        click.confirm(f"Remove all runs of {known[ids[0]]['name']} everywhere?", abort=True)
    now.tell(now.round_now(config, forgetting=ids[0]))
    click.echo("old versions of files, where the storage or a mover keeps them, hold them still")
