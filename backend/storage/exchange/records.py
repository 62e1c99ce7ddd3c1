"""A record of a host's stream, and its line of JSON. docs/sync.md has the form."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backend.wire.record import Record

MICRO = 1_000_000

# SQLite's largest.
_LARGEST = 2**63 - 1
_DIGITS = frozenset("0123456789abcdef")
DIGEST_BYTES = 32


class Malformed(ValueError):
    """A line that is no record, or one of a kind that only a later deja knows."""


@dataclass(frozen=True)
class Run:
    """A run of a command; `host` is its origin, a signed number."""

    host: int
    counter: int
    run: Record


@dataclass(frozen=True)
class Mark:
    """kind `forget`: a tombstone for the command of this keyed digest; `run`: for the run
    (of_host, of_counter); `host`: for all of of_host. `seen`: the tombstones of of_host, up to
    of_counter, have been applied.
    """

    host: int
    counter: int
    kind: str
    digest: bytes | None = None
    of_host: int | None = None
    of_counter: int | None = None


@dataclass(frozen=True)
class Keep:
    """What is kept of a command: pin and note, or with a question what picking it is worth, and
    when it was picked last (epoch us). clock: later is greater.
    """

    host: int
    counter: int
    command: str
    clock: int
    question: str = ""
    pinned: bool | None = None
    note: str | None = None
    weight: float | None = None
    last_us: int | None = None


Exchanged = Run | Mark | Keep

FORGET, FORGET_RUN, FORGET_HOST, SEEN = "forget", "run", "host", "seen"


def host_number(host: str) -> int:
    """The number of a host, of its id of 16 hex digits. Raises Malformed."""
    if not (isinstance(host, str) and len(host) == 16 and set(host) <= _DIGITS):
        raise Malformed("a host's id has 16 hex digits")
    return int.from_bytes(bytes.fromhex(host), "big", signed=True)


def name(host: int) -> str:
    """The id of a host, of its number."""
    return host.to_bytes(8, "big", signed=True).hex()


def line(record: Exchanged) -> str:
    """`parse` gives the record back."""
    return json.dumps({"id": _id(record.host, record.counter), **_fields(record)})


def _id(host: int | None, counter: int | None) -> list[object]:
    assert host is not None
    return [name(host), counter]


def _fields(record: Exchanged) -> dict[str, object]:
    if isinstance(record, Run):
        of = record.run
        return {
            "command": of.command,
            "start": of.start,
            "duration": of.duration,
            "exit": of.exit,
            "cwd": of.cwd,
            "session": of.session,
            "host": of.host,
            "shell": of.shell,
            **({"author": of.author} if of.author else {}),
        }
    if isinstance(record, Keep):
        kept: dict[str, object] = {"keep": {"pinned": bool(record.pinned), "note": record.note}}
        if record.question:
            last = (record.last_us or 0) / MICRO
            kept = {"pick": record.question, "weight": record.weight, "last": last}
        return {"command": record.command, **kept, "clock": record.clock}
    if record.kind == FORGET:
        return {"forget": (record.digest or b"").hex()}
    if record.kind == FORGET_RUN:
        return {"forget_run": _id(record.of_host, record.of_counter)}
    if record.kind == FORGET_HOST:
        assert record.of_host is not None
        return {"forget_host": name(record.of_host)}
    return {"seen": _id(record.of_host, record.of_counter)}


def parse(text: str) -> Exchanged:
    """Raises Malformed."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed("a record is no line of JSON") from error
    if not isinstance(found, dict):
        raise Malformed("a record is no object of JSON")
    host, counter = _pair(found.get("id"))
    kinds: dict[str, Callable[[int, int, Mapping[str, object]], Exchanged]] = {
        "forget": _forget,
        "forget_run": _forget_run,
        "forget_host": _forget_host,
        "seen": _seen,
        "keep": _keep,
        "pick": _pick,
        "command": _run,
    }
    for kind, read in kinds.items():
        if kind in found:
            return read(host, counter, found)
    raise Malformed("a record is of a kind that a later deja knows; upgrade deja on this host")


def _pair(value: object) -> tuple[int, int]:
    if not (isinstance(value, list) and len(value) == 2 and isinstance(value[0], str)):
        raise Malformed("an id is a host and a counter")
    return host_number(value[0]), _whole(value[1], 1)


def _whole(value: object, least: int = -_LARGEST) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _LARGEST:
        raise Malformed("a number is none, or too large")
    return value


def _text(value: object) -> str | None:
    """NUL, which no shell can hold, is dropped, as it is on the wire."""
    if value is not None and not isinstance(value, str):
        raise Malformed("a text is none")
    return None if value is None else value.replace("\0", "")


def _real(value: object) -> float | None:
    if value is None:
        return None
    # NaN, infinity and nonsense would poison every later sum.
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e11 < value < 1e11:
        raise Malformed("a time or a weight is none")
    return float(value)


def _command(found: Mapping[str, object]) -> str:
    command = _text(found.get("command"))
    if not command:
        raise Malformed("a record has no command")
    return command


def _run(host: int, counter: int, found: Mapping[str, object]) -> Run:
    exit = found.get("exit")
    if exit is not None and not -(2**31) <= _whole(exit) < 2**31:
        raise Malformed("an exit status is none")
    run = Record(
        command=_command(found),
        start=_real(found.get("start")),
        duration=_real(found.get("duration")),
        exit=None if exit is None else _whole(exit),
        cwd=_text(found.get("cwd")),
        session=_text(found.get("session")),
        host=_text(found.get("host")),
        shell=_text(found.get("shell")),
        author=_text(found.get("author")) or None,
    )
    return Run(host, counter, run)


def _forget(host: int, counter: int, found: Mapping[str, object]) -> Mark:
    digest = found["forget"]
    if not (isinstance(digest, str) and len(digest) == 2 * DIGEST_BYTES and set(digest) <= _DIGITS):
        raise Malformed("a tombstone has no digest")
    return Mark(host, counter, FORGET, digest=bytes.fromhex(digest))


def _forget_run(host: int, counter: int, found: Mapping[str, object]) -> Mark:
    of_host, of_counter = _pair(found["forget_run"])
    return Mark(host, counter, FORGET_RUN, None, of_host, of_counter)


def _forget_host(host: int, counter: int, found: Mapping[str, object]) -> Mark:
    of_host = found["forget_host"]
    if not isinstance(of_host, str):
        raise Malformed("a host's id has 16 hex digits")
    return Mark(host, counter, FORGET_HOST, None, host_number(of_host))


def _seen(host: int, counter: int, found: Mapping[str, object]) -> Mark:
    of_host, of_counter = _pair(found["seen"])
    return Mark(host, counter, SEEN, None, of_host, of_counter)


def _keep(host: int, counter: int, found: Mapping[str, object]) -> Keep:
    kept = found["keep"]
    if not isinstance(kept, dict) or not isinstance(kept.get("pinned"), bool):
        raise Malformed("what is kept of a command has no form")
    command, clock = _command(found), _whole(found.get("clock"), 0)
    note = _text(kept.get("note")) or None
    return Keep(host, counter, command, clock, pinned=kept["pinned"], note=note)


def _pick(host: int, counter: int, found: Mapping[str, object]) -> Keep:
    question, weight = _text(found["pick"]), _real(found.get("weight"))
    if not question or weight is None:
        raise Malformed("a pick has no question or no weight")
    clock, last = _whole(found.get("clock"), 0), round((_real(found.get("last")) or 0.0) * MICRO)
    return Keep(
        host, counter, _command(found), clock, question=question, weight=weight, last_us=last
    )
