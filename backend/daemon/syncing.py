"""The verbs of a sync: a process beside the daemon asks them, and moves what they say.

Records are lines of JSON, as docs/sync.md has them.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from backend.daemon import fields as read
from backend.daemon.handler import Handler, RequestError
from backend.engine.exchange.exchange import (
    Exchange,
    Known,
    Malformed,
    NoSync,
    Segment,
    host_number,
)
from backend.wire import limits, protocol

MOST_RECORDS = 1000
USUAL_RECORDS = 500
# Hex digits: of a chain, and of the key for the digests of tombstones.
MOST_CHAIN, KEY = 128, 64

NOT_SET_UP = "no sync is set up here; run: deja sync init URL"

T = TypeVar("T")


class SyncVerbs:
    """One method a verb. They have a thread of their own, so that no search stands behind them."""

    def __init__(self, exchange: Exchange, stop: Callable[[], Awaitable[None]]) -> None:
        self._exchange = exchange
        self._stop = stop
        self._thread = ThreadPoolExecutor(1, "exchange")

    def handlers(self) -> dict[str, Handler]:
        """The methods, by verb."""
        return {
            "sync-known": self.known,
            "sync-name-host": self.name_host,
            "sync-out": self.out,
            "sync-in": self.take,
            "sync-current": self.current,
            "sync-rewritten": self.rewritten,
            "sync-forget-host": self.forget_host,
            "sync-off": self.off,
        }

    def close(self) -> None:
        """End the thread: waits for the request at work, and drops those behind it."""
        self._thread.shutdown(cancel_futures=True)

    async def _work(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except Malformed as error:
            raise RequestError(str(error)) from error
        except NoSync as error:
            raise RequestError(NOT_SET_UP) from error

    async def known(self, _: protocol.Fields) -> protocol.Fields:
        """This store as a `host` with its `name`, both empty if no sync was set up, the `counter`
        of its last record and how many are `waiting` for theirs. `rewrite`: a token, 0 if its
        segments hold nothing that is gone or changed; else `stale`, repeated: the counters, as
        first-last. Then each host as JSON in a `peer`, this one included: `host`, `name`; of the
        segment that was read last (written, by this one) `sequence`, `chain`, `revision`, `counter`
        of its last record and `written`, epoch seconds or null; and how many records are here with
        other content, `differing`.
        """
        return _known(await self._work(self._exchange.known))

    async def name_host(self, fields: protocol.Fields) -> protocol.Fields:
        """Be the `host` of this `name`, with the `key` of the tombstones' digests (64 hex digits);
        a store that is a host already stays that: which one, in `host`. With `anew` 1, the storage
        is another, of which nothing is known. With `after`: another machine has the same id, so
        that this is another host from here on, and own records above `after` are numbered anew.
        """
        request = dict(fields)
        host, anew = _host(fields), request.get("anew") == "1"
        name, key = limits.name(request.get("name")) or "", _key(request.get("key", ""))
        if "after" in request:
            after = read.number(request["after"], read.LAST_ID, 0)
            await self._work(lambda: self._exchange.become(host, after))
            return [("host", request["host"])]
        named = await self._work(lambda: self._exchange.set_up(host, name, key, anew))
        return [("host", named)]

    async def out(self, fields: protocol.Fields) -> protocol.Fields:
        """Own records with counters above `after`, at most `limit`, in order, each as a `record`;
        whether there are `more`. What has no number yet gets one: forgetting, keeping and picking
        before runs.
        """
        limit, _ = read.limit(fields, USUAL_RECORDS, MOST_RECORDS)
        after = read.number(dict(fields).get("after", ""), read.LAST_ID, 0)
        return _records(*await self._work(lambda: self._exchange.out(after, limit)))

    async def current(self, fields: protocol.Fields) -> protocol.Fields:
        """As `sync-out`, of any `host`, this one if none is named, with counters from `first` to
        `last`, as they are now: nothing is numbered, and what is gone is left out.
        """
        request = dict(fields)
        limit, _ = read.limit(fields, USUAL_RECORDS, MOST_RECORDS)
        first, last = (read.number(request.get(key, ""), read.LAST_ID) for key in ("first", "last"))
        after = read.number(request.get("after", "0"), read.LAST_ID, 0)
        host = _host(fields) if "host" in request else None
        start = max(first - 1, after)
        return _records(*await self._work(lambda: self._exchange.current(host, start, last, limit)))

    async def take(self, fields: protocol.Fields) -> protocol.Fields:
        """Merge each `record` of a `host`, in the order of their counters; all or none. Unless
        `last` is 0, its segment `sequence`, with `chain`, `revision`, `counter` of its last record,
        `name` of the host and `written` (epoch seconds), is read with that. How many runs were
        `added` and `removed`, and `conflicts`: records that are here with other content.
        """
        request = dict(fields)
        chain = request.get("chain", "")
        if len(chain) > MOST_CHAIN:
            raise RequestError("the chain of a segment is too long to be one")
        segment = Segment(
            _host(fields),
            read.number(request.get("sequence", ""), read.LAST_ID),
            chain,
            read.number(request.get("revision", "0"), read.LAST_ID, 0),
            read.number(request.get("counter", "0"), read.LAST_ID, 0),
            limits.name(request.get("name")) or "",
            _seconds(request.get("written")),
        )
        lines = [value for key, value in fields if key == "record"]
        if len(lines) > MOST_RECORDS:
            raise RequestError(f"a part of a segment has at most {MOST_RECORDS:,} records")
        is_last = request.get("last") != "0"
        taken = await self._work(lambda: self._exchange.take(lines, segment, is_last))
        return [
            ("added", str(taken.added)),
            ("removed", str(taken.removed)),
            ("conflicts", str(taken.differing)),
        ]

    async def rewritten(self, fields: protocol.Fields) -> protocol.Fields:
        """The own segments hold what the store held when the token `rewrite` was given."""
        token = read.number(dict(fields).get("rewrite", ""), read.LAST_ID)
        await self._work(lambda: self._exchange.rewritten(token))
        return []

    async def forget_host(self, fields: protocol.Fields) -> protocol.Fields:
        """Remove all of a `host`, here and everywhere: how many runs were `removed` here."""
        host = _host(fields)
        removed = await self._work(lambda: self._exchange.forget_host(host))
        return [("removed", str(removed))]

    async def off(self, _: protocol.Fields) -> protocol.Fields:
        """End a sync that is under way. The store stays the host that it was, for a sync that may
        be set up again.
        """
        await self._stop()
        await self._work(self._exchange.begin_anew)
        return []


def _known(found: Known) -> protocol.Fields:
    own = found.own
    return [
        ("host", own.id if own else ""),
        ("name", own.name if own else ""),
        ("counter", str(own.counter if own else 0)),
        ("waiting", str(found.waiting)),
        ("rewrite", str(found.rewrite)),
        *(("stale", f"{first}-{last}") for first, last in found.stale),
        *(("peer", json.dumps(peer.told())) for peer in found.peers),
    ]


def _records(lines: list[str], more: bool) -> protocol.Fields:
    return [*(("record", line) for line in lines), ("more", str(int(more)))]


def _host(fields: protocol.Fields) -> int:
    try:
        return host_number(dict(fields).get("host", ""))
    except Malformed as error:
        raise RequestError(str(error)) from error


def _key(text: str) -> bytes:
    if len(text) != KEY or not set(text) <= set("0123456789abcdef"):
        raise RequestError("the key of the tombstones' digests has 64 hex digits")
    return bytes.fromhex(text)


def _seconds(text: str | None) -> float | None:
    try:
        seconds = float(text or "")
    except ValueError:
        return None
    return seconds if 0 <= seconds < 1e11 else None
