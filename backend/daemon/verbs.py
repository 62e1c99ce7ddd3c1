"""The verbs of the protocol: each turns a request's fields into a reply's.

Knows the engine's interface and nothing of sockets.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from backend.daemon import fields as read
from backend.daemon.handler import Handler, RequestError
from backend.engine import script
from backend.engine.engine import Engine
from backend.engine.search.episodes.told import NotRead
from backend.engine.search.everything import Unclear
from backend.engine.search.find import Request
from backend.meaning.model import ModelUnavailable
from backend.query.place import Place
from backend.wire import episode, limits, protocol

DEFAULT_LIMIT = 50
DEFAULT_RUNS = DEFAULT_LIKES = 100
DEFAULT_NEXT = 10
MAX_LIMIT = 1000
DEFAULT_EPISODES = 10
MOST_MATCHES = 20_000

TOO_LONG = "the directory or session that was sent is too long to be one, and was left out"

NOT_READ = "the history is still being read; try again in a second"

NO_EPISODE = "no episode has that number; run: deja search --episodes"

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
            "next": self.next,
            "fix": self.fix,
            "matches": self.matches,
            "likes": self.likes,
            "runs": self.runs,
            "episodes": self.episodes,
            "episode": self.episode,
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
        """Have the engine do it. Raises RequestError where that needs what there is not."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except ModelUnavailable as error:
            raise RequestError(str(error), error.code) from error
        except NotRead as error:
            raise RequestError(NOT_READ, protocol.SOON) from error

    async def search(self, fields: protocol.Fields) -> protocol.Fields:
        """The rows that match `query` best, at most `limit`, `offset` passed over; `cwd` and
        `session` say from where. `narrow`: filters, separated by blanks, that hold beside those of
        the query. `hidden`, repeated: ids of commands that are not shown, nor counted. `found` rows
        could be had, `matches` of them hold what was typed. With `fold` 1, of commands that differ
        in an argument or two alone one is a row, which says how many others are `alike`; a command
        whose differing word holds what was typed is a row of its own. `episode`: one that answers
        a sentence far better than any row.
        """
        request = dict(fields)
        limit, offset = read.limit(fields, DEFAULT_LIMIT, MAX_LIMIT)
        asked = replace(_asked(fields), limit=limit, offset=offset, mode=_mode(fields))
        sent = Place(request.get("cwd"), request.get("session"))
        result = await self._work(lambda: self._engine.answer(asked))
        is_whole = asked.place == sent or result.note
        return read.of_result(result if is_whole else replace(result, note=TOO_LONG))

    async def next(self, fields: protocol.Fields) -> protocol.Fields:
        """The commands that begin with `prefix` and are likely next, best first, at most `limit`;
        `cwd` and `session` say where, the reply has the form of a search's. None that is masked.
        """
        limit, _ = read.limit(fields, DEFAULT_NEXT, MAX_LIMIT)
        prefix, place = dict(fields).get("prefix", ""), _asked(fields).place
        following = await self._work(lambda: self._engine.next(prefix, limit=limit, place=place))
        return read.of_result(following)

    async def episodes(self, fields: protocol.Fields) -> protocol.Fields:
        """The stretches of work that match `query` best, at most `limit`, best first, each whole,
        in the form of wire/episode.py; `mode`, `narrow`, `hidden`, `cwd` and `session` as for a
        search.
        """
        limit, _ = read.limit(fields, DEFAULT_EPISODES, MAX_LIMIT)
        asked = replace(_asked(fields), limit=limit, mode=_mode(fields))
        return read.of_episodes(await self._work(lambda: self._engine.episodes(asked)))

    async def episode(self, fields: protocol.Fields) -> protocol.Fields:
        """The one that the run `id` is part of, in the same form, without the commands `hidden`.
        With `script` 1, before it, the same as a `script` for bash.
        """
        id, hidden = read.one_id(fields), frozenset(read.ids(fields, "hidden"))
        found = await self._work(lambda: self._engine.episode(id, hidden))
        if found is None:
            raise RequestError(NO_EPISODE)
        told = episode.to_fields(found)
        if dict(fields).get("script") != "1":
            return told
        try:
            # Not in the engine's thread: bash looks at every command.
            return [("script", await asyncio.to_thread(script.written, found)), *told]
        except script.NoBash as error:
            raise RequestError(str(error)) from error

    async def fix(self, fields: protocol.Fields) -> protocol.Fields:
        """What fixed failures like the last one of `session`, or in `cwd` where that is not known,
        best first, at most `limit`; the reply has the form of a search's.
        """
        limit, _ = read.limit(fields, DEFAULT_NEXT, MAX_LIMIT)
        place = _asked(fields).place
        return read.of_result(await self._work(lambda: self._engine.fix(limit=limit, place=place)))

    async def matches(self, fields: protocol.Fields) -> protocol.Fields:
        """How many commands are `found` that hold the text of `query`, or that pass where there are
        only filters, and the `id` of each; `narrow`, `hidden`, `cwd` and `session` as for a search.
        None for a sentence; more than 20,000 are refused, as is a filter that makes no sense.
        """
        try:
            ids = await self._work(lambda: self._engine.matches(_asked(fields)))
        except Unclear as error:
            raise RequestError(str(error)) from error
        if len(ids) > MOST_MATCHES:
            raise RequestError(f"{len(ids):,} commands match; for so many run: deja forget --help")
        return [("found", str(len(ids))), *(("id", str(id)) for id in ids)]

    async def likes(self, fields: protocol.Fields) -> protocol.Fields:
        """What can stand in the command `command_id` where its likes differ. Each `blank` of it:
        start and end, in characters. Then the likes, the likeliest first, as rows of a search, at
        most `limit`, with a `value` for each blank, as typed there, empty where it is not known.
        The filters of `query`, `narrow`, `hidden`, `cwd` and `session` as for a search.
        """
        id = read.one_id(fields, "command_id")
        limit, _ = read.limit(fields, DEFAULT_LIKES, MAX_LIMIT)
        asked = replace(_asked(fields), limit=limit)
        found = await self._work(lambda: self._engine.likes(id, asked))
        if found is None:
            raise RequestError(GONE)
        return read.of_likes(found)

    async def runs(self, fields: protocol.Fields) -> protocol.Fields:
        """The command `command_id`: its `text`, how many runs it has in `total`, how many were `ok`
        and `failed`, the `median` of its last durations, `pinned` and `note` where it has them.
        Then at most `limit` runs, newest first, `offset` passed over; each begins with `run`, its
        number, and has what is known: `start`, `duration`, `exit`, `cwd`, `host`, `session`,
        `shell`, and what ran `before` and `after` it in its session (`before_id`, `after_id`).
        """
        id = read.one_id(fields, "command_id")
        limit, offset = read.limit(fields, DEFAULT_RUNS, MAX_LIMIT)
        found = await self._work(lambda: self._engine.inspect(id, limit, offset))
        if found is None:
            raise RequestError(GONE)
        return read.of_inspected(found)

    async def pick(self, fields: protocol.Fields) -> protocol.Fields:
        """Learn that `command` was picked for `query`."""
        request = dict(fields)
        query, command = request.get("query", ""), request.get("command", "")
        await self._work(lambda: self._engine.pick(query, command))
        return []

    async def pin(self, fields: protocol.Fields) -> protocol.Fields:
        """Pin the command `id`, or let it go if `on` is 0: it is `pinned` then, 1 or 0."""
        id, on = read.one_id(fields), read.number(dict(fields).get("on", ""), 1, 0) == 1
        if not await self._work(lambda: self._engine.pin(id, on)):
            raise RequestError(GONE)
        return [("pinned", str(int(on)))]

    async def note(self, fields: protocol.Fields) -> protocol.Fields:
        """Keep `text` as the note about the command `id`; empty, it removes the one there is. The
        `note` as it is kept: the values of secrets masked.
        """
        id, text = read.one_id(fields), dict(fields).get("text", "")
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
        records, exact = read.records(fields), ("exact", "1") in fields[2:3]
        added = await self._work(lambda: self._engine.record(records, imported=True, exact=exact))
        return [("added", str(added))]

    async def forget(self, fields: protocol.Fields) -> protocol.Fields:
        """Remove the commands of each `id`, and each single `run`; a command goes with its last.
        How many commands were `forgotten`, and how many other `runs`. `by`: processes, of which
        those that are shells have a line open that is not to be kept.
        """
        ids, runs, shells = (read.ids(fields, name) for name in ("id", "run", "by"))
        gone, removed = await self._work(lambda: self._engine.forget_runs(runs))
        gone += await self._work(lambda: self._engine.forget(ids, shells))
        return [("forgotten", str(gone)), ("runs", str(removed))]

    async def mask(self, fields: protocol.Fields) -> protocol.Fields:
        """Mask the secrets in the commands of each `id`: how many were `masked`."""
        ids = read.ids(fields)
        return [("masked", str(await self._work(lambda: self._engine.mask(ids))))]

    async def rebuild(self, _: protocol.Fields) -> protocol.Fields:
        """Throw the vectors away and make them again, in the background."""
        await self._work(self._engine.rebuild_vectors)
        return []

    async def stop(self, _: protocol.Fields) -> protocol.Fields:
        """End the daemon, once this is answered."""
        self._stop()
        return []


def _mode(fields: protocol.Fields) -> str:
    mode = dict(fields).get("mode", protocol.AUTO)
    if mode not in protocol.MODES:
        raise RequestError(f"unknown mode; it is one of {', '.join(protocol.MODES)}")
    return mode


def _asked(fields: protocol.Fields) -> Request:
    """What a request looks for, and from where."""
    request = dict(fields)
    return Request(
        request.get("query", ""),
        place=Place(limits.path(request.get("cwd")), limits.name(request.get("session"))),
        narrow=request.get("narrow", ""),
        hidden=frozenset(read.ids(fields, "hidden")),
        fold=request.get("fold") == "1",
    )
