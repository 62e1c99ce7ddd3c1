"""What the commands share: the configuration, a connection to the daemon, errors, quantities."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from backend import config
from backend.daemon import control
from backend.wire import client, protocol

APP = Path(__file__).resolve().parent.parent.parent / "app.py"

# Loading a model takes a fraction of a second, on a busy machine a few.
SOON_S = 10.0

# No answer takes longer on a machine that works; a stuck daemon must not hold a terminal.
TIMEOUT_S = 30.0


class Failure(click.ClickException):
    """An error that ends the command: one line on stderr, and an exit code of the contract."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.format_message(), file=file, err=file is None)


class WrongUsage(Failure):
    """What was asked for makes no sense here."""

    exit_code = 2


class NoDaemon(Failure):
    """No daemon, and none could be started."""

    exit_code = 3


class NoModel(Failure):
    """Meaning was asked for, and there is no model."""

    exit_code = 4


def load_config() -> config.Config:
    """The configuration, or WrongUsage."""
    try:
        return config.load()
    except config.ConfigError as error:
        raise WrongUsage(str(error)) from error


def quantity(number: int, noun: str) -> str:
    """`1 entry`, `1,024 entries`."""
    plural = noun.removesuffix("y") + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {noun if number == 1 else plural}"


@contextmanager
def daemon(settings: config.Config, start: bool = True) -> Iterator[client.Connection]:
    """A connection to the daemon, started if need be. Whatever goes wrong becomes a Failure."""
    try:
        if start:
            connection = control.connect_or_start(settings, APP)
        else:
            connection = client.connect(settings.rendezvous_file)
        with connection:
            yield connection
    except client.Unavailable as error:
        raise NoDaemon(str(error)) from error
    except client.Refused as error:
        if error.code == protocol.NO_MODEL:
            raise NoModel(str(error)) from error
        raise Failure(str(error)) from error


def ask_soon(
    connection: client.Connection, request: bytes, late: type[Failure] = NoModel
) -> protocol.Fields:
    """The reply; a daemon that has just started gets time to load what it needs, then it is `late`
    and fails as such.
    """
    deadline = time.monotonic() + SOON_S
    while True:
        try:
            return connection.ask(request, TIMEOUT_S)
        except client.Refused as error:
            if error.code != protocol.SOON:
                raise
            if time.monotonic() >= deadline:
                raise late(str(error)) from error
        time.sleep(0.05)
