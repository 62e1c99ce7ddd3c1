"""deja sync init, join, install: a history begins, or a machine comes to it."""

import os
import shlex
import socket
import sys
import time
from pathlib import Path

import click

from backend.commands.shared.asking import APP, Failure, load_config
from backend.commands.syncing import now, packages
from backend.config import Config
from backend.daemon import control
from backend.sync import identity, key_check, once, places, stores
from backend.sync.history import Daemon
from backend.sync.identity import Identity, NoIdentity
from backend.sync.places import NotSetUp, Places, Settings
from backend.sync.segment import Seal
from backend.sync.stores.store import Exists, ObjectStore
from backend.system import private

_STDIN = "-"

_identity_file = click.option(
    "--identity", "file", metavar="FILE", help="The identity: a file, or - for stdin; asks nothing."
)
_may_install = click.option(
    "--install/--no-install", default=None, help="Install what sync needs; default: ask."
)


@click.command("init")
@click.argument("url")
@_identity_file
@_may_install
def init(url: str, file: str | None, install: bool | None) -> None:
    """Begin a history at URL.

    URL is a folder, s3://bucket/prefix, gs://bucket, az://container or rclone:remote:path. Makes
    the identity, the one key to the history, and prints its 24 words to be written down. With
    --identity they are not printed: FILE gets it, or is read if it is there.

    \b
    Examples:
      deja sync init ~/Syncthing/deja
      deja sync init 's3://deja/me?endpoint=http://nas:9000&region=us-east-1'
      deja sync init rclone:drive:deja --identity ~/deja.key
    """
    config, where = _prepared(install)
    try:
        url = stores.absolute(url)
        _make_folder(url)
        storage = stores.open_store(url)
        found = _identity_to_begin(where, file, storage, url)
        _keep(where, found)
        _begin(storage, found, url)
        _set_up(config, where, url, found)
    except once.FAILURES as error:
        raise Failure(once.line(error)) from error
    if file is None:
        _show_words(found, where, url)
    now.tell(now.round_now(config))


@click.command("join")
@click.argument("url")
@_identity_file
@_may_install
def join(url: str, file: str | None, install: bool | None) -> None:
    """Bring this machine to the history at URL.

    Asks for the 24 words that init printed, or the AGE-SECRET-KEY, and does not show them.

    \b
    Examples:
      deja sync join s3://my-bucket/deja
      ssh laptop cat deja.key | deja sync join ~/Syncthing/deja --identity -
    """
    config, where = _prepared(install)
    try:
        url = stores.absolute(url)
        storage = stores.open_store(url)
        found = _read(file) if file else _kept_for(storage, where, url) or _asked()
        key_check.check(storage, Seal(found), url, is_on=False)
        _keep(where, found)
        _set_up(config, where, url, found)
    except once.FAILURES as error:
        raise Failure(once.line(error)) from error
    now.tell(now.round_now(config))


@click.command("install")
def install() -> None:
    """Install what sync needs into deja's own environment.

    \b
    Examples:
      deja sync install
    """
    packages.need(install=True)
    click.echo("sync has what it needs")


def _prepared(install: bool | None) -> tuple[Config, Places]:
    """Where sync is to be, which is off."""
    config = load_config()
    where = Places(config.data_dir)
    if where.settings.exists():
        try:
            at = where.read_settings().url
        except NotSetUp as error:
            raise Failure(str(error)) from error
        raise Failure(f"sync is on already, at {at}; to change that run: deja sync off")
    packages.need(install)
    try:
        private.make(config.data_dir)
        private.make(where.directory)
    except (private.UnsafeDirectory, OSError) as error:
        raise Failure(str(error)) from error
    return config, where


def _make_folder(url: str) -> None:
    """Its last part alone: where the rest is missing, something is not mounted."""
    path = stores.directory(url)
    if path and path.parent.is_dir():
        path.mkdir(mode=0o700, exist_ok=True)


