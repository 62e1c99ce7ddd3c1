"""Rows: written and read, rounded and unknown, and what nonsense costs."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.wire import protocol
from backend.wire.row import Row, from_fields, rows, to_fields

# What a shell can hold: bytes 1 to 255, decoded as the protocol does.
text = st.binary().map(lambda data: data.replace(b"\0", b"").decode("utf-8", "surrogateescape"))
scores = st.floats(-10, 10)
a_row = st.builds(
    Row,
    text,
    st.none() | scores,
    st.none() | scores,
    st.none() | scores,
    st.none() | st.integers(0, 2**31),
    st.none() | st.floats(-1e10, 1e11),
    st.none() | st.integers(-1, 255),
    st.none() | text,
    st.none() | text,
    st.none() | text,
    st.none() | st.floats(0, 1e6),
    st.none() | st.integers(1, 10**9),
    st.none() | st.just(True),
    st.none() | text,
    st.none() | st.integers(0, 2**31),
    st.none() | st.integers(0, 2**31),
    st.none() | st.sampled_from(("directory", "repository", "session")),
)


def values(row: Row) -> list[object]:
    return [getattr(row, name) for name in Row.__slots__]


@given(st.lists(a_row))
def test_rows_come_back_rounded(given_rows: list[Row]) -> None:
    fields = [field for row in given_rows for field in to_fields(row)]
    (message,), _ = protocol.split(protocol.encode([("ok", "1"), ("total", "9"), *fields]))
    back = list(rows(protocol.decode(message)))
    assert len(back) == len(given_rows)
    for row, found in zip(given_rows, back, strict=True):
        for value, read in zip(values(row), values(found), strict=True):
            if isinstance(value, float):
                assert isinstance(read, float)
                assert math.isclose(read, value, rel_tol=0, abs_tol=0.0005 + 1e-5)
            else:
                assert read == value


@given(a_row)
def test_a_row_that_was_read_is_written_as_it_came(row: Row) -> None:
    written = to_fields(from_fields(dict(to_fields(row))))
    assert to_fields(from_fields(dict(written))) == written


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        (
            Row("ls", 0.12345, 0.9, 1.0, 3, 1700000000.1239, 0, "/w", "ran here"),
            "command=ls score=0.1235 meaning=0.9000 text=1.0000 runs=3 last_run=1700000000.124 "
            "exit=0 cwd=/w",
        ),
        (Row("ls", 0.0, None, 0.0, 1, None, None, None), "command=ls score=0.0000 text=0.0 runs=1"),
        (Row("ls"), "command=ls"),
        (
            Row(
                "ls",
                id=7,
                pinned=True,
                note="mine",
                ok_runs=2,
                failed_runs=0,
                here="session",
                host="h",
            ),
            "command=ls id=7 pinned=1 note=mine ok_runs=2 failed_runs=0 here=session host=h",
        ),
    ],
)
def test_the_form_on_the_wire(row: Row, fields: str) -> None:
    written = [f"{key}={value}" for key, value in to_fields(row) if key != "why"]
    assert " ".join(written) == fields


def test_a_row_begins_with_its_command() -> None:
    reply = [("ok", "1"), ("runs", "9"), ("command", "a"), ("score", "1")]
    reply += [("command", "b"), ("score", "2"), ("why", "here"), ("new", "field")]
    found = list(rows(reply))
    assert [(row.command, row.score, row.why, row.runs) for row in found] == [
        ("a", 1.0, None, None),
        ("b", 2.0, "here", None),
    ]
    assert list(rows([("ok", "1")])) == []


def test_the_head_of_a_reply_ends_where_its_rows_begin() -> None:
    reply = [("ok", "1"), ("note", "of all"), ("id", "3")]
    row = [("command", "a"), ("note", "of a"), ("id", "9")]
    assert protocol.head([*reply, *row]) == protocol.head(reply) == reply
    assert protocol.head(row) == []


def test_a_number_that_is_none_is_unknown() -> None:
    row = from_fields({"command": "x", "exit": "nan", "runs": "1e999", "last_run": "inf"})
    assert (row.exit, row.runs, row.last_run) == (None, None, None)


@given(st.lists(st.tuples(st.sampled_from(Row.__slots__), st.text())))
def test_any_fields_are_rows_or_nothing(fields: list[tuple[str, str]]) -> None:
    for row in rows(fields):
        for value in values(row):
            assert not isinstance(value, float) or math.isfinite(value)
