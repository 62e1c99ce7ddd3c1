"""Notes in the text index: a row has the words of both, and its text stays as it is."""

import numpy as np
import pytest

from backend.query.parse import parse
from backend.text.containment import INSIDE, NOT, OPENS, WORD
from backend.text.index import TextIndex

COMMANDS = ["rsync -a site host:", "git push", "make blog", "ls"]
NOTE = "how I moved the Blog"


@pytest.fixture
def index() -> TextIndex:
    made = TextIndex()
    made.add(COMMANDS)
    made.annotate({0: NOTE})
    return made


def found(index: TextIndex, text: str) -> list[int]:
    return sorted(index.search(parse(text, 0.0, index)).rows.tolist())


def levels(index: TextIndex, text: str) -> list[int]:
    found: list[int] = index.levels(parse(text, 0.0, index)).tolist()
    return found


def test_words_of_a_note_find_its_command(index: TextIndex) -> None:
    assert found(index, "moved") == [0]
    assert found(index, "blog") == [0, 2]
    assert found(index, "moevd") == [0], "with a typing error"
    assert index.text(0) == COMMANDS[0]
    assert index.knows("moved") and not index.knows("absent")


def test_a_word_that_both_have_counts_once(index: TextIndex) -> None:
    asked = parse("push", 0.0, index)
    before = index.search(asked)
    index.annotate({1: "push"})
    after = index.search(asked)
    assert 0 < after.scores[1] <= before.scores[1]
    assert after.covered.tolist() == before.covered.tolist() == [0, 1, 0, 0]
    assert after.noted.tolist() == [1] and before.noted.tolist() == []


def test_rows_hold_what_was_typed_with_their_note(index: TextIndex) -> None:
    assert levels(index, "how I mo") == [OPENS, NOT, NOT, NOT]
    assert levels(index, "blog") == [WORD, NOT, WORD, NOT]
    assert levels(index, "rsync blog") == [WORD, NOT, NOT, NOT], "a piece each"
    assert levels(index, "rsync") == [OPENS, NOT, NOT, NOT]
    assert levels(index, "ove") == [INSIDE, NOT, NOT, NOT]
    assert levels(index, "Blog") == [WORD, NOT, NOT, NOT], "the case that was typed"
    assert levels(index, "rsync moved absent") == [NOT] * 4


def test_a_note_may_be_excluded_by_its_words(index: TextIndex) -> None:
    assert index.excluded(parse("rsync -moved", 0.0, index)).tolist() == [True] + [False] * 3


def test_only_what_is_allowed(index: TextIndex) -> None:
    asked = parse("blog", 0.0, index)
    allowed = np.array([False, True, True, True])
    assert index.search(asked, allowed=allowed).rows.tolist() == [2]


def test_a_query_that_is_the_note_or_nearly(index: TextIndex) -> None:
    assert index.noted_like("# how i moved the blog") == [0]
    assert index.noted_like("how i moevd the blog") == [0]
    assert index.noted_like("the blog") == index.noted_like("ho") == []


def test_notes_that_are_taken_away_are_found_no_more(index: TextIndex) -> None:
    index.annotate({})
    assert found(index, "moved") == [] and levels(index, "moved") == [NOT] * 4


def test_commands_that_come_later_are_beside_the_notes(index: TextIndex) -> None:
    index.add([f"echo moved {number}" for number in range(200)])
    assert len(found(index, "moved")) == 201
