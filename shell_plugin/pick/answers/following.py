"""One command that is likely next, asked of the daemon for a key press."""

import posix
import select
import sys

from backend.wire import protocol

from .connection import Connection, Unusable

# What a key press may cost.
PATIENCE_MS = 100


def main() -> int:
    """Print the command number DEJA_PICK_SKIP, from 0, of those that begin with DEJA_PICK_QUERY."""

    def text(name: str) -> str:
        return posix.environ.get(name.encode(), b"").decode("utf-8", "surrogateescape")

    skipped = text("DEJA_PICK_SKIP")
    at = int(skipped) if skipped.isdecimal() else 0
    place = ("cwd", text("PWD")), ("session", text("DEJA_PICK_SESSION"))
    try:
        reply = _ask(text("DEJA_PICK_DATA"), ("prefix", text("DEJA_PICK_QUERY")), at, *place)
    except Unusable:
        return 1
    found = [value for key, value in reply if key == protocol.ROW][at:]
    if found:
        sys.stdout.buffer.write(f"{found[0]}.".encode("utf-8", "surrogateescape"))
    return 0


def _ask(
    data_dir: str, prefix: tuple[str, str], at: int, *place: tuple[str, str]
) -> protocol.Fields:
    """The reply, empty if it is an error or late. Raises Unusable."""
    connection = Connection(data_dir)
    connection.send("next", prefix, ("limit", at + 1), *place)
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    while waiting.poll(PATIENCE_MS):
        for reply in connection.receive():
            return reply
    return []
