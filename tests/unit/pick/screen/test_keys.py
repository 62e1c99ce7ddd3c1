"""Bytes to keys, however they arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell_plugin.pick.screen.keys import Decoder


def keys_of(data: bytes) -> list[str]:
    decoder = Decoder()
    return [key for at in range(len(data)) if (key := decoder.feed(data[at : at + 1]))]


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (b"a\xc3\xa9", ["text:a", "text:é"]),
        (b"\x1b[A\x1bOB\x1b[5~", ["up", "down", "page-up"]),
        (b"\r\n\t", ["enter", "enter", "tab"]),
        (b"\x1b\r\x18\r\x18a", ["alt-enter", "alt-enter", "text:a"]),
        (b"\x1bb\x1b\x7f\x1bD", ["alt-b", "alt-backspace", "alt-d"]),
        (b"\x1b[200~a\rb\x1b[Ac\x1b[201~d", ["text:a\nb\x1b[Ac", "text:d"]),
        (b"\x1b[1;9Z\x1b[99;99;99~x", ["text:x"]),
        (b"\x03\x07", ["ctrl-c", "ctrl-g"]),
        (b"\x1b\x1b", ["escape"]),
        (b"\x1bOP\x1b[11~\x1b[[A\x1b[15~\x1f", ["f1", "f1", "f1", "f5", "ctrl-/"]),
        (b"\x18\x05\x18\x07\x18x", ["ctrl-x ctrl-e", "ctrl-g", "text:x"]),
        (b"\x1b[<64;3;4M\x1b[<65;3;4M", ["up", "down"]),
        (b"\x1b[<0;3;14M\x1b[<0;3;14m\x1b[<2;3;4M\x1b[24;1R", ["click:14", "place:24"]),
        (b"\xe9a\xe9\r\xff", ["text:a", "enter", "text:\udcff"]),
    ],
)
def test_keys(data: bytes, keys: list[str]) -> None:
    assert keys_of(data) == keys


@given(st.binary(max_size=200))
def test_any_bytes_are_keys_or_nothing(data: bytes) -> None:
    for key in keys_of(data):
        assert key.startswith("text:") or key.isascii()


def test_a_lone_escape_waits() -> None:
    decoder = Decoder()
    assert decoder.feed(b"\x1b") == ""
    assert decoder.escape_open
    assert decoder.escape() == "escape"
    assert decoder.feed(b"a") == "text:a"


@pytest.mark.parametrize("end", [b"\x07", b"\x1b\\"])
def test_an_answer_of_the_terminal_is_no_key(end: bytes) -> None:
    decoder = Decoder()
    decoder.expects_answer = True
    sent = b"a\x1b]11;rgb:ffff/ffff/dddd" + end + b"b\x1b[A"
    names = [name for byte in sent if (name := decoder.feed(bytes([byte])))]
    assert names == ["text:a", "osc:11;rgb:ffff/ffff/dddd", "text:b", "up"]


@given(st.binary(max_size=40))
def test_what_begins_like_an_answer_holds_up_no_key_for_long(noise: bytes) -> None:
    decoder = Decoder()
    decoder.expects_answer = True
    for byte in b"\x1b]" + noise:
        decoder.feed(bytes([byte]))
    names = [decoder.feed(bytes([byte])) for byte in b"\x1b[201~" + b"\r" * 70]
    assert names[-1] == "enter"


def test_alt_bracket_is_a_key_unless_an_answer_is_on_its_way() -> None:
    decoder = Decoder()
    assert [decoder.feed(bytes([byte])) for byte in b"\x1b]x"] == ["", "alt-]", "text:x"]
    decoder.expects_answer = True
    assert [decoder.feed(bytes([byte])) for byte in b"\x1b]x"] == ["", "", "text:x"]
