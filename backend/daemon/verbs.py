"""The verbs of the protocol: each turns a request's fields into a reply's.

Knows the engine's interface and nothing of sockets.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from backend.daemon.server import Handler, RequestError
from backend.engine.engine import Engine
from backend.engine.find import Result
from backend.meaning.model import ModelUnavailable
from backend.query.place import Place
from backend.wire import protocol
from backend.wire.record import Record, from_fields

MODES = ("auto", "meaning", "text")
DEFAULT_LIMIT = 50
MAX_LIMIT = 1000

# SQLite's largest.
LAST_ID = 2**63 - 1

T = TypeVar("T")


def handlers(
    engine: Engine, status: Callable[[], protocol.Fields], stop: Callable[[], None]
) -> dict[str, Handler]:
    """The handlers by verb. The engine answers one request at a time, in its own thread."""
    thread = ThreadPoolExecutor(1, "engine")

    async def run(work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(thread, work)

    async def search(fields: protocol.Fields) -> protocol.Fields:
        return await run(lambda: _search(engine, dict(fields)))

    async def report(_: protocol.Fields) -> protocol.Fields:
        return status()

    async def ping(_: protocol.Fields) -> protocol.Fields:
        return []

    async def refresh(_: protocol.Fields) -> protocol.Fields:
        return [("records", str(await run(engine.drain)))]

    async def record(fields: protocol.Fields) -> protocol.Fields:
        records = _records(fields)
        return [("added", str(await run(lambda: engine.record(records, imported=True))))]

    async def forget(fields: protocol.Fields) -> protocol.Fields:
        ids = [_number(value, LAST_ID) for key, value in fields if key == "id"]
        return [("forgotten", str(await run(lambda: engine.forget(ids))))]

    async def mask(fields: protocol.Fields) -> protocol.Fields:
        ids = [_number(value, LAST_ID) for key, value in fields if key == "id"]
        return [("masked", str(await run(lambda: engine.mask(ids))))]

    async def rebuild(_: protocol.Fields) -> protocol.Fields:
        try:
            await run(engine.rebuild_vectors)
        except ModelUnavailable as error:
            raise RequestError(str(error)) from error
        return []

    async def end(_: protocol.Fields) -> protocol.Fields:
        stop()
        return []

    return {
        "search": search,
        "ping": ping,
        "status": report,
        "refresh": refresh,
        "import": record,
        "forget": forget,
        "mask": mask,
        "rebuild": rebuild,
        "stop": end,
    }


def _search(engine: Engine, request: dict[str, str]) -> protocol.Fields:
    mode = request.get("mode", "auto")
    if mode not in MODES:
        raise RequestError(f"unknown mode; it is one of {', '.join(MODES)}")
    try:
        result = engine.search(
            request.get("query", ""),
            limit=_limit(request.get("limit")),
            mode=mode,
            place=Place(request.get("cwd"), request.get("session")),
        )
    except ModelUnavailable as error:
        raise RequestError(str(error)) from error
    return _reply(result)


def _limit(text: str | None) -> int:
    return DEFAULT_LIMIT if text is None else _number(text, MAX_LIMIT)


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= most):
        raise RequestError(f"{text[:20]!a} is not a number from 1 to {most}")
    return int(text)


def _reply(result: Result) -> protocol.Fields:
    reply = [
        ("mode", result.mode),
        ("took_ms", f"{result.took_ms:.2f}"),
        ("total", str(result.total)),
    ]
    if result.note:
        reply.append(("note", result.note))
    for row in result.rows:
        known = {
            "command": row.command,
            "score": f"{row.score:.4f}",
            "meaning": row.meaning and f"{row.meaning:.4f}",
            "text": row.text and f"{row.text:.4f}",
            "runs": row.runs,
            "last_run": row.last_run and f"{row.last_run:.3f}",
            "exit": row.exit,
            "cwd": row.cwd,
            "why": row.why,
        }
        reply += [(key, str(value)) for key, value in known.items() if value is not None]
    return reply


def _records(fields: protocol.Fields) -> list[Record]:
    """The records of an import request: a `cmd` field, the last of its record, ends each."""
    records: list[Record] = []
    current: protocol.Fields = []
    for field in fields[2:]:
        current.append(field)
        if field[0] == "cmd":
            record = from_fields(current)
            if record:
                records.append(record)
            current = []
    return records
