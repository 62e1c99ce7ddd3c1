"""What fixed a failure like the last one, found in the history."""

import time
from dataclasses import dataclass

import numpy as np

from backend.engine.history import History
from backend.query.place import Place
from backend.query.words import encode
from backend.ranking import reasons
from backend.ranking.fixes import LOOKED_AT, Step, alike, fixes, is_failure
from backend.redaction.mask import MARK
from backend.storage.lookup import CommandRun

# Past failures that are looked at, and commands that might be alike.
MOST_FAILURES, MOST_ALIKE = 20, 100
# How far back of the last run a failure is looked for when it is asked for by name.
BACK = 10


@dataclass(frozen=True)
class Fixing:
    """A command that fixed it before, by row, and why it is offered."""

    row: int
    why: str


def fixing(history: History, place: Place, back: int = 1) -> list[Fixing]:
    """What fixed failures like the newest one among the last `back` runs at `place`, best first."""
    failed = _failure(history, place, back)
    if failed is None:
        return []
    lookup, columns = history.lookup, history.catalogue.columns
    past = lookup.failures(_alike(history, _step(failed)), failed.id, MOST_FAILURES)
    stretches = [
        [_step(each) for each in (run, *lookup.after(run, LOOKED_AT))]
        for run in past
        if is_failure(run.text, run.exit)
    ]
    found, now = fixes(_step(failed), stretches), time.time()
    rows = columns.rows(np.array([fix.command for fix in found], np.int64)).tolist()
    return [
        Fixing(row, reasons.of_fix(fix.times, fix.last, now))
        for row, fix in zip(rows, found, strict=True)
        if encode(MARK) not in history.catalogue.text.data(row)
    ]


def _failure(history: History, place: Place, back: int) -> CommandRun | None:
    runs = history.lookup.last_runs(place.session, place.cwd, back)
    return next((run for run in runs if is_failure(run.text, run.exit)), None)


def _alike(history: History, failed: Step) -> list[int]:
    """Numbers of commands that failed at some time and are like this one, the latest used."""
    catalogue, columns = history.catalogue, history.catalogue.columns
    program = (failed.text.split() or [""])[0]
    rows = catalogue.text.opening(encode(program))
    rows = rows[columns["failed_runs"][rows] > 0]
    rows = rows[np.argsort(-columns["last_run"][rows], kind="stable")][:MOST_ALIKE]
    like = [row for row in rows.tolist() if alike(catalogue.text.text(row), failed)]
    ids: list[int] = columns["id"][np.array(like, np.int32)].tolist()
    return ids


def _step(run: CommandRun) -> Step:
    return Step(run.id, run.command_id, run.text, run.exit, run.cwd, run.start)
