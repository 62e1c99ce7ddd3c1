"""A line of progress on the terminal, and waiting for the daemon to embed."""

import sys
import time

import click

from backend.commands.shared.asking import TIMEOUT_S, NoModel
from backend.wire import client, protocol

POLL_S = 0.2


def show(text: str) -> None:
    """Write over the present line of the terminal; nothing where stderr is none."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{text}", nl=False, err=True)


def clear() -> None:
    """Take the line of progress away."""
    show("")


def wait_until_embedded(connection: client.Connection) -> None:
    """Show how far the embedding is until it is done. Ctrl-C ends the showing, not the work.

    NoModel if there is no model to do it.
    """
    try:
        total = _watch(connection)
    except KeyboardInterrupt:
        clear()
        click.echo("the rest is embedded in the background; searching works meanwhile")
        return
    click.echo(f"all {total:,} commands can be found by meaning")


def _watch(connection: client.Connection) -> int:
    first: tuple[float, int] | None = None
    while True:
        status = dict(connection.ask(protocol.request("status"), TIMEOUT_S))
        done = int(status["embedded"]) - int(status.get("outdated", 0))
        total = int(status["commands"])
        if "model" in status:
            first = first or (time.monotonic(), done)
            if done >= total:
                clear()
                return total
            show(_bar(done, total, first))
        elif status.get("loading") != "1":
            clear()
            raise NoModel(status.get("model_problem", "there is no model; run: bash install.sh"))
        time.sleep(POLL_S)


def _bar(done: int, total: int, first: tuple[float, int]) -> str:
    """`[####----] 1,024/5,355  210/s  21 s left`"""
    filled = "#" * (24 * done // total)
    elapsed = time.monotonic() - first[0]
    rate = (done - first[1]) / elapsed if elapsed > 0.5 else 0.0
    left = f"  {rate:.0f}/s  {(total - done) / rate:.0f} s left" if rate else ""
    return f"embedding [{filled:-<24}] {done:,}/{total:,}{left}"
