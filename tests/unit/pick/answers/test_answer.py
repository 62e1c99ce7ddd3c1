"""Pages of rows become one list, without gaps that show and without a row twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.wire.row import Row
from shell_plugin.pick.answers.answer import Answer

HISTORY = [f"command {at}" for at in range(40)]


def page(first: int, end: int, history: list[str] = HISTORY, matches: int = 0) -> Answer:
    rows = [Row(text) for text in history[first:end]]
    return Answer("q", rows, "text", first=first, found=len(history), matches=matches)


def texts(answer: Answer) -> list[str]:
    return [row.command for row in answer.rows]


def test_pages_that_touch_are_joined() -> None:
    whole = page(10, 20).joined(page(20, 40)).joined(page(0, 10))
    assert texts(whole) == HISTORY
    assert (whole.first, whole.next, whole.count) == (0, 40, 40)


def test_a_page_elsewhere_takes_the_place_of_the_rest() -> None:
    last = page(0, 10).joined(page(30, 40))
    assert (texts(last), last.first, last.count) == (HISTORY[30:], 30, 40)


def test_the_daemon_counts_until_the_last_row_is_here() -> None:
    newer = ["new", *HISTORY]
    some = page(0, 10).joined(page(10, 20, newer))
    assert texts(some) == HISTORY[:19]
    assert some.count == 41
    assert some.joined(page(20, 41, newer)).count == 40


def test_a_page_without_rows_is_the_end() -> None:
    whole = page(0, 10).joined(Answer("q", [], "text", first=10, found=0))
    assert (texts(whole), whole.count, whole.found) == (HISTORY[:10], 10, 10)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12), st.integers(0, 3)), max_size=12))
def test_no_row_comes_twice(asked: list[tuple[int, int, int]]) -> None:
    """Whatever is asked for while commands are added, and how many of them."""
    answer = page(0, 10)
    history = HISTORY
    for first, limit, added in asked:
        history = [*(f"new {len(history) + n}" for n in range(added)), *history]
        answer = answer.joined(page(first, first + limit, history))
        assert len(set(texts(answer))) == len(answer.rows)
        assert answer.count >= answer.first + len(answer.rows)


@pytest.mark.parametrize(
    ("kinds", "first", "matches", "rule"),
    [
        ("mm--", 0, 2, 2),
        ("mm", 0, 2, None),
        ("--", 0, 0, None),
        # Matches stand anywhere: a sentence.
        ("-m--", 0, 1, None),
        ("m-m-", 0, 2, None),
        # What was picked before holds nothing, and counts among them.
        ("-mm--", 0, 3, 3),
        # A later page, with the last match and without.
        ("m---", 50, 51, 1),
        ("----", 50, 12, None),
        ("mmmm", 0, 60, None),
    ],
)
def test_where_the_rule_is(kinds: str, first: int, matches: int, rule: int | None) -> None:
    rows = [Row(str(at), match="word" if kind == "m" else None) for at, kind in enumerate(kinds)]
    assert Answer("q", rows, "hybrid", first=first, found=99, matches=matches).rule == rule


def texts_and_counts(answer: Answer) -> tuple[list[str], int, int | None]:
    return texts(answer), answer.count, answer.rule


def test_likes_stand_under_their_row_and_are_not_counted_by_the_daemon() -> None:
    answer = page(0, 10)
    likes = [Row("like 1"), Row("command 3"), Row("like 2")]
    unfolded = answer.unfolded("command 2", likes)
    assert texts(unfolded)[2:6] == ["command 2", "like 1", "like 2", "command 3"]
    assert (unfolded.count, unfolded.next) == (42, 10)
    assert [unfolded.head(at) for at in range(1, 6)] == [None, 2, 2, 2, None]
    assert texts(unfolded.joined(page(10, 40))) == [*texts(unfolded), *HISTORY[10:]]
    assert texts_and_counts(unfolded.folded("command 2")) == texts_and_counts(answer)
    assert answer.unfolded("no row", likes) is answer


def test_the_same_question_answered_anew_stays_unfolded() -> None:
    unfolded = page(0, 10).unfolded("command 2", [Row("like")])
    again = page(0, 5).unfolded_as(unfolded)
    assert texts(again) == [*HISTORY[:3], "like", *HISTORY[3:5]]
    other = Answer("other", [Row("command 2")], "text")
    assert texts(other.unfolded_as(unfolded)) == ["command 2"]


def test_the_rule_is_where_it_was_above_likes() -> None:
    rows = [Row("a", match="word"), Row("b", match="word"), Row("c")]
    answer = Answer("q", rows, "text", matches=2)
    assert answer.rule == 2
    assert answer.unfolded("a", [Row("x"), Row("y")]).rule == 4
    assert answer.unfolded("b", [Row("x")]).rule == 3
    assert answer.unfolded("c", [Row("x")]).rule == 2
