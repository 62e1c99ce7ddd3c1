"""An episode as whoever asked is told it: its runs, what they have in common, and what tells."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from backend.engine.history import History
from backend.storage.lookup import CommandRun
from backend.wire import episode
from backend.wire.episode import Episode

Floats = NDArray[np.float32]

# So many commands say what an episode was about.
TELLING = 3
# A longer command says more, up to so many characters and twice as much.
LENGTH = 40


class NotRead(Exception):
    """The episodes are still being made of the history, which takes a moment after a start."""


def with_run(history: History, id: int, hidden: Set[int] = frozenset()) -> Episode | None:
    """The episode that this run is part of, whole but for the commands `hidden`; None if there is
    no such run. Raises NotRead.
    """
    if not history.episodes.are_read:
        raise NotRead
    found = history.episodes.table().with_runs([id])
    if not len(found):
        return None
    worths = history.episodes.worths()
    return next(iter(told(history, {int(found[0]): 0.0}, worths, hidden)), None)


def told(
    history: History, scores: Mapping[int, float], added: Floats, hidden: Set[int]
) -> Iterator[Episode]:
    """The episodes of these numbers, in the order of `scores`, without the commands `hidden`.
    added: float32 (commands,), what each adds to an episode, by which it tells of it.
    """
    table = history.episodes.table()
    of_each = {at: table.runs_of(at) for at in scores}
    found = history.lookup.runs(chain(*of_each.values()))
    runs = {run.id: run for run in found if run.command_id not in hidden}
    ids = np.array([run.command_id for run in runs.values()], np.int64)
    weights = added[history.catalogue.columns.rows(ids)].tolist()
    weight_of = dict(zip(runs, weights, strict=True))
    for at, score in scores.items():
        if shown := [runs[id] for id in of_each[at] if id in runs]:
            yield _episode(shown, score, [weight_of[run.id] for run in shown])


def _episode(runs: Sequence[CommandRun], score: float, weights: Sequence[float]) -> Episode:
    telling = _telling(runs, weights)
    ends = [run.start + (run.duration or 0) for run in runs if run.start is not None]
    return Episode(
        id=runs[0].id,
        runs=[
            episode.Run(run.text, run.start, run.duration, run.exit, run.cwd, at in telling)
            for at, run in enumerate(runs)
        ],
        score=score,
        started=next((run.start for run in runs if run.start is not None), None),
        ended=max(ends, default=None),
        session=runs[0].session,
        host=_commonest(run.host for run in runs),
        cwd=_commonest(run.cwd for run in runs),
    )


def _telling(runs: Sequence[CommandRun], weights: Sequence[float]) -> set[int]:
    """Places of the runs of most weight, what failed after the rest. A longer command weighs more;
    one that ran several times counts once, as its last run.
    """
    places = {run.text: at for at, run in enumerate(runs)}.values()
    length = {at: 1 + min(len(runs[at].text), LENGTH) / LENGTH for at in places}
    order = sorted(places, key=lambda at: (bool(runs[at].exit), -weights[at] * length[at]))
    return set(order[:TELLING])


def _commonest(values: Iterable[str | None]) -> str | None:
    counted = Counter(value for value in values if value is not None)
    return counted.most_common(1)[0][0] if counted else None
