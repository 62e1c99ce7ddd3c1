"""deja ssh: the shell, and what was typed in it brought home."""

import os
import re
import sys
import time
from dataclasses import replace
from pathlib import Path

import click

from backend.commands.remote import carried
from backend.commands.remote.host import FOLDER, Host, connected
from backend.commands.shared.asking import Failure, load_config, quantity
from backend.storage import spool
from backend.system import private
from backend.wire import protocol
from backend.wire.record import Record, to_fields

# What ssh returns when it could not connect, or the connection broke.
BROKEN = 255


@click.command(
    "ssh", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}
)
@click.option("--shell", type=click.Choice(["zsh", "bash"]), help="Not the user's own shell there.")
@click.argument("arguments", metavar="[SSH OPTIONS] HOST", nargs=-1, type=click.UNPROCESSED)
def ssh_command(shell: str | None, arguments: tuple[str, ...]) -> None:
    """Open a shell on another machine whose commands are found here.

    It needs no deja there, but zsh 5.8 or bash 5.0: the hooks go along, and nothing stays there
    once the shell has ended. Its commands come with host:HOST.

    \b
    Examples:
      deja ssh web1
      deja ssh -p 2222 root@web1.example.com
    """
    settings = load_config()
    try:
        private.make(settings.data_dir)
        spool_dir = private.make(settings.spool_dir)
    except (OSError, private.UnsafeDirectory) as error:
        raise Failure(f"cannot keep what is typed: {error}; run: deja doctor") from error
    with connected(arguments) as host:
        code = host.shell(host.begin(carried.archive()), shell)
        try:
            count = _fetch(host, spool_dir)
        except (Failure, OSError) as error:
            click.echo(
                f"what was typed stays in ~/{FOLDER} of {host.name} ({error}); "
                "it comes with the next: deja ssh",
                err=True,
            )
        else:
            if count:
                click.echo(
                    f"{quantity(count, 'command')} of {host.name} can be found here", err=True
                )
    sys.exit(code)


def _fetch(host: Host, spool_dir: Path) -> int:
    """Bring home what shells that have ended recorded there, and wipe it there; how much it was."""
    count = 0
    for folder in host.ended():
        records, *_ = spool.parse(host.recorded(folder))
        count += len(records)
        if records:
            _write(spool_dir, host.name, folder, records)
        host.wipe(folder)
    return count


def _write(spool_dir: Path, host: str, folder: str, records: list[Record]) -> None:
    """Into a spool file, which is on the disk when this returns. The same again is no more: its
    name is the folder's.

    What the other machine says is taken for text alone: that it is of `host` is known here.
    """
    plain = re.sub(r"[^A-Za-z0-9-]", "-", host)
    name = f"{plain}-{folder.rpartition('/')[2]}.0.{_began(records)}"
    data = b"".join(_encoded(replace(record, host=host)) for record in records)
    path = spool_dir / f"{spool.SCRATCH}{name}"
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.replace(spool_dir / name)


def _began(records: list[Record]) -> int:
    first = min((record.start for record in records if record.start), default=time.time())
    return int(first * 1e6)


def _encoded(record: Record) -> bytes:
    return b"\0" + protocol.RECORD_MARK + b"\0" + protocol.encode(to_fields(record))
