"""Figures of a history, summed up by SQLite: a million runs take about a second.

Knows nothing of terminals.
"""

import sqlite3
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.commands.figures.aliases import LEAST_RUNS, SHORTEST, Alias, aliases
from backend.ranking.purpose import is_question
from backend.storage.store import MICRO

TOP = 10
# Runs are counted by quarters of an hour: every zone is that many from another.
QUARTER_S = 900
# Of fewer runs a share of failures says little.
FEWEST_RUNS = 3
# One does not wait for these: one works in them.
INTERACTIVE = frozenset(
    "vi vim nvim nano emacs hx micro code less more man info top htop btop watch tail ssh mosh"
    " tmux screen psql mysql sqlite3 mongosh redis-cli python python3 ipython node irb ghci bash"
    " zsh fish sh su mc ranger lazygit tig gdb journalctl".split()
)


@dataclass(frozen=True)
class Count:
    """Something that ran `runs` times, of which `failed` failed; `seconds` in all runs that took
    one or more.
    """

    name: str
    runs: int
    failed: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Sums:
    """days: runs by local day; hours: runs by local hour, 24 numbers. `waited`: seconds, and
    `waiting` where they went, by program.
    """

    commands: int
    runs: int
    days: dict[date, int]
    hours: tuple[int, ...]
    used: Sequence[Count]
    aliases: Sequence[Alias]
    failing: Sequence[Count]
    places: Sequence[Count]
    waited: float
    waiting: Sequence[Count]


def sums(db: sqlite3.Connection, since: float | None) -> Sums:
    """The figures of all runs, or of those since then, epoch seconds."""
    _sum_up(db, since)
    commands, runs = db.execute("SELECT COUNT(*), COALESCE(SUM(runs), 0) FROM summed").fetchone()
    days, hours = _times(db, since)
    programs = [count for count in _programs(db) if count.name not in INTERACTIVE]
    programs.sort(key=lambda count: -count.seconds)
    return Sums(
        commands,
        runs,
        days,
        hours,
        _counts(db, "ORDER BY s.runs DESC, command_id LIMIT ?", TOP),
        _aliases(db),
        _failing(db),
        _places(db, since),
        sum(count.seconds for count in programs),
        [count for count in programs[:TOP] if count.seconds >= 1],
    )


# Ended by a signal, as by Ctrl-C, is not failed.
_FAILED = "exit <> 0 AND exit NOT BETWEEN 129 AND 191"
# What takes less is not waited for; and to sum up fewer runs is quicker, since SQLite sorts them.
_WAITED = f"duration_us >= {MICRO}"


def _runs(since: float | None, which: str = "") -> str:
    """FROM and WHERE; through an index that lacks what is asked each run would be looked up."""
    kept = [] if since is None else [f"start_us >= {int(since * MICRO)}"]
    kept += [which] if which else []
    return f"FROM runs NOT INDEXED WHERE {' AND '.join(kept)}" if kept else "FROM runs"


def _sum_up(db: sqlite3.Connection, since: float | None) -> None:
    """A table for the time of this connection, one row a command."""
    failed, waited = _runs(since, _FAILED), _runs(since, _WAITED)
    db.executescript(
        f"""
        PRAGMA temp_store=MEMORY;
        DROP TABLE IF EXISTS temp.summed;
        CREATE TEMP TABLE summed AS
            SELECT command_id, runs, COALESCE(n, 0) AS failed, COALESCE(us, 0) / 1e6 AS seconds
            FROM (SELECT command_id, COUNT(*) AS runs {_runs(since)} GROUP BY 1)
            LEFT JOIN (SELECT command_id, COUNT(*) AS n {failed} GROUP BY 1) USING (command_id)
            LEFT JOIN (SELECT command_id, SUM(duration_us) AS us {waited} GROUP BY 1)
                USING (command_id);
        """
    )


def _counts(db: sqlite3.Connection, which: str, most: int) -> list[Count]:
    rows = db.execute(
        "SELECT text, s.runs, failed, seconds FROM summed s"
        f" JOIN commands c ON c.id = command_id {which}",
        (most,),
    )
    return [Count(*row) for row in rows]


def _aliases(db: sqlite3.Connection) -> list[Alias]:
    """Of what cost the most keys."""
    costly = f"WHERE length(text) >= {SHORTEST} AND s.runs >= {LEAST_RUNS}"
    counts = _counts(db, f"{costly} ORDER BY s.runs * length(text) DESC LIMIT ?", 10 * TOP)
    taken = {name for (name,) in db.execute(f"SELECT DISTINCT {_PROGRAM} FROM commands")}
    return aliases([(count.name, count.runs) for count in counts], taken)[:TOP]


def _failing(db: sqlite3.Connection) -> list[Count]:
    which = f"WHERE failed > 0 AND s.runs >= {FEWEST_RUNS} ORDER BY failed DESC, s.runs LIMIT ?"
    return [count for count in _counts(db, which, 5 * TOP) if not is_question(count.name)][:TOP]


def _places(db: sqlite3.Connection, since: float | None) -> list[Count]:
    """Directories with the most failures."""
    failures = db.execute(
        f"SELECT dir_id, COUNT(*) {_runs(since, _FAILED)} GROUP BY 1 ORDER BY 2 DESC LIMIT ?",
        (TOP + 1,),
    )
    failed = {id: count for id, count in failures if id is not None}
    rows = db.execute(
        f"SELECT dir_id, path, n FROM (SELECT dir_id, COUNT(*) AS n {_runs(since)} GROUP BY 1)"
        " JOIN dirs ON dirs.id = dir_id"
    )
    counts = [Count(path, runs, failed[id]) for id, path, runs in rows if id in failed]
    return sorted(counts, key=lambda count: (-count.failed, count.name))[:TOP]


_PROGRAM = "substr(text, 1, instr(text || ' ', ' ') - 1)"


def _programs(db: sqlite3.Connection) -> list[Count]:
    return [
        Count(*row)
        for row in db.execute(
            f"SELECT {_PROGRAM}, SUM(s.runs), SUM(failed), SUM(seconds) FROM summed s"
            " JOIN commands c ON c.id = command_id WHERE seconds > 0 GROUP BY 1"
        )
    ]


def _times(db: sqlite3.Connection, since: float | None) -> tuple[dict[date, int], tuple[int, ...]]:
    """Runs by local day and by local hour."""
    days: Counter[date] = Counter()
    hours = [0] * 24
    quarters = db.execute(
        f"SELECT start_us / {QUARTER_S * MICRO}, COUNT(*) {_runs(since, 'start_us > 0')} GROUP BY 1"
    )
    for quarter, runs in quarters:
        then = time.localtime(quarter * QUARTER_S)
        days[date(then.tm_year, then.tm_mon, then.tm_mday)] += runs
        hours[then.tm_hour] += runs
    return dict(sorted(days.items())), tuple(hours)
