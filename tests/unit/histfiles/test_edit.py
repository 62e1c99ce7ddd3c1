"""Contents edited: what is asked for goes, every other byte stays."""

import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support import contents
from support.contents import FORMATS, content
from support.written import ENCODERS, can_hold

from backend.histfiles import edit
from backend.histfiles.edit import commands, masked, without
from backend.histfiles.formats import TEXT
from backend.histfiles.textfile import MAX_ENTRY_BYTES, Entry, NotEditable, read_lines
from backend.redaction.leaks import secrets
from backend.redaction.mask import MARK, redact
from backend.redaction.mask import masked as with_marks

Written = list[tuple[str, int]]


def encode(format: str, written: Written) -> bytes:
    """The file that the shell itself writes."""
    return b"".join(ENCODERS[format](command.encode(), start) for command, start in written)


def holdable(format: str, written: Written) -> Written:
    return [entry for entry in written if can_hold(format, entry[0].encode())]


def read(data: bytes, format: str) -> list[Entry]:
    return list(TEXT[format].entries(read_lines(io.BytesIO(data))))


def test_commands_that_are_too_long_are_none() -> None:
    longest = "x" * MAX_ENTRY_BYTES
    assert list(commands(f"ls\n{longest}\n{longest}x\npwd\n".encode(), "lines")) == [
        "ls",
        longest,
        "pwd",
    ]


# Removing


@given(FORMATS, content)
def test_removing_nothing_changes_no_byte(format: str, data: bytes) -> None:
    edited = without(data, format, lambda _: False)
    assert (edited.data, edited.entries) == (data, 0)


@given(FORMATS, content, st.data())
def test_removing_from_any_bytes_leaves_the_others_as_they_were(
    format: str, data: bytes, draw: st.DataObject
) -> None:
    here = sorted(set(commands(data, format)))
    assume(here)
    unwanted = set(draw.draw(st.lists(st.sampled_from(here), min_size=1)))
    before = read(data, format)
    try:
        edited = without(data, format, unwanted.__contains__)
    except NotEditable:
        assume(False)
    kept = [one for one in before if one.command.decode("utf-8", "surrogateescape") not in unwanted]
    assert read(edited.data, format) == kept
    assert edited.entries == len(before) - len(kept)


@given(FORMATS, contents.entries, st.data())
def test_removing_leaves_what_the_shell_would_have_written_without(
    format: str, written: Written, draw: st.DataObject
) -> None:
    written = holdable(format, written)
    assume(written)
    gone = draw.draw(st.sets(st.sampled_from([command for command, _ in written])))
    edited = without(encode(format, written), format, gone.__contains__)
    assert edited.data == encode(format, [entry for entry in written if entry[0] not in gone])


# Masking


@pytest.mark.parametrize("format", sorted(TEXT))
def test_the_mark_stands_in_every_format_as_it_is(format: str) -> None:
    assert encode(format, [(MARK, 1_700_000_000)]).count(edit.MARK) == 1


@given(FORMATS, content)
def test_masking_changes_secrets_alone(format: str, data: bytes) -> None:
    try:
        edited = masked(data, format)
    except NotEditable:
        assume(False)
    safe = [redact(command) for command in commands(data, format)]
    assert list(commands(edited.data, format)) == safe
    assert (edited.data == data) == (edited.entries == 0)
    assert masked(edited.data, format).entries == 0


@given(FORMATS, contents.entries)
def test_masking_leaves_what_the_shell_would_have_written_of_safe_commands(
    format: str, written: Written
) -> None:
    if format == "lines":
        written = [(command.replace("\n", " "), start) for command, start in written]
    written = holdable(format, written)
    safe = [(redact(command), start) for command, start in written]
    edited = masked(encode(format, written), format)
    assert edited.data == encode(format, safe)
    assert edited.entries == sum(one != other for one, other in zip(written, safe, strict=True))


@given(
    st.lists(
        contents.text
        | contents.secret
        | st.sampled_from(["--password ", MARK, "TOKEN=", "'", "https://a:", "b@c/"])
    ).map("".join)
)
def test_secrets_are_what_redact_masks(command: str) -> None:
    assert with_marks(command, secrets(command)) == redact(command)


@pytest.mark.parametrize(
    ("format", "before", "after"),
    [
        ("zsh", ": 1:2;mysql -pHunter2xyz\\\n-e x\n", f": 1:2;mysql -p{MARK}\\\n-e x\n"),
        ("zsh", "\\: ;mysql -pHunter2xyz", f"\\: ;mysql -p{MARK}"),
        ("bash", "#1700000000\nmysql -pHunter2xyz \\\n-e x\n", None),
        ("fish", "- cmd: mysql -pHunter2xyz\\n\\\\\n  when: 7\n", None),
        ("lines", "mysql -pHunter2xyz\r\nls\r\n", f"mysql -p{MARK}\r\nls\r\n"),
    ],
)
def test_only_the_value_changes(format: str, before: str, after: str | None) -> None:
    after = after or before.replace("Hunter2xyz", MARK)
    assert masked(before.encode(), format).data == after.encode()
