"""Filters inside a query line: `exit:fail since:2w took:>1m` and their kin.

Never raises on what a user typed: a value that makes no sense narrows nothing, and is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from backend.query.orders import ORDERS

_SECONDS = {
    "s": 1.0, "sec": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0,
    "mo": 2592000.0, "y": 31536000.0,
}  # fmt: skip
_SPAN = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)(ms|sec|min|mo|[smhdwy])?", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T(\d{1,2}):(\d{2}))?", re.ASCII)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


# What `author:` takes beside the name of an agent: a person, and any agent.
ME, AGENT = "me", "agent"


class BadFilter(ValueError):
    """The value of a filter makes no sense; the text says what would."""


@dataclass(frozen=True)
class Filters:
    """What a command's runs must be like. None and False: anything goes.

    exit: this status. failed: True for any status but 0, False for 0. cwd: this directory or below
    (may open with ~). here: the request's directory or below. repo: a repository's name or path,
    "." for the request's. host, session: by name, "." for the request's. since, before: epoch
    seconds. took_over, took_under: seconds. author: an agent by name, AGENT for any, ME for none.
    pinned, noted: by the user, whatever the run.

    start: the command begins with what is typed beside the filters, whatever the run.

    order, one of ORDERS or None, narrows nothing: it says how rows are to be ordered.
    """

    exit: int | None = None
    failed: bool | None = None
    cwd: str | None = None
    here: bool = False
    repo: str | None = None
    host: str | None = None
    session: str | None = None
    since: float | None = None
    before: float | None = None
    took_over: float | None = None
    took_under: float | None = None
    author: str | None = None
    pinned: bool = False
    noted: bool = False
    start: bool = False
    order: str | None = None

    @property
    def active(self) -> bool:
        """Whether they ask anything of a command's runs, or of what the user has said of it."""
        return replace(self, order=None, start=False) != Filters()


def apply(filters: Filters, key: str, value: str, now: float) -> Filters:
    """Filters with one more. BadFilter if the value makes no sense; KeyError for no such key."""
    read = _READERS[key]
    return replace(filters, **read(value, now))


def is_key(key: str) -> bool:
    return key in _READERS


def _exit(value: str, now: float) -> dict[str, Any]:
    named = {"ok": False, "success": False, "0": False, "fail": True, "failed": True}
    if value in named:
        return {"failed": named[value], "exit": None}
    if re.fullmatch(r"\d{1,3}", value, re.ASCII) and int(value) < 256:
        return {"exit": int(value), "failed": None}
    raise BadFilter("use exit:0, exit:fail or a status up to 255")


def _cwd(value: str, now: float) -> dict[str, Any]:
    if value == ".":
        return {"here": True}
    if value.startswith(("/", "~")):
        return {"cwd": value.rstrip("/") or "/"}
    raise BadFilter("use cwd:/a/directory, cwd:~/a/directory or in:here")


def _in(value: str, now: float) -> dict[str, Any]:
    places: dict[str, dict[str, Any]] = {
        "here": {"here": True},
        ".": {"here": True},
        "repo": {"repo": "."},
        "session": {"session": "."},
        "host": {"host": "."},
    }
    if value in places:
        return places[value]
    if value.startswith(("/", "~/")):
        return _cwd(value, now)
    raise BadFilter("use in:here, in:repo, in:session, in:host or in:/a/directory")


def _took(value: str, now: float) -> dict[str, Any]:
    sign = value[:1] if value[:1] in "<>" else ">"
    seconds = _span(value.lstrip("<>="), "s")
    if seconds is None:
        raise BadFilter("use took:>1m or took:<5s")
    return {"took_over": seconds} if sign == ">" else {"took_under": seconds}


def _since(value: str, now: float) -> dict[str, Any]:
    return {"since": _moment(value, now, "since")}


def _before(value: str, now: float) -> dict[str, Any]:
    return {"before": _moment(value, now, "before")}


def _repo(value: str, now: float) -> dict[str, Any]:
    return {"repo": "." if value == "here" else value}


def _host(value: str, now: float) -> dict[str, Any]:
    return {"host": "." if value in ("here", "this") else value}


def _session(value: str, now: float) -> dict[str, Any]:
    return {"session": "." if value in ("here", "this") else value}


def _author(value: str, now: float) -> dict[str, Any]:
    if value:
        return {"author": value}
    raise BadFilter("use author:me, author:agent or the name of an agent")


def _is(value: str, now: float) -> dict[str, Any]:
    if value in ("pinned", "noted"):
        return {value: True}
    raise BadFilter("use is:pinned or is:noted")


def _match(value: str, now: float) -> dict[str, Any]:
    if value == "start":
        return {"start": True}
    raise BadFilter("use match:start")


def _order(value: str, now: float) -> dict[str, Any]:
    if value in ORDERS:
        return {"order": value}
    raise BadFilter(f"use {', '.join(f'order:{order}' for order in ORDERS[:-1])} or order:used")


_READERS = {
    "exit": _exit, "cwd": _cwd, "in": _in, "repo": _repo, "host": _host, "session": _session,
    "since": _since, "before": _before, "took": _took, "is": _is, "order": _order,
    "match": _match, "author": _author,
}  # fmt: skip


def _span(value: str, unit: str) -> float | None:
    """Seconds of "90", "1.5h" or "2w"; None if it is no such thing."""
    match = _SPAN.fullmatch(value)
    if not match:
        return None
    if match[2] == "ms":
        return float(match[1]) / 1000
    return float(match[1]) * _SECONDS[match[2] or unit]


def _moment(value: str, now: float, key: str) -> float:
    """Epoch seconds of a date, a weekday gone by, or a span before now; dates are local time."""
    span = _span(value, "d")
    if span is not None:
        return now - span
    midnight = datetime.fromtimestamp(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if value in ("today", "yesterday"):
        return (midnight - timedelta(days=value == "yesterday")).timestamp()
    if value in _WEEKDAYS:
        back = (midnight.weekday() - _WEEKDAYS.index(value)) % 7 or 7
        return (midnight - timedelta(days=back)).timestamp()
    match = _DAY.fullmatch(value.upper())
    try:
        if match:
            year, month, day, hour, minute = map(int, match.groups("0"))
            return datetime(year, month, day, hour, minute).timestamp()
    except (ValueError, OverflowError):
        pass  # the 31st of February and such
    raise BadFilter(f"use {key}:2w, {key}:yesterday or {key}:2026-01-31")
