"""The messages between shells, picker, command line and daemon.

The picker imports this on the key-press path.

A message is a run of fields `key=value`, each ended by NUL; an empty field ends the
message. Values hold any byte but NUL and are decoded as UTF-8 with surrogateescape, so
invalid UTF-8 survives. A request begins with `v` and `verb`. A reply begins with `ok=1`, or
it begins with `ok=0` and holds a `code` and a one-line `error`. In a reply to `search` each
`command` field begins a row, and the fields after it, up to the next `command`, belong to
that row: see row.py. What stands before the first is the head, whose names rows use again.
A reply to `episodes` has the form of episode.py; so have the fields of a head that begin with
`episode`, of one that answers a sentence far better than any row.

The codes say what a program can do about an error; its text is for people and may change.

    no-model     meaning is needed, and there is no model that works
    soon         what is needed is being loaded: the same request may be answered in a second
    bad-request  no such verb, or fields that make no sense
    internal     the daemon failed, or its disk did

A daemon that is older than the codes sends none, and one that is newer perhaps another.

The spool uses the same fields: see RECORD_MARK.
"""

# `collections.abc` brings `collections`: it would be half of what the picker imports in all.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION = 1

# A client that sends more than this without ending its message is cut off.
MAX_REQUEST_BYTES = 1 << 20

# One record of the spool is NUL, this mark, NUL, its fields, and an empty field. The mark
# has no "=", so it can never be a field: a record torn by a full disk or a killed shell
# ends where the next mark begins, and spoils nothing but itself. One without `cmd` that has
# `aliases` tells what names stand for in its `shell`, as it prints its aliases and functions.
RECORD_MARK = b"deja1"

# What a request can ask for: auto is by meaning and text, or by text alone without a model. A
# reply names what was done, hybrid in place of auto where both were.
MODES = AUTO, MEANING, TEXT = "auto", "meaning", "text"
HYBRID = "hybrid"

# The field that begins a row of a reply to `search`.
ROW = "command"

NO_MODEL = "no-model"
SOON = "soon"
BAD_REQUEST = "bad-request"
INTERNAL = "internal"

Fields = list[tuple[str, str]]


class ProtocolError(ValueError):
    """A message that is not in the form above: a field without `=`, or not ended."""


def encode(fields: "Iterable[tuple[str, str | int | float]]") -> bytes:
    """The bytes of one message. NUL inside a value, which no shell can hold, is dropped."""
    parts = [f"{key}={value}".replace("\0", "") for key, value in fields]
    return "\0".join([*parts, "", ""]).encode("utf-8", "surrogateescape")


def decode(message: bytes) -> Fields:
    """The fields of one message as split off by `split`.

    Raises ProtocolError if a field has no `=`.
    """
    return [_field(part) for part in message.split(b"\0") if part]


def _field(part: bytes) -> tuple[str, str]:
    key, equals, value = part.decode("utf-8", "surrogateescape").partition("=")
    if not equals:
        raise ProtocolError("a field has no '='")
    return key, value


def head(fields: Fields) -> Fields:
    """The fields of a reply that stand before its first row."""
    for at, (key, _) in enumerate(fields):
        if key == ROW:
            return fields[:at]
    return fields


def split(buffer: bytes) -> tuple[list[bytes], bytes]:
    """Complete messages at the start of `buffer`, and the bytes left over."""
    *messages, rest = buffer.split(b"\0\0")
    return messages, rest


def request(verb: str, *fields: tuple[str, str | int | float]) -> bytes:
    """The bytes of a request."""
    return encode([("v", VERSION), ("verb", verb), *fields])
