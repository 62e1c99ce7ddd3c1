"""Numbers and units of a sentence, whatever their form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.query import quantities
from backend.query.parse import parse

SAME = [
    ("two days", "2 days", "2d", "2-days", "2 D"),
    ("48 hours", "48h", "forty eight hours", "48 hrs"),
    ("an hour", "one hour", "1h", "1 hr"),
    ("half an hour", "30 minutes", "30min", "thirty mins"),
    ("100 MB", "100M", "100mb", "100 megabytes", "a hundred megs", "hundred MiB"),
    ("a hundred", "one hundred", "hundred"),
    ("three dozen", "thirty six", "thirty-six"),
]


@pytest.mark.parametrize("forms", SAME, ids=[forms[0] for forms in SAME])
def test_forms_of_one_quantity_are_told_alike(forms: tuple[str, ...]) -> None:
    assert len({quantities.spoken(f"the last {form}, please") for form in forms}) == 1
    assert len({tuple(quantities.words(form)) for form in forms}) == 1


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("the last 48 hours", "the last 48 hours, 2 days"),
        ("more than 2d old", "more than 2 days, 48 hours old"),
        ("over 5G", "over 5 GB, gigabytes"),
        ("a hundred lines", "100 lines"),
        ("60 min", "60 minutes, 1 hour"),
        ("a week", "1 week, 7 days"),
        *((text, text) for text in ("one file", "a file", "port 8080", "-mtime +2d", "/2d", "v2d")),
        *((text, text) for text in ("2days/x", "the second line", "1.5d", "h2", "a day2")),
    ],
)
def test_spoken(text: str, spoken: str) -> None:
    assert quantities.spoken(text) == spoken


def test_a_sentence_has_the_words_of_every_form() -> None:
    asked = parse("files that have changed in the last two days", 0.0)
    assert {"2d", "2", "48h", "48", "files", "changed"} <= set(asked.words)
    assert "two" not in asked.words
    assert "2 days, 48 hours" in asked.meaning_text
    assert asked.text == "files that have changed in the last two days"


def test_a_number_with_other_forms_is_no_name() -> None:
    assert parse("what was changed in the last 48 hours", 0.0).names == ()
    assert parse("files that are bigger than 100M", 0.0).names == ("100m",)


def test_text_of_a_command_stays_as_it_is() -> None:
    asked = parse("sleep 48h", 0.0)
    assert asked.meaning_text == "sleep 48h" and "48h" in asked.words and "2d" not in asked.words


@given(st.text(), st.integers(1, 999_999), st.sampled_from(sorted(quantities.SPAN_UNITS)))
def test_any_text_is_read(text: str, count: int, unit: str) -> None:
    line = f"{text} {count} {unit}"
    assert quantities.words(f"{count} {unit}")
    assert isinstance(quantities.spoken(line), str) and isinstance(quantities.fixed(line), str)
