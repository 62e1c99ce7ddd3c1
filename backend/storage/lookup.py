"""Read-only questions to the store: the commands behind ids, sums for ranking, context."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from backend.storage import erasing, kept
from backend.storage.kept import Kept
from backend.storage.store import MICRO
from backend.system.text import to_bytes


@dataclass(frozen=True)
class Command:
    """A distinct command with what its runs add up to. Unknown is None; `last_run` is epoch s,
    `last_duration` seconds, and `last_host` the machine of the last run.
    """

    id: int
    text: str
    runs: int
    ok_runs: int
    failed_runs: int
    last_run: float | None
    last_exit: int | None
    last_cwd: str | None
    last_duration: float | None
    last_host: str | None


@dataclass(frozen=True)
class CommandRun:
    """One run of a command. Unknown is None; `start` is epoch s, `duration` seconds."""

    id: int
    command_id: int
    text: str
    start: float | None
    duration: float | None
    exit: int | None
    cwd: str | None
    session: str | None
    host: str | None


# Beyond such a pause, in seconds, a session has gone on to other work.
PAUSE_S = 3600.0
# Runs among which the last one of a directory is looked for.
RECENT = 2000
# No limit, as SQLite has it.
ALL = -1


class Lookup:
    """Answers from an open store's connection. Not thread-safe: the caller serialises."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def last_id(self) -> int:
        """The number of the newest command, 0 if there is none."""
        return int(self._db.execute("SELECT COALESCE(MAX(id), 0) FROM commands").fetchone()[0])

    def texts(self, after: int = 0) -> Iterator[tuple[int, str]]:
        """Id and text of every command with an id above `after`, in order of id."""
        query = "SELECT id, text FROM commands WHERE id > ? ORDER BY id"
        return iter(self._db.execute(query, (after,)))

    def texts_and_exits(
        self, after: int, last: int, most: int
    ) -> list[tuple[int, str, int | None]]:
        """Id, text and last exit status of up to `most` commands above `after`, up to `last`."""
        return self._db.execute(
            "SELECT id, text, last_exit FROM commands WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
            (after, last, most),
        ).fetchall()

    def texts_of(self, ids: Iterable[int]) -> dict[int, str]:
        """The texts of these commands, by id; ids that are gone are left out."""
        query = f"SELECT id, text FROM commands WHERE id IN ({_list(ids)})"
        return dict(self._db.execute(query).fetchall())

    def sums(self, ids: Iterable[int] | None = None) -> Iterator[tuple[int, ...]]:
        """(id, runs, ok_runs, failed_runs, last_run_us or 0, last_dir_id or 0), in order of id."""
        where = "" if ids is None else f"WHERE id IN ({_list(ids)})"
        return iter(
            self._db.execute(
                "SELECT id, runs, ok_runs, failed_runs, COALESCE(last_run_us, 0),"
                f" COALESCE(last_dir_id, 0) FROM commands {where} ORDER BY id"
            )
        )

    def last_run_id(self) -> int:
        """The number of the run that was added last, 0 if there is none."""
        return int(self._db.execute("SELECT COALESCE(MAX(id), 0) FROM runs").fetchone()[0])

    def ran_since(self, run_id: int, most: int) -> list[int]:
        """Commands with runs added since this one, or whose number is its own: a run that replaced
        it may have taken that. In order of id, at most `most`.
        """
        return self._ids(
            "SELECT DISTINCT command_id FROM runs WHERE id >= ? ORDER BY command_id LIMIT ?",
            run_id,
            most,
        )

    def runs_after(self, run_id: int, most: int) -> list[tuple[Any, ...]]:
        """(id, command_id, start_us or None, exit or None, dir_id or None, session or None, repo or
        None) of up to `most` runs added after this one, in order of id.
        """
        return self._db.execute(
            "SELECT r.id, r.command_id, r.start_us, r.exit, r.dir_id, r.session, d.repo"
            " FROM runs r LEFT JOIN dirs d ON d.id = r.dir_id WHERE r.id > ? ORDER BY r.id LIMIT ?",
            (run_id, most),
        ).fetchall()

    def places_of_runs(self, run_id: int, most: int) -> list[tuple[Any, ...]]:
        """(id, command_id, start_us, duration_us, session, host, shell, repository or else
        directory) of up to `most` runs added after this one, in order of id; unknown is None.
        """
        return self._db.execute(
            "SELECT r.id, r.command_id, r.start_us, r.duration_us, r.session, r.host, r.shell,"
            " COALESCE(d.repo, d.path)"
            " FROM runs r LEFT JOIN dirs d ON d.id = r.dir_id WHERE r.id > ? ORDER BY r.id LIMIT ?",
            (run_id, most),
        ).fetchall()

    def runs(self, ids: Iterable[int]) -> list[CommandRun]:
        """The runs with these ids, in order of id; ids that are gone are left out."""
        return self._ran(f"r.id IN ({_list(ids)}) ORDER BY r.id", ALL)

    def commands(self, ids: Sequence[int]) -> list[Command]:
        """The commands with these ids, in the order of `ids`; ids that are gone are left out."""
        rows = self._db.execute(
            "SELECT c.id, c.text, c.runs, c.ok_runs, c.failed_runs, c.last_run_us, c.last_exit,"
            f" d.path, {_of_last_run('duration_us')}, {_of_last_run('host')}"
            " FROM commands c LEFT JOIN dirs d ON d.id = c.last_dir_id"
            f" WHERE c.id IN ({_list(ids)})"
        )
        found = {id: _command(id, *rest) for id, *rest in rows}
        return [found[id] for id in ids if id in found]

    def dir_ids(self, path: str) -> list[int]:
        """The id of a directory, in a list that is empty if no command ran there."""
        return self._ids("SELECT id FROM dirs WHERE path = CAST(? AS TEXT)", to_bytes(path))

    def repository(self, path: str) -> str | None:
        """The repository of a directory in which a command ran before."""
        query = "SELECT repo FROM dirs WHERE path = CAST(? AS TEXT)"
        row = self._db.execute(query, (to_bytes(path),)).fetchone()
        return row[0] if row else None

    def dir_ids_of_repo(self, repo: str) -> list[int]:
        """The directories of a repository in which commands ran."""
        return self._ids("SELECT id FROM dirs WHERE repo = CAST(? AS TEXT)", to_bytes(repo))

    def ran_in_dirs(self, ids: Iterable[int], dir_ids: Iterable[int]) -> list[int]:
        """Those of the commands `ids` that ran in one of these directories."""
        return self._ids(
            "SELECT DISTINCT command_id FROM runs INDEXED BY runs_dir"
            f" WHERE dir_id IN ({_list(dir_ids)}) AND command_id IN ({_list(ids)})"
        )

    def host(self, session: str) -> str | None:
        """The machine on which a shell session runs, if it has run anything."""
        query = (
            "SELECT host FROM runs WHERE session = CAST(? AS TEXT) AND host IS NOT NULL"
            " ORDER BY id DESC LIMIT 1"
        )
        row = self._db.execute(query, (to_bytes(session),)).fetchone()
        return row[0] if row else None

    def ran_in_session(self, session: str) -> list[int]:
        """Ids of the commands of one shell session."""
        query = "SELECT DISTINCT command_id FROM runs WHERE session = CAST(? AS TEXT)"
        return self._ids(query, to_bytes(session))

    def followers(self, session: str) -> dict[int, int]:
        """How often each command ran right after the one that this session ran last."""
        return dict(
            self._db.execute(
                "SELECT command_id, COUNT(*) FROM runs WHERE previous_id ="
                " (SELECT command_id FROM runs WHERE session = CAST(? AS TEXT)"
                " ORDER BY id DESC LIMIT 1) GROUP BY command_id",
                (to_bytes(session),),
            ).fetchall()
        )

    def last_runs(self, session: str | None, cwd: str | None, most: int) -> list[CommandRun]:
        """The newest runs of a session or, if none is named, in a directory; newest first."""
        if session:
            where = "r.session = CAST(? AS TEXT) ORDER BY r.id DESC"
            return self._ran(where, most, to_bytes(session))
        if cwd is None:
            return []
        # Of a directory with a hundred thousand runs not all are sorted: what came before so many
        # others is not what was just done.
        where = (
            f"r.id > (SELECT MAX(id) FROM runs) - {RECENT} AND"
            " +r.dir_id = (SELECT id FROM dirs WHERE path = CAST(? AS TEXT)) ORDER BY r.id DESC"
        )
        return self._ran(where, most, to_bytes(cwd))

    def failures(self, ids: Iterable[int], before: int, most: int) -> list[CommandRun]:
        """Runs of these commands that failed in some session, up to a run; newest first."""
        failed = f"r.command_id IN ({_list(ids)}) AND r.exit <> 0 AND r.session IS NOT NULL"
        return self._ran(f"{failed} AND r.id < ? ORDER BY r.id DESC", most, before)

    def after(self, run: CommandRun, most: int) -> list[CommandRun]:
        """What the session of a run went on with, up to a pause, in order."""
        where = "r.session = CAST(? AS TEXT) AND r.id > ? ORDER BY r.id"
        found, last = [], run.start
        for each in self._ran(where, most, to_bytes(run.session or ""), run.id):
            if each.start is not None and last is not None and each.start - last > PAUSE_S:
                break
            found.append(each)
            last = each.start
        return found

    def _ran(self, where: str, most: int, *values: object) -> list[CommandRun]:
        rows = self._db.execute(
            "SELECT r.id, r.command_id, c.text, r.start_us, r.duration_us, r.exit, d.path,"
            " r.session, r.host FROM runs r JOIN commands c ON c.id = r.command_id"
            f" LEFT JOIN dirs d ON d.id = r.dir_id WHERE {where} LIMIT ?",
            (*values, most),
        )
        return [
            CommandRun(id, command_id, text, _seconds(start), _seconds(duration), *rest)
            for id, command_id, text, start, duration, *rest in rows
        ]

    def kept(self) -> Kept:
        """What is pinned and noted."""
        return kept.read(self._db)

    def generation(self) -> str:
        """Changes whenever commands were removed, so that what was made of them is stale."""
        return str(erasing.generation(self._db))

    def note(self, key: str) -> str | None:
        """A line that the store keeps about itself."""
        row = self._db.execute("SELECT value FROM notes WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def _ids(self, query: str, *parameters: object) -> list[int]:
        return [row[0] for row in self._db.execute(query, parameters)]


def _command(
    id: int,
    text: str,
    runs: int,
    ok_runs: int,
    failed_runs: int,
    last_run_us: int | None,
    last_exit: int | None,
    cwd: str | None,
    duration_us: int | None,
    host: str | None,
) -> Command:
    last_run, duration = _seconds(last_run_us), _seconds(duration_us)
    return Command(id, text, runs, ok_runs, failed_runs, last_run, last_exit, cwd, duration, host)


def _of_last_run(column: str) -> str:
    """What the last run of the command `c` has in a column."""
    newest = "WHERE r.command_id = c.id ORDER BY r.start_us DESC LIMIT 1"
    return f"(SELECT {column} FROM runs r {newest})"


def _seconds(us: int | None) -> float | None:
    return None if us is None else us / MICRO


def _list(ids: Iterable[int]) -> str:
    return ",".join(str(int(id)) for id in ids)
