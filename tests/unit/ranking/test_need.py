"""What is needed next: from recency, from what followed, from where it is asked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ranking import links, need
from backend.ranking.need import RUN, Need, Where

HOUR = 3600.0


def runs(*rows: int, start: float = 1_700_000_000.0, **same: int) -> np.ndarray:
    """One run after another; `same` holds of all: session, directory, repository, ok."""
    made = np.zeros(len(rows), RUN)
    made["row"], made["ok"] = rows, same.get("ok", -1)
    made["start"] = start + 60 * np.arange(len(rows))
    for name in ("session", "directory", "repository"):
        made[name] = same.get(name, 0)
    return made


def known(*lots: np.ndarray) -> Need:
    made = Need()
    for lot in lots:
        made.add(lot)
    return made


def order(of: Need, count: int, **where: int) -> list[int]:
    """Rows, the likeliest first."""
    likelihoods = of.likelihoods(count, Where(**where)).tolist()
    return sorted(range(count), key=lambda row: -likelihoods[row])


def test_nothing_is_known_of_an_empty_history() -> None:
    assert Need().likelihoods(3, Where()).tolist() == [0, 0, 0]
    assert Need().started is None


def test_the_newest_comes_first() -> None:
    assert order(known(runs(3, 2, 0, 1)), 4) == [1, 0, 2, 3]


def test_what_is_used_often_outlives_what_was_used_once() -> None:
    others = list(range(2, 202))
    made = known(runs(*[0] * 30, 1, *others))
    assert made.likelihoods(202, Where())[0] > made.likelihoods(202, Where())[1]


def test_what_followed_follows_again() -> None:
    made = known(runs(*[0, 1, 2] * 5, 3, 4, 5, 0))
    assert order(made, 6)[0] == 1


def test_two_commands_say_more_than_one() -> None:
    made = known(runs(*[0, 5, 1, 2, 5, 3] * 6, 0, 5))
    assert order(made, 6)[0] == 1
    made.add(runs(1, 2, 5))
    assert order(made, 6)[0] == 3


def test_each_session_has_its_own_last_command() -> None:
    made = known(runs(*[0, 1, 2, 3] * 5, session=1), runs(0, session=2), runs(2, session=3))
    assert order(made, 4, session=2)[0] == 1
    assert order(made, 4, session=3)[0] == 3
    assert order(made, 4)[0] == 3, "from outside any session: by the last run there was"
    assert order(made, 4, session=99)[0] == 3


def test_a_directory_and_a_repository_bring_their_own() -> None:
    far = list(range(10, 60))
    made = known(runs(*[0, 1] * 4, directory=1, repository=1), runs(*far, session=2))
    assert set(order(made, 60, directory=1)[:2]) == {0, 1}
    assert set(order(made, 60, repository=1)[:2]) == {0, 1}
    assert 0 not in order(made, 60)[:10]


def test_what_never_worked_is_needed_less() -> None:
    worked = known(runs(0, ok=1), runs(1, 2)).likelihoods(3, Where())
    failed = known(runs(0, ok=0), runs(1, 2)).likelihoods(3, Where())
    assert failed[0] < worked[0] and failed[1] == worked[1]


def test_what_never_worked_is_not_brought_back_by_having_followed_once() -> None:
    logs, compose, ps, load = range(4)
    often = [runs(logs, *range(10 * day, 10 * day + 9), ok=1, session=day) for day in range(1, 8)]
    yesterday = runs(logs, compose, ps, ok=1, session=8), runs(load, ok=0, session=8)
    since = runs(*range(90, 110), logs, ok=1, session=9)
    made = known(*often, *yesterday, since, runs(compose, ps, ok=1, session=9))
    told = made.likelihoods(120, Where(session=9))
    assert told[logs] > told[load]
    made.add(runs(logs, compose, ps, load, ok=1, session=10))
    made.add(runs(compose, ps, ok=1, session=9))
    assert order(made, 120, session=9)[0] == load, "it has worked since, and followed twice"


def test_a_weekend_changes_nothing() -> None:
    habits = [0, 1, 2, 0, 1, 3, 0, 4] * 6
    friday, later = runs(*habits), runs(0, start=1_700_000_000.0 + 3000 + 64 * HOUR)
    at_once = runs(0, start=1_700_000_000.0 + 3000)
    assert order(known(friday, later), 5) == order(known(friday, at_once), 5)


def test_days_of_work_count_and_a_pause_does_not() -> None:
    hours = runs(*range(1, 200))
    hours["start"] += HOUR * np.arange(199)
    made = known(runs(0), hours)
    idle = known(runs(0), runs(*range(1, 200), start=1_700_000_000.0 + 199 * HOUR))
    assert made.likelihoods(200, Where())[0] < idle.likelihoods(200, Where())[0]


ROWS = st.lists(st.integers(0, 6), min_size=1, max_size=40)


@given(ROWS, st.integers(0, 40))
def test_in_lots_or_at_once(rows: list[int], cut: int) -> None:
    whole = runs(*rows, session=1, directory=1, repository=1, ok=1)
    lots = [lot for lot in (whole[:cut], whole[cut:]) if len(lot)]
    where = Where(1, 1, 1)
    at_once, in_lots = known(whole).likelihoods(7, where), known(*lots).likelihoods(7, where)
    assert np.allclose(at_once, in_lots, rtol=1e-4)
    assert (at_once >= 0).all() and at_once.max() <= 1
    assert (at_once[sorted(set(rows))] > 0).all()


def test_old_neighbours_are_forgotten_and_uses_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (need, links):
        monkeypatch.setattr(module, "KEPT_RUNS", 20)
    made = Need()
    for number in range(100):
        made.add(runs(number % 9, session=1, directory=1, repository=1))
        assert np.isfinite(made.likelihoods(9, Where(1, 1, 1))).all()
    made.add(runs(*range(9, 80), session=2))
    assert (made.likelihoods(80, Where()) > 0).all()
    assert made.likelihoods(80, Where(session=1))[1] > 0
