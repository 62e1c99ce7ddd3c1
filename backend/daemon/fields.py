"""Fields of requests to values, and values to fields of replies."""

from collections.abc import Iterator, Mapping

from backend.daemon.handler import RequestError
from backend.engine.inspection import Inspected, Run
from backend.engine.search.answer import Result
from backend.engine.search.blanks import Alike
from backend.engine.search.episodes.find import Found
from backend.wire import episode, protocol, row
from backend.wire.record import Record, from_fields

# SQLite's largest.
LAST_ID = 2**63 - 1


def number(text: str, most: int, least: int = 1) -> int:
    """Raises RequestError if it is no number from `least` to `most`."""
    if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
        raise RequestError(f"{text[:20]!a} is not a number from {least} to {most}")
    return int(text)


def limit(fields: protocol.Fields, usual: int, most: int) -> tuple[int, int]:
    """`limit` and `offset` of a request. Raises RequestError."""
    request = dict(fields)
    limit = number(request["limit"], most) if "limit" in request else usual
    offset = number(request["offset"], LAST_ID, 0) if "offset" in request else 0
    return limit, offset


def ids(fields: protocol.Fields, name: str = "id") -> list[int]:
    """All values of one field that numbers something. Raises RequestError."""
    return [number(value, LAST_ID) for key, value in fields if key == name]


def one_id(fields: protocol.Fields, name: str = "id") -> int:
    """The one value of such a field. Raises RequestError."""
    return number(dict(fields).get(name, ""), LAST_ID)


def records(fields: protocol.Fields) -> list[Record]:
    """The records of an import request: a `cmd` field, the last of its record, ends each."""
    found: list[Record] = []
    current: protocol.Fields = []
    for field in fields[2:]:
        current.append(field)
        if field[0] == "cmd":
            record = from_fields(current)
            if record:
                found.append(record)
            current = []
    return found


def of_result(result: Result) -> protocol.Fields:
    """What was found by a search."""
    note = [("note", result.note)] if result.note else []
    return [
        ("mode", result.mode),
        ("took_ms", f"{result.took_ms:.2f}"),
        ("total", str(result.total)),
        ("found", str(result.found)),
        ("matches", str(result.matches)),
        *note,
        *(("applied", chunk) for chunk in result.applied),
        *(("mistake", mistake) for mistake in result.mistakes),
        *(episode.heading(result.episode) if result.episode else ()),
        *(field for found in result.rows for field in row.to_fields(found)),
    ]


def of_episodes(found: Found) -> protocol.Fields:
    """The episodes that were found."""
    note = [("note", found.note)] if found.note else []
    return [
        ("mode", found.mode),
        ("took_ms", f"{found.took_ms:.2f}"),
        *note,
        *(("mistake", mistake) for mistake in found.mistakes),
        *(field for each in found.episodes for field in episode.to_fields(each)),
    ]


def of_likes(found: Alike) -> protocol.Fields:
    """The blanks of a command, then its likes with what stands in them."""
    fields = [("blank", f"{start} {end}") for start, end in found.blanks]
    for each, values in zip(found.rows, found.values, strict=True):
        fields += [*row.to_fields(each), *(("value", value) for value in values)]
    return fields


def of_inspected(found: Inspected) -> protocol.Fields:
    """What is known of a command, then its runs, each of which begins with `run`."""
    command = found.command
    head = {
        "text": command.text,
        "total": command.runs,
        "ok": command.ok_runs,
        "failed": command.failed_runs,
        "median": found.median and f"{found.median:.3f}",
        "pinned": int(found.pinned) or None,
        "note": found.note or None,
    }
    return [*_known(head), *(field for run in found.runs for field in _of_run(run))]


def _of_run(run: Run) -> Iterator[tuple[str, str]]:
    values = {
        "run": run.id,
        "start": None if run.start is None else f"{run.start:.3f}",
        "duration": None if run.duration is None else f"{run.duration:.3f}",
        "exit": run.exit,
        "cwd": run.cwd,
        "host": run.host,
        "session": run.session,
        "shell": run.shell,
        "before": run.before and run.before.text,
        "before_id": run.before and run.before.command_id,
        "after": run.after and run.after.text,
        "after_id": run.after and run.after.command_id,
    }
    return _known(values)


def _known(values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    return ((name, str(value)) for name, value in values.items() if value is not None)
