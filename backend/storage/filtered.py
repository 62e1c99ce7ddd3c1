"""Filters to SQL: which commands have a run that is as asked.

All filters must hold of one and the same run: `exit:fail in:here` is a failure here.
"""

import re
import socket
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.query.filters import AGENT, ME, Filters
from backend.query.place import NOWHERE, Place
from backend.storage.lookup import Lookup
from backend.storage.store import MICRO
from backend.system.repository import repository
from backend.system.text import to_bytes


@dataclass(frozen=True)
class _Condition:
    sql: str
    parameters: tuple[object, ...] = ()


# What LIKE takes for a pattern.
_WILD, _ESCAPED = r"([%_\\])", r"\\\1"

NEVER = _Condition("0")

# Of the filters that name something: the column that has it, and what is missing for a name that
# no run has.
_NAMING = {
    "host": ("r.host", "no command ran there"),
    "session": ("r.session", "no command ran there"),
    "repo": ("d.repo", "no command ran there"),
    "author": ("r.author", "no agent of that name ran a command"),
}


def matching(db: sqlite3.Connection, place: Place, *filters: Filters) -> list[int]:
    """Ids of the commands that have a run which all of these filters let through, in order of id.
    Their order is not looked at.
    """
    return _ids("DISTINCT r.command_id", db, place, filters)


def matching_runs(db: sqlite3.Connection, place: Place, *filters: Filters) -> list[int]:
    """Ids of the runs which all of these filters let through, in order of id."""
    return _ids("r.id", db, place, filters)


def _ids(what: str, db: sqlite3.Connection, place: Place, filters: Sequence[Filters]) -> list[int]:
    conditions = [found for each in filters for found in _conditions(each, place, Lookup(db))]
    where = " AND ".join(condition.sql for condition in conditions) or "1"
    parameters = [value for condition in conditions for value in condition.parameters]
    query = (
        f"SELECT {what} FROM runs r LEFT JOIN dirs d ON d.id = r.dir_id"
        f" WHERE {where} ORDER BY {what.removeprefix('DISTINCT ')}"
    )
    return [row[0] for row in db.execute(query, parameters)]


def unknown(db: sqlite3.Connection, filters: Filters) -> str | None:
    """One line about a host, session, repository or author that no run has, with those there are;
    None if all of them are known.
    """
    for key, (column, missing) in _NAMING.items():
        value = getattr(filters, key)
        if value is None or value == "." or (key == "author" and value in (ME, AGENT)):
            continue
        alone = Filters(**{key: value})
        if not matching(db, NOWHERE, alone):
            known = db.execute(
                f"SELECT {column}, MAX(r.id) AS latest FROM runs r LEFT JOIN dirs d"
                f" ON d.id = r.dir_id WHERE {column} IS NOT NULL"
                f" GROUP BY {column} ORDER BY latest DESC LIMIT 3"
            )
            names = ", ".join(name for name, _ in known) or "none"
            return f"{key}:{value[:40]}: {missing}; known are {names}"
    return None


def _conditions(filters: Filters, place: Place, lookup: Lookup) -> list[_Condition]:
    conditions = []
    if filters.exit is not None:
        conditions.append(_Condition("r.exit = ?", (filters.exit,)))
    if filters.failed is not None:
        conditions.append(_Condition("r.exit != 0" if filters.failed else "r.exit = 0"))
    if filters.cwd is not None:
        conditions.append(_below(str(Path(filters.cwd).expanduser())))
    if filters.here:
        conditions.append(_below(place.cwd) if place.cwd else NEVER)
    if filters.pinned:
        conditions.append(_Condition("r.command_id IN (SELECT command_id FROM kept WHERE pinned)"))
    if filters.noted:
        noted = "SELECT command_id FROM kept WHERE note IS NOT NULL"
        conditions.append(_Condition(f"r.command_id IN ({noted})"))
    return conditions + _named(filters, place, lookup) + _in_time(filters)


def _named(filters: Filters, place: Place, lookup: Lookup) -> list[_Condition]:
    conditions = []
    if filters.repo is not None:
        conditions.append(_in_repo(filters.repo, place, lookup))
    if filters.host is not None:
        host = _this_host(place, lookup) if filters.host == "." else filters.host
        conditions.append(_text("r.host = CAST(? AS TEXT) COLLATE NOCASE", host))
    if filters.session is not None:
        session = place.session if filters.session == "." else filters.session
        conditions.append(_text("r.session = CAST(? AS TEXT)", session) if session else NEVER)
    if filters.author is not None:
        conditions.append(_by(filters.author))
    return conditions


def _this_host(place: Place, lookup: Lookup) -> str:
    """That of the session that asks; where it has run nothing, the name that shells know."""
    return (place.session and lookup.host(place.session)) or socket.gethostname()


def _by(author: str) -> _Condition:
    if author in (ME, AGENT):
        return _Condition("r.author IS NULL" if author == ME else "r.author IS NOT NULL")
    return _text("r.author = CAST(? AS TEXT) COLLATE NOCASE", author)


def _text(sql: str, value: str) -> _Condition:
    return _Condition(sql, (to_bytes(value),))


def _in_time(filters: Filters) -> list[_Condition]:
    bounds = (
        ("r.start_us >= ?", filters.since),
        ("r.start_us < ?", filters.before),
        ("r.duration_us > ?", filters.took_over),
        ("r.duration_us < ?", filters.took_under),
    )
    return [
        _Condition(sql, (round(seconds * MICRO),)) for sql, seconds in bounds if seconds is not None
    ]


def _below(path: str) -> _Condition:
    """The directory or anything below it; "0" is the character after "/"."""
    root = path.rstrip("/")
    return _Condition(
        "(d.path = CAST(? AS TEXT) OR (d.path >= CAST(? AS TEXT) AND d.path < CAST(? AS TEXT)))",
        (to_bytes(root or "/"), to_bytes(f"{root}/"), to_bytes(f"{root}0")),
    )


def _in_repo(repo: str, place: Place, lookup: Lookup) -> _Condition:
    """A repository by path, by name, or "." for the one that the search is asked from."""
    if repo == ".":
        here = place.cwd and (lookup.repository(place.cwd) or repository(place.cwd))
        return _text("d.repo = CAST(? AS TEXT)", here) if here else NEVER
    path = str(Path(repo).expanduser())
    return _Condition(
        "(d.repo = CAST(? AS TEXT) OR d.repo LIKE CAST(? AS TEXT) ESCAPE '\\')",
        (to_bytes(path), to_bytes(f"%/{re.sub(_WILD, _ESCAPED, repo)}")),
    )
