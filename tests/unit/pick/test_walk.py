"""The selection's way through rows that have not all come."""

from hypothesis import given
from hypothesis import strategies as st

from backend.wire.row import Row
from shell_plugin.pick.answers.answer import Answer
from shell_plugin.pick.walk import PAGE, Walk

FAR = 1 << 30


def served(found: int, first: int, limit: int, query: str = "q") -> Answer:
    rows = [Row(str(at)) for at in range(first, min(first + limit, found))]
    return Answer(query, rows, "text", first=first, found=found)


@given(
    st.integers(1, 700),
    st.lists(st.one_of(st.integers(-30, 30), st.integers(-400, 400), st.sampled_from([FAR, -FAR]))),
)
def test_any_walk_arrives_where_a_whole_list_would_lead(found: int, steps: list[int]) -> None:
    answer, walk, place = served(found, 0, PAGE), Walk(), 0
    for step in steps:
        place = max(0, min(place + step, found - 1))
        walk.move(step, answer)
        asked = 0
        while missing := walk.missing(answer):
            asked += 1
            assert asked <= 3
            more = answer.joined(served(found, *missing))
            walk.take_in(answer, more)
            answer = more
        assert walk.has_arrived(answer)
        assert answer.rows[walk.index(answer)].command == str(place)


def test_rows_are_asked_for_before_they_are_needed() -> None:
    answer, walk = served(100, 0, PAGE), Walk()
    walk.move(24, answer)
    assert walk.missing(answer) is None
    walk.move(1, answer)
    assert walk.missing(answer) == (50, 50)


def test_the_last_page_is_asked_for_itself() -> None:
    answer, walk = served(100_000, 0, PAGE), Walk()
    walk.move(FAR, answer)
    assert walk.missing(answer) == (99_950, 50)
    assert not walk.has_arrived(answer)
    assert walk.index(answer) == 49
    walk.stop(answer)
    assert walk.target == 49


def test_a_better_answer_keeps_the_command_and_another_query_does_not() -> None:
    answer, walk = served(50, 0, PAGE), Walk()
    walk.move(3, answer)
    better = Answer("q", [Row("new"), *answer.rows], "hybrid")
    assert walk.take_in(answer, better) == 1
    assert better.rows[walk.index(better)].command == "3"
    without = Answer("q", [Row("new")], "hybrid")
    walk.take_in(better, without)
    assert walk.target == 0
    walk.move(3, answer)
    walk.take_in(answer, served(50, 0, PAGE, "other"))
    assert walk.target == 0


def test_the_first_row_stays_the_first() -> None:
    """Nobody chose it: what comes first now is selected."""
    answer, walk = served(50, 0, PAGE), Walk()
    assert walk.take_in(answer, Answer("q", [Row("new"), *answer.rows], "hybrid")) == 0
    assert walk.target == 0


def test_the_next_row_takes_the_place_of_one_that_is_hidden() -> None:
    answer, walk = served(50, 0, PAGE), Walk()
    walk.move(3, answer)
    rest = [row for row in answer.rows if row.command != "3"]
    assert walk.take_in(answer, Answer("q", rest, "text", hidden=(3,))) == 0
    assert walk.target == 3
    walk.take_in(answer, Answer("q", rest, "text"))
    assert walk.target == 0
