"""Where a request comes from, and what that says about each candidate command.

It orders nothing: ranking/reasons.py tells it beside each row.
"""

import numpy as np
from numpy.typing import NDArray

from backend.engine.held.columns import Columns
from backend.query.place import Place
from backend.ranking.preference import Context
from backend.storage.lookup import Lookup


def gather(columns: Columns, lookup: Lookup, place: Place, rows: NDArray[np.int32]) -> Context:
    """Columns for the candidate rows, (c,) each."""
    ids = columns["id"][rows]
    return Context(
        ok_runs=columns["ok_runs"][rows],
        failed_runs=columns["failed_runs"][rows],
        here=_here(lookup, place, ids),
        repo=_repository(lookup, place, ids),
        session=_session(lookup, place, ids),
        follows=_follows(lookup, place, ids),
    )


def _here(lookup: Lookup, place: Place, ids: NDArray[np.int64]) -> NDArray[np.bool_] | None:
    if place.cwd is None:
        return None
    return np.isin(ids, lookup.ran_in_dirs(ids, lookup.dir_ids(place.cwd)))


def _repository(lookup: Lookup, place: Place, ids: NDArray[np.int64]) -> NDArray[np.bool_] | None:
    repo = lookup.repository(place.cwd) if place.cwd is not None else None
    if repo is None:
        return None
    return np.isin(ids, lookup.ran_in_dirs(ids, lookup.dir_ids_of_repo(repo)))


def _session(lookup: Lookup, place: Place, ids: NDArray[np.int64]) -> NDArray[np.bool_] | None:
    if place.session is None:
        return None
    return np.isin(ids, lookup.ran_in_session(place.session))


def _follows(lookup: Lookup, place: Place, ids: NDArray[np.int64]) -> NDArray[np.float32] | None:
    """How often each command came after the last one of the session, 0..1."""
    if place.session is None:
        return None
    followers = lookup.followers(place.session)
    total = max(1, sum(followers.values()))
    return np.array([followers.get(id, 0) / total for id in ids.tolist()], np.float32)
