"""What holds in every text format: any bytes are read, each entry stands where it says."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.contents import FORMATS, content

from backend.histfiles.edit import entries
from backend.histfiles.formats import TEXT
from backend.histfiles.textfile import (
    MAX_ENTRY_BYTES,
    Entry,
    NotEditable,
    byte_offsets,
    read_lines,
)


@given(FORMATS, st.binary() | st.text(" \n\\:;#-0123cmdwhen").map(str.encode) | content)
def test_no_bytes_stop_a_format(format: str, data: bytes) -> None:
    for entry in TEXT[format].entries(io.BytesIO(data)):
        assert isinstance(entry.command, bytes)
        assert entry.start is None or entry.start > 0
        assert entry.duration is None or entry.duration > 0


@given(FORMATS, content)
def test_entries_stand_one_behind_the_other(format: str, data: bytes) -> None:
    found = list(entries(data, format))
    edges = [offset for entry in found for offset in (entry.begin, entry.end)]
    assert edges == sorted(edges)
    assert all(entry.begin <= entry.body <= entry.end <= len(data) for entry in found)


@given(FORMATS, content)
def test_the_bytes_of_an_entry_alone_are_that_entry(format: str, data: bytes) -> None:
    for entry in entries(data, format):
        assert list(entries(data[entry.begin : entry.end], format)) == [entry]


@given(FORMATS, content)
def test_offsets_lead_to_every_byte_of_a_command(format: str, data: bytes) -> None:
    for entry in entries(data, format):
        found = TEXT[format].offsets(data, entry)
        assert len(found) == len(entry.command) + 1
        assert found == sorted(set(found))
        assert entry.body <= found[0] and found[-1] <= entry.end


def test_offsets_of_units_and_of_plain_bytes() -> None:
    entry = Entry(b"b\nc", None, None, begin=5, body=10, end=20)
    assert byte_offsets(entry, rb"a b\nc", {rb"\n": b"\n"}, trailing=1) == [12, 13, 15, 17]
    assert byte_offsets(entry, b"b\nc", {rb"\n": b"\n"}) == [10, 11, 12, 13]


def test_an_entry_that_is_not_there_is_not_editable() -> None:
    entry = Entry(b"ls", None, None, begin=5_000, body=5_000, end=5_003)
    with pytest.raises(NotEditable, match="at byte 5,000 "):
        byte_offsets(entry, b"pwd", {})


def test_a_line_that_is_too_long_is_not_kept() -> None:
    longest = b"x" * (MAX_ENTRY_BYTES - 1) + b"\n"
    for too_long in (b"x" + longest, b"x" * 3 * MAX_ENTRY_BYTES + b"\n"):
        file = io.BytesIO(b"one\n" + too_long + longest + b"x" * MAX_ENTRY_BYTES)
        assert list(read_lines(file)) == [b"one\n", b"\0\n", longest, b"\0\n"]
