"""The plain text of a query, and where a command holds it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawn import any_text

from shell_plugin.pick import words


@pytest.mark.parametrize(
    ("query", "command", "fits"),
    [
        ("tar xz", "TAR -xzf a", True),
        ("tar zip", "tar -xzf a", False),
        ('"tar -x"', "tar -xzf", True),
        ('"tar x"', "tar -xzf", False),
        ("tar -xzf", "tar xvf", True),
        ("tar -gz", "tar a.gz", False),
        ("exit:0 tar", "tar a", True),
        ("", "anything", True),
    ],
)
def test_words(query: str, command: str, fits: bool) -> None:
    assert words.Words(query).match(command.lower()) is fits


@given(any_text, st.lists(any_text, max_size=3))
def test_spans_lie_in_the_command(command: str, wanted: list[str]) -> None:
    for start, end in words.spans(command, wanted):
        assert 0 <= start < end <= len(command)


def test_spans_of_a_mistyped_word_light_up_its_beginning() -> None:
    assert words.spans("docker ps", ["dockre"]) == [(0, 4)]
    assert words.spans("docker ps", ["xyz"]) == []


@pytest.mark.parametrize(
    ("query", "applied", "wanted"),
    [
        ("git -amend exit:0", ("-amend", "exit:0"), ["git"]),
        # A flag that some command has, and a filter that makes no sense, are text.
        ("git -amend since:banana", (), ["git", "-amend", "since:banana"]),
        ('repo:"my shop" "git log"', ('repo:"my shop"',), ["git log"]),
        ("pre-stash -stash", ("-stash",), ["pre-stash"]),
        ("exit:0", ("exit:0",), []),
    ],
)
def test_words_as_the_daemon_read_them(
    query: str, applied: tuple[str, ...], wanted: list[str]
) -> None:
    assert words.Words(query, applied).wanted == wanted


def test_chunks_are_placed_between_blanks_in_their_order() -> None:
    assert words.placed("x-y -y -y", ("-y", "-y")) == [(4, 6), (7, 9)]
    assert words.placed("x-y", ("-y",)) == []
    assert words.placed("in:here a", ("gone", "in:here")) == [(0, 7)]


@given(any_text, st.lists(st.text(max_size=5), max_size=4))
def test_chunks_lie_in_the_query(query: str, chunks: list[str]) -> None:
    end = 0
    for start, stop in words.placed(query, tuple(chunks)):
        assert end <= start <= stop <= len(query)
        end = stop
