"""Values of options, in plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.meaning import values


@pytest.mark.parametrize(
    ("key", "word", "told"),
    [
        ("+{days}", "+2", "2 days, 48 hours"),
        ("-{days}", "-7", "7 days, 1 week"),
        ("{days}", "90", "90 days, 3 months"),
        ("{days}", "1", "1 day, 24 hours"),
        ("{minutes}", "120", "120 minutes, 2 hours"),
        ("{minutes}", "1440", "1440 minutes, 24 hours, 1 day"),
        ("{span}", "90", "90 seconds"),
        ("{span}", "2h", "2 hours, 120 minutes"),
        ("{ago}", "2.days.ago", "2 days, 48 hours"),
        ("{ago}", "-1hour", "1 hour, 60 minutes"),
        ("{ago}", "30m", "30 minutes"),
        ("{ago}", "30", None),
        ("{ago}", "yesterday", None),
        ("{ago}", "2 moons", None),
        ("+{size}", "+100M", "100 MB, megabytes"),
        ("{size}", "512c", "512 bytes"),
        ("{n}", "100", "100"),
        ("{nth}", "2", "second"),
        ("{nth}", "1,3", "first and third"),
        ("{nth}", "2-", "second to last"),
        ("{nth}", "-12", None),
        ("{nth}", "12", "12th"),
        ("{mode}", "644", "owner read and write, group read, others read"),
        ("{mode}", "777", "everybody read and write and execute"),
        ("-{mode}", "-4000", "setuid"),
        ("{mode}", "u+x,o-r", "let owner execute, do not let others read"),
        ("{mode}", "=r", "only let everybody read"),
        ("{mode}", "+5", None),
        ("-{signal}", "-9", "force, immediately"),
        ("-{signal}", "-SIGHUP", "hang up, reload configuration"),
        ("-{signal}", "-l", None),
        (":{port}", ":5432", "postgres"),
        (":{port}", ":5433", None),
        ("{mark}", ",", "comma"),
        ("{n}/tcp", "80/tcp", "80"),
        ("{n}", "80/tcp", None),
        ("+{n}", "2", None),
    ],
)
def test_a_value_in_words(key: str, word: str, told: str | None) -> None:
    shape = values.shape(key, key[key.index("{") : key.index("}") + 1])
    assert shape is not None and shape.told(word) == told


def test_a_word_without_a_hole_is_no_shape() -> None:
    assert values.shape("-type", "of a type") is None


def test_an_unknown_type_is_an_error() -> None:
    with pytest.raises(KeyError, match="colour"):
        values.shape("{colour}", "in {colour}")


SHAPES = [values.shape(f"{{{kind}}}", f"a {{{kind}}}") for kind in values.KINDS]


@given(st.text(max_size=40) | st.from_regex(r"[-+,0-9ugorwx=]{1,30}"))
def test_any_word_is_told_shortly_or_not(word: str) -> None:
    for shape in SHAPES:
        assert shape is not None
        assert len(shape.told(word) or "") <= 200
