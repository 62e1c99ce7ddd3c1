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
