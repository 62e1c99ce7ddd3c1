"""The verbs of the protocol: each turns a request's fields into a reply's.

Knows the engine's interface and nothing of sockets.
"""

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from backend.daemon.handler import Handler, RequestError
from backend.engine.engine import Engine
from backend.engine.search.answer import Result
from backend.meaning.model import ModelUnavailable
from backend.query.place import Place
from backend.wire import limits, protocol, row
from backend.wire.record import Record, from_fields

DEFAULT_LIMIT = 50
MAX_LIMIT = 1000

# SQLite's largest.
LAST_ID = 2**63 - 1

TOO_LONG = "the directory or session that was sent is too long to be one, and was left out"

GONE = "there is no command of that number; it may have been forgotten"

T = TypeVar("T")


class Verbs:
    """What the daemon can be asked for, one method a verb.

    The engine answers one request at a time, in a thread of its own; `status`, `ping` and `stop`
    do not wait for it.
    """

    def __init__(
        self, engine: Engine, status: Callable[[], protocol.Fields], stop: Callable[[], None]
    ) -> None:
        self._engine = engine
        self._status = status
        self._stop = stop
        self._thread = ThreadPoolExecutor(1, "engine")

    def handlers(self) -> dict[str, Handler]:
        """The methods, by verb."""
        return {
            "search": self.search,
            "pick": self.pick,
            "pin": self.pin,
            "note": self.note,
            "ping": self.ping,
            "status": self.status,
            "refresh": self.refresh,
            "import": self.record,
            "forget": self.forget,
            "mask": self.mask,
            "rebuild": self.rebuild,
            "stop": self.stop,
        }

    def close(self) -> None:
        """End the engine's thread: waits for the request at work, and drops those behind it."""
        self._thread.shutdown(cancel_futures=True)

    async def _work(self, work: Callable[[], T]) -> T:
        """Have the engine do it. Raises RequestError where that needs a model there is not."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except ModelUnavailable as error:
            raise RequestError(str(error), error.code) from error

    async def search(self, fields: protocol.Fields) -> protocol.Fields:
        """The rows that match `query` best, at most `limit`, `offset` passed over; `cwd` and
        `session` say from where. `narrow`: filters, separated by blanks, that hold beside those of
        the query. `hidden`, repeated: ids of commands that are not shown, nor counted. `found` rows
        could be had, `matches` of them hold what was typed.
        """
        request = dict(fields)
        mode = request.get("mode", protocol.AUTO)
        if mode not in protocol.MODES:
            raise RequestError(f"unknown mode; it is one of {', '.join(protocol.MODES)}")
        limit = _number(request["limit"], MAX_LIMIT) if "limit" in request else DEFAULT_LIMIT
        offset = _number(request["offset"], LAST_ID, 0) if "offset" in request else 0
        place = Place(limits.path(request.get("cwd")), limits.name(request.get("session")))
        sent = Place(request.get("cwd"), request.get("session"))
        search = functools.partial(
            self._engine.search,
            request.get("query", ""),
            narrow=request.get("narrow", ""),
            hidden=_ids(fields, "hidden"),
        )
        result = await self._work(
            lambda: search(limit=limit, offset=offset, mode=mode, place=place)
        )
        return _reply(result if place == sent or result.note else replace(result, note=TOO_LONG))

    async def pick(self, fields: protocol.Fields) -> protocol.Fields:
        """Learn that `command` was picked for `query`."""
        request = dict(fields)
        query, command = request.get("query", ""), request.get("command", "")
        await self._work(lambda: self._engine.pick(query, command))
        return []

    async def pin(self, fields: protocol.Fields) -> protocol.Fields:
        """Pin the command `id`, or let it go if `on` is 0: it is `pinned` then, 1 or 0."""
        id, on = _id(fields), dict(fields).get("on") != "0"
        if not await self._work(lambda: self._engine.pin(id, on)):
            raise RequestError(GONE)
        return [("pinned", str(int(on)))]

    async def note(self, fields: protocol.Fields) -> protocol.Fields:
        """Keep `text` as the note about the command `id`; empty, it removes the one there is. The
        `note` as it is kept: the values of secrets masked.
        """
        id, text = _id(fields), dict(fields).get("text", "")
        if limits.is_too_long_for_note(text):
            raise RequestError(f"a note has at most {limits.MAX_NOTE_BYTES:,} bytes; shorten it")
        kept = await self._work(lambda: self._engine.note(id, text))
        if kept is None:
            raise RequestError(GONE)
        return [("note", kept)]

    async def ping(self, _: protocol.Fields) -> protocol.Fields:
        """Nothing: the answer is that there is one."""
        return []

    async def status(self, _: protocol.Fields) -> protocol.Fields:
        """The figures of `deja status`."""
        return self._status()

    async def refresh(self, _: protocol.Fields) -> protocol.Fields:
        """Take in the spool: how many `records` there were."""
        return [("records", str(await self._work(self._engine.drain)))]

    async def record(self, fields: protocol.Fields) -> protocol.Fields:
        """Add the runs of a history file: how many were `added`. `exact`, before the first run: 1
        for what deja exported.
        """
        records, exact = _records(fields), ("exact", "1") in fields[2:3]
        added = await self._work(lambda: self._engine.record(records, imported=True, exact=exact))
        return [("added", str(added))]

    async def forget(self, fields: protocol.Fields) -> protocol.Fields:
        """Remove the commands of each `id`: how many were `forgotten`. `by`: processes, of which
        those that are shells have a line open that is not to be kept.
        """
        ids = _ids(fields)
        shells = [_number(value, LAST_ID) for key, value in fields if key == "by"]
        return [("forgotten", str(await self._work(lambda: self._engine.forget(ids, shells))))]

    async def mask(self, fields: protocol.Fields) -> protocol.Fields:
        """Mask the secrets in the commands of each `id`: how many were `masked`."""
        ids = _ids(fields)
        return [("masked", str(await self._work(lambda: self._engine.mask(ids))))]

    async def rebuild(self, _: protocol.Fields) -> protocol.Fields:
        """Throw the vectors away and make them again, in the background."""
        await self._work(self._engine.rebuild_vectors)
        return []

    async def stop(self, _: protocol.Fields) -> protocol.Fields:
        """End the daemon, once this is answered."""
        self._stop()
        return []


def _number(text: str, most: int, least: int = 1) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
        raise RequestError(f"{text[:20]!a} is not a number from {least} to {most}")
    return int(text)


def _id(fields: protocol.Fields) -> int:
    return _number(dict(fields).get("id", ""), LAST_ID)


def _ids(fields: protocol.Fields, name: str = "id") -> list[int]:
    return [_number(value, LAST_ID) for key, value in fields if key == name]


def _reply(result: Result) -> protocol.Fields:
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
        *(field for found in result.rows for field in row.to_fields(found)),
    ]


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
