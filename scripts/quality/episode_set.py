"""Questions about stretches of work, and how well a ranking of episodes answers them.

The set of tests/data/episodes: a half to tune on (`dev`) and one that is held back (`held`).
Whoever measures gives a ranking, a function from a question to the episodes found, best first; an
episode is the runs in it, each named by its session and start. The formats stand in the README
beside the data.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from backend.wire.record import Record

DEV, HELD = "dev", "held"
# A run: its session, and its start in seconds since the epoch.
Place = tuple[str, float]
Ranking = Callable[[str], Sequence[Collection[Place]]]

FIELDS = {field.name for field in fields(Record)} - {"nth", "author"}


class MalformedSet(ValueError):
    """A line of the set is not what it has to be. Says which file, which line and why."""

    def __init__(self, path: Path, number: int, why: str) -> None:
        super().__init__(f"{path}:{number}: {why}")


@dataclass(frozen=True)
class Question:
    """What somebody asks who forgot, and the runs of the one stretch that answers it."""

    text: str
    right: frozenset[Place]
    kind: str

    def answered_by(self, episode: Collection[Place]) -> bool:
        """Whether the episode is right.

        It is if the runs that it shares with the right stretch are at least half of the stretch's
        or at least half of its own: where exactly a stretch begins and ends is a matter of taste.
        An episode cut too small is right by this rule, so `figures` tells of halves too.
        """
        shared = 2 * len(self.right.intersection(episode))
        return shared > 0 and (shared >= len(self.right) or shared >= len(set(episode)))

    def told_by(self, episode: Collection[Place]) -> bool:
        """Whether the episode holds at least half of the right stretch."""
        return 2 * len(self.right.intersection(episode)) >= len(self.right)


@dataclass(frozen=True)
class EpisodeSet:
    """Runs of several people, in the order of their starts, and questions about them."""

    runs: tuple[Record, ...]
    questions: tuple[Question, ...]


def half_of(session: str) -> str:
    """The half a session belongs to: the first byte of its name's SHA-256, even or odd.

    The name is what stands before a dot: all terminals of one sitting lie in one half.
    """
    name = session.partition(".")[0]
    return HELD if hashlib.sha256(name.encode()).digest()[0] % 2 else DEV


def read_set(directory: Path, half: str) -> EpisodeSet:
    """One half of the set, checked.

    Raises OSError, and MalformedSet for a line that is not as the README says: fields, order of
    times, half, a stretch that does not begin and end with runs of its session.
    """
    runs = tuple(_runs(directory / f"sessions-{half}.jsonl", half))
    starts: dict[str, list[float]] = {}
    for run in runs:
        starts.setdefault(str(run.session), []).append(run.start or 0.0)
    questions = tuple(_questions(directory / f"questions-{half}.tsv", starts))
    return EpisodeSet(runs, questions)


def figures(questions: Sequence[Question], ranking: Ranking) -> dict[str, float]:
    """How well a ranking answers these questions, at least one.

    right_first: share of questions whose first episode is right. MRR: mean of 1 / place of the
    first right episode, 0 where none was found. half_told_first: share whose first episode holds
    at least half of the right stretch, which no cutting into small pieces can raise.
    """
    first = reciprocal = told = 0.0
    for question in questions:
        found = ranking(question.text)
        right = [question.answered_by(episode) for episode in found]
        first += right[:1] == [True]
        reciprocal += 1 / (right.index(True) + 1) if True in right else 0.0
        told += bool(found) and question.told_by(found[0])
    count = len(questions)
    return {
        "right_first": first / count,
        "MRR": reciprocal / count,
        "half_told_first": told / count,
    }


def _runs(path: Path, half: str) -> Iterator[Record]:
    before: dict[str, float] = {}
    latest = 0.0
    for number, line in _lines(path):
        try:
            values = json.loads(line)
        except ValueError as error:
            raise MalformedSet(path, number, f"not JSON: {error}") from error
        if not isinstance(values, dict) or set(values) != FIELDS:
            raise MalformedSet(path, number, f"fields are not {', '.join(sorted(FIELDS))}")
        run = Record(**values)
        start, session = float(values["start"]), str(run.session)
        if half_of(session) != half:
            raise MalformedSet(path, number, f"session {session} belongs to the other half")
        if start < latest or start <= before.get(session, 0.0):
            raise MalformedSet(path, number, "it starts before the run above it")
        before[session] = latest = start
        yield run


def _questions(path: Path, starts: dict[str, list[float]]) -> Iterator[Question]:
    seen = set()
    for number, line in _lines(path):
        columns = line.split("\t")
        if len(columns) != 5 or not all(columns):
            raise MalformedSet(path, number, "not question, session, first, last and kind")
        text, session, first, last, kind = columns
        known = starts.get(session, [])
        begin, end = _time_of(first, known), _time_of(last, known)
        if begin is None or end is None or begin >= end:
            raise MalformedSet(path, number, f"session {session} has no such stretch")
        if text in seen:
            raise MalformedSet(path, number, "this question stands above already")
        seen.add(text)
        right = frozenset((session, start) for start in known if begin <= start <= end)
        yield Question(text, right, kind)


def _time_of(text: str, known: list[float]) -> float | None:
    """The start among the known that the text names, or None."""
    try:
        return float(text) if float(text) in known else None
    except ValueError:
        return None


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    return enumerate(path.read_text("utf-8").splitlines(), 1)
