"""Messages: what is encoded comes back, whatever bytes there are between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.wire import protocol

# What a shell can hold: bytes 1 to 255, decoded as the protocol does.
shell_text = st.binary().map(
    lambda data: data.replace(b"\0", b"").decode("utf-8", "surrogateescape")
)
keys = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1)
fields = st.lists(st.tuples(keys, shell_text), min_size=1)


@given(fields)
def test_fields_come_back(given_fields: protocol.Fields) -> None:
    messages, rest = protocol.split(protocol.encode(given_fields))
    assert rest == b""
    assert [protocol.decode(message) for message in messages] == [given_fields]


@given(st.lists(fields), st.data())
def test_messages_survive_any_cut(several: list[protocol.Fields], data: st.DataObject) -> None:
    stream = b"".join(map(protocol.encode, several))
    found: list[protocol.Fields] = []
    buffer = b""
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        buffer, stream = buffer + stream[:size], stream[size:]
        messages, buffer = protocol.split(buffer)
        found += [protocol.decode(message) for message in messages]
    assert found == several
    assert buffer == b""


@given(st.binary())
def test_garbage_is_refused_or_read_and_never_crashes(data: bytes) -> None:
    messages, rest = protocol.split(data)
    assert b"\0\0" not in rest
    for message in messages:
        try:
            protocol.decode(message)
        except protocol.ProtocolError as error:
            assert "\n" not in str(error)


def test_nul_in_a_value_is_dropped() -> None:
    assert protocol.encode([("query", "a\0b")]) == b"query=ab\0\0"


def test_a_field_without_equals_is_refused() -> None:
    with pytest.raises(protocol.ProtocolError, match="no '='"):
        protocol.decode(b"v=1\0verb")


def test_invalid_utf8_keeps_its_bytes() -> None:
    data = b"query=\xff\xfe caf\xe9\0\0"
    (message,), _ = protocol.split(data)
    assert protocol.encode(protocol.decode(message)) == data


def test_a_request_says_version_and_verb_first() -> None:
    assert protocol.request("search", ("query", "x")) == b"v=1\0verb=search\0query=x\0\0"
