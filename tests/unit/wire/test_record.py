"""Records: from fields and back, and what nonsense costs."""

import math

from hypothesis import given
from hypothesis import strategies as st

from backend.wire.record import Record, from_fields, to_fields

text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)
maybe = st.none() | text
integers = st.none() | st.integers(-(2**31), 2**31 - 1)
# Six decimals travel.
seconds = st.none() | st.integers(-(10**15), 10**15).map(lambda us: us / 1e6)
durations = st.none() | st.integers(0, 10**15).map(lambda us: us / 1e6)


@given(st.builds(Record, text, seconds, durations, integers, *[maybe] * 5, integers))
def test_a_record_comes_back(record: Record) -> None:
    back = from_fields(to_fields(record))
    assert back is not None
    for name, value in vars(record).items():
        found = getattr(back, name)
        if isinstance(value, float):
            assert math.isclose(found, value, rel_tol=1e-9, abs_tol=1e-6)
        else:
            assert found == value


@given(st.lists(st.tuples(st.sampled_from(["start", "dur", "exit", "nth", "cwd", "x"]), st.text())))
def test_nonsense_never_costs_the_command(fields: list[tuple[str, str]]) -> None:
    record = from_fields([*fields, ("cmd", "make")])
    assert record is not None
    assert record.command == "make"
    for number in (record.start, record.duration):
        assert number is None or math.isfinite(number)


def test_fields_without_a_command_are_no_record() -> None:
    assert from_fields([("start", "1.0")]) is None
    assert from_fields([("cmd", "")]) is None


def test_numbers_that_would_poison_sums_are_unknown() -> None:
    for nonsense in ("nan", "inf", "1e300", "x", "", "9" * 5000):
        record = from_fields([("start", nonsense), ("exit", nonsense), ("cmd", "ls")])
        assert record is not None
        assert (record.start, record.exit) == (None, None)


def test_a_duration_below_zero_is_unknown() -> None:
    for written, duration in (("-5", None), ("-0.000001", None), ("0", 0.0)):
        record = from_fields([("start", "-7"), ("dur", written), ("cmd", "ls")])
        assert record is not None
        assert (record.start, record.duration) == (-7.0, duration)
