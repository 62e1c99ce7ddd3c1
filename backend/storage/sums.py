"""What the runs of a command add up to, kept beside its text so that ranking need not count.

The latest run's exit and directory stand; a command always has one run at the least.
"""

import sqlite3

_ADD = """UPDATE commands SET runs = runs + 1, ok_runs = ok_runs + (:exit IS 0),
    failed_runs = failed_runs + (:exit IS NOT NULL AND :exit != 0),
    last_exit = CASE WHEN COALESCE(:start, 0) >= COALESCE(last_run_us, 0)
        THEN :exit ELSE last_exit END,
    last_dir_id = CASE WHEN COALESCE(:start, 0) >= COALESCE(last_run_us, 0)
        THEN COALESCE(:dir, last_dir_id) ELSE last_dir_id END,
    last_run_us = MAX(COALESCE(last_run_us, :start), COALESCE(:start, last_run_us))
    WHERE id = :id"""

_RENEW = """UPDATE commands SET
    (runs, ok_runs, failed_runs, last_run_us) =
        (SELECT MAX(COUNT(*), 1), COALESCE(SUM(exit IS 0), 0), COALESCE(SUM(exit != 0), 0),
            MAX(start_us) FROM runs WHERE command_id = commands.id),
    last_exit = (SELECT exit FROM runs WHERE command_id = commands.id
        ORDER BY COALESCE(start_us, 0) DESC, id DESC LIMIT 1),
    last_dir_id = (SELECT dir_id FROM runs WHERE command_id = commands.id AND dir_id IS NOT NULL
        ORDER BY COALESCE(start_us, 0) DESC, id DESC LIMIT 1)"""


def add(
    db: sqlite3.Connection,
    command_id: int,
    start_us: int | None,
    exit: int | None,
    dir_id: int | None,
) -> None:
    """Add one run to the sums of its command."""
    db.execute(_ADD, {"start": start_us, "exit": exit, "dir": dir_id, "id": command_id})


def renew(db: sqlite3.Connection, command_id: int) -> None:
    """Count the runs of a command anew."""
    db.execute(f"{_RENEW} WHERE id = ?", (command_id,))


def renew_all(db: sqlite3.Connection) -> None:
    """Count anew; the sums of a command none of whose runs is there stay as they are."""
    db.execute(f"{_RENEW} WHERE id IN (SELECT command_id FROM runs)")
    db.execute("UPDATE commands SET runs = 1 WHERE runs = 0")
