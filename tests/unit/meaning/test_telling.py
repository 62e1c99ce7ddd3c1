"""Words of a question against the words that are told about commands."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.glossary import change_glossary

from backend.meaning import telling
from backend.meaning.telling import Telling
from backend.query.parse import parse

NOBODY = Telling({})


def shares(question: str, *commands: str, told: Telling = NOBODY) -> list[float]:
    return list(told.shares(parse(question, 0.0), commands))


def test_what_is_told_in_the_words_of_the_question_has_the_larger_share() -> None:
    unpack, change, unknown = shares(
        "unpacking an archive of files", "tar -xzf a.tgz", "chmod 644 a", "frobnicate archive"
    )
    assert 1 >= unpack > 0.4 > change
    assert unknown == 0, "what stands in the command itself is another evidence"


def test_values_and_numbers_meet() -> None:
    right, other = shares("changed in the last 48 hours", "find . -mtime -2", "find . -mtime -7")
    assert right > other


def test_rare_words_tell_more() -> None:
    rare, common = shares("broken file", "find -xtype l", "file a")
    assert rare > common > 0


def test_aliases_are_told() -> None:
    assert shares("which files have changed", "gst")[0] == 0
    assert shares("which files have changed", "gst", told=Telling({"gst": "git status"}))[0] > 0.5


def test_a_question_of_stop_words_has_no_share() -> None:
    assert shares("what is it", "ls") == [0]
    assert shares("list files") == []


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("files", "file"),
        ("listing", "lists"),
        ("changed", "changes"),
        ("directory", "directories"),
        ("copies", "copy"),
    ],
)
def test_endings_do_not_count(word: str, other: str) -> None:
    assert telling.stems(word) == telling.stems(other) != {}


@given(st.text(), st.lists(st.text(), max_size=3))
def test_shares_of_any_text(question: str, commands: list[str]) -> None:
    assert all(0 <= share <= 1.001 for share in shares(question, *commands))


def test_the_glossary_in_use_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shares("turn the knobs", "frobnicate") == [0]
    change_glossary(monkeypatch, tmp_path, added={"frobnicate": "turn the knobs"})
    assert shares("turn the knobs", "frobnicate", told=Telling({})) == [pytest.approx(1)]