def _keep_environment(where: Places, url: str) -> None:
    """The credentials that have opened the storage, for the daemon; no others."""
    kept = stores.variables(url, os.environ)
    if not kept:
        where.environment.unlink(missing_ok=True)
        return
    places.write_json(where.environment, kept)
    click.echo(
        f"kept for the daemon, which has no variables of a shell, in {where.environment}: "
        + ", ".join(sorted(kept)),
        err=True,
    )


def _identity_to_begin(where: Places, file: str | None, storage: ObjectStore, url: str) -> Identity:
    """One that is given or here already; else it is made, and FILE gets it."""
    if file == _STDIN or (file and Path(file).expanduser().exists()):
        return _read(file)
    if file is None and where.identity.exists():
        return _kept(where)
    if key_check.is_there(storage):
        # Not after one was made: it would be in the way of the one that is asked for next.
        raise _used(url)
    made = Identity.generate()
    if file:
        path = Path(file).expanduser()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as written:
            written.write(_as_file(made))
    return made


def _kept_for(storage: ObjectStore, where: Places, url: str) -> Identity | None:
    """The identity that is here; None if there is none, or it is that of another storage."""
    if not where.identity.exists():
        return None
    found = _parsed(where.identity.read_text("utf-8"))
    try:
        key_check.check(storage, Seal(found), url, is_on=False)
    except key_check.WrongKey:
        return None
    return _kept(where)


def _asked() -> Identity:
    if not sys.stdin.isatty():
        raise NotSetUp(
            "the identity is needed, and this is no terminal to ask at; add --identity FILE, "
            "or --identity - and give it on stdin"
        )
    return _parsed(click.prompt("The 24 words, or the AGE-SECRET-KEY", hide_input=True, err=True))


def _kept(where: Places) -> Identity:
    name = shlex.quote(str(where.identity))
    click.echo(f"with the identity that is here; for another run: rm {name}", err=True)
    return _parsed(where.identity.read_text("utf-8"))


def _read(file: str) -> Identity:
    data = sys.stdin.buffer.read() if file == _STDIN else Path(file).expanduser().read_bytes()
    return _parsed(data.decode("utf-8", "replace"))


def _parsed(text: str) -> Identity:
    try:
        return identity.parse(text)
    except NoIdentity as error:
        raise NotSetUp(str(error)) from error


def _keep(where: Places, found: Identity) -> None:
    """Another one that is here may be the only copy that there is: it gets out of the way."""
    if where.identity.exists():
        before = _parsed(where.identity.read_text("utf-8"))
        if before.text() != found.text():
            where.identity.rename(where.identity.with_name(f"identity-{before.fingerprint()}"))
    places.write(where.identity, _as_file(found).encode())


def _as_file(found: Identity) -> str:
    return f"# deja sync: who has this reads and writes the history\n{found.text()}\n"


def _begin(storage: ObjectStore, found: Identity, url: str) -> None:
    """Write the key-check. One that this identity opens is from an `init` that was cut off."""
    try:
        key_check.write(storage, Seal(found))
    except Exists as error:
        try:
            key_check.check(storage, Seal(found), url)
        except key_check.WrongKey:
            raise _used(url) from error


def _used(url: str) -> Exists:
    return Exists(f"{url} holds a history already; run: deja sync join {shlex.quote(url)}")


def _set_up(config: Config, where: Places, url: str, found: Identity) -> None:
    """From here on, sync is on."""
    _keep_environment(where, url)
    name = socket.gethostname()
    with control.connect_or_start(config, APP) as connection:
        host = Daemon(connection).name_host(
            os.urandom(8).hex(), name, found.key("digest").hex(), anew=True
        )
    settings = Settings(url, host, name, found.fingerprint(), int(time.time()))
    places.write_json(where.settings, settings._asdict())


def _show_words(found: Identity, where: Places, url: str) -> None:
    words = found.words().split()
    click.echo("The identity, in words. Write them down: who has them has the history, and without")
    click.echo(f"them no other machine comes to it. Here it is kept in {where.identity}\n")
    for at in range(0, len(words), 6):
        row = enumerate(words[at : at + 6], at + 1)
        click.echo("  " + "".join(f"{number:2} {word:<10}" for number, word in row).rstrip())
    click.echo(f"\nOn the other machines run: deja sync join {shlex.quote(url)}\n")
