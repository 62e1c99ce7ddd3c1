"""How shells write history as text: zsh, bash, fish, and plain lines, parsed from raw bytes.

Standard library only; opens no file and imports nothing of deja.

Each parser takes the physical lines of a file, with their newlines, and yields
`(command, start, duration)`: bytes as the user typed them, epoch seconds or None, seconds or
None. None of them raises on any bytes. Commands that cannot be real (they hold a NUL, or are
longer than MAX_COMMAND_BYTES) are yielded all the same; who reads counts them as unreadable.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

# As long as a request may be (backend/wire/protocol.py): more is not a command but damage.
MAX_COMMAND_BYTES = 1 << 20

# With timestamps, bash runs an entry up to the next timestamp. More lines than this are not
# one command but what a shell without HISTTIMEFORMAT appended after the last timestamp.
MAX_BASH_LINES = 256

# What stands for a line that was too long to keep. No command holds a NUL, so it is counted.
_OVERLONG = b"\0\n"

Parsed = tuple[bytes, float | None, float | None]
Parser = Callable[[Iterable[bytes]], Iterator[Parsed]]

# zsh writes these bytes as 0x83 and the byte xor 0x20: NUL, and its tokens 0x83 to 0xA2.
_META_BYTES = bytes([0, *range(0x83, 0xA3)])
_META = re.compile(b"[" + re.escape(_META_BYTES) + b"]")
# Only the pairs that zsh can have written.
_METAFIED = re.compile(b"\x83([" + re.escape(bytes(byte ^ 0x20 for byte in _META_BYTES)) + b"])")

_ZSH_HEADER = re.compile(rb": {0,10}(\d{1,12}):(\d{1,12});")
BASH_TIMESTAMP = re.compile(rb"#(\d{9,11})\s*\n?\Z")
_FISH_ESCAPE = re.compile(rb"\\(n|\\)")


def lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of `file` with their newlines, none kept that is over MAX_COMMAND_BYTES."""
    while line := file.readline(MAX_COMMAND_BYTES):
        if len(line) == MAX_COMMAND_BYTES and not line.endswith(b"\n"):
            while (rest := file.readline(MAX_COMMAND_BYTES)) and not rest.endswith(b"\n"):
                pass
            line = _OVERLONG
        yield line


def metafy(text: bytes) -> bytes:
    """`text` as zsh writes it to a history file."""
    return _META.sub(lambda match: bytes((0x83, match[0][0] ^ 0x20)), text)


def unmetafy(text: bytes) -> bytes:
    """The bytes that zsh meant by `text`: the reverse of `metafy`.

    But text that other programs added (a bash history, say) was never metafied: it is left
    alone where it is valid UTF-8 and what zsh would make of it is not.
    """
    if b"\x83" not in text:
        return text
    meant = _METAFIED.sub(lambda match: bytes((match[1][0] ^ 0x20,)), text)
    return text if _is_utf8(text) and (b"\0" in meant or not _is_utf8(meant)) else meant


def parse_zsh(physical: Iterable[bytes]) -> Iterator[Parsed]:
    """Entries of a zsh history file, plain and extended, mixed as they come.

    Follows readhistline in zsh's Src/hist.c: every line that ends in a backslash goes on.
    """
    held = bytearray()
    for line in physical:
        if line.endswith(b"\\\n"):
            if len(held) <= MAX_COMMAND_BYTES:
                held += line[:-2] + b"\n"
            continue
        if held:
            line = bytes(held) + line
            held.clear()
        yield _zsh_entry(line.removesuffix(b"\n"))
    if held:
        yield _zsh_entry(bytes(held[:-1]))


def _zsh_entry(text: bytes) -> Parsed:
    if text.endswith(b" ") and text.rstrip(b" ").endswith(b"\\"):
        # zsh adds one space to a command that ends in a backslash (and spaces), lest the
        # backslash be read as a continuation.
        text = text[:-1]
    start = duration = None
    if header := _ZSH_HEADER.match(text):
        # A zero means unknown: not timed yet (INC_APPEND_HISTORY), or never (a plain entry
        # that was loaded and saved again).
        start, duration = float(header[1]) or None, float(header[2]) or None
        text = text[header.end() :]
    elif text.startswith(b"\\:"):
        text = text[1:]
    return unmetafy(text), start, duration


def parse_bash(physical: Iterable[bytes]) -> Iterator[Parsed]:
    """Entries of a bash history file: one a line up to the first `#<epoch>`, then one a group."""
    start: float | None = None
    group: list[bytes] = []
    for line in physical:
        if stamp := BASH_TIMESTAMP.match(line):
            yield from _bash_group(group, start)
            start, group = float(stamp[1]), []
        elif start is None:
            yield line.removesuffix(b"\n"), None, None
        else:
            group.append(line)
            if len(group) > MAX_BASH_LINES:
                yield from _bash_group(group, start)
                start, group = None, []
    yield from _bash_group(group, start)


def _bash_group(group: list[bytes], start: float | None) -> Iterator[Parsed]:
    if len(group) <= MAX_BASH_LINES:
        if group:
            yield b"".join(group).removesuffix(b"\n"), start, None
        return
    first, *rest = group
    yield first.removesuffix(b"\n"), start, None
    for line in rest:
        yield line.removesuffix(b"\n"), None, None


def parse_fish(physical: Iterable[bytes]) -> Iterator[Parsed]:
    """Entries of a fish history file: `- cmd: …`, then perhaps `  when: …`; paths are skipped."""
    command: bytes | None = None
    start: float | None = None
    for line in physical:
        text = line.removesuffix(b"\n")
        if text.startswith(b"- cmd: ") or line == _OVERLONG:
            if command is not None:
                yield command, start, None
            command, start = _FISH_ESCAPE.sub(_fish_unescape, text.removeprefix(b"- cmd: ")), None
        elif text.startswith(b"  when: ") and text[8:20].isdigit():
            start = float(text[8:20]) or None
    if command is not None:
        yield command, start, None


def _fish_unescape(match: re.Match[bytes]) -> bytes:
    return b"\n" if match[1] == b"n" else b"\\"


def parse_lines(physical: Iterable[bytes]) -> Iterator[Parsed]:
    """One command a line; a carriage return before the newline is not part of it."""
    for line in physical:
        yield line.removesuffix(b"\n").removesuffix(b"\r"), None, None


PARSERS: dict[str, Parser] = {
    "zsh": parse_zsh,
    "bash": parse_bash,
    "lines": parse_lines,
    "fish": parse_fish,
}


def guess(sample: bytes, name: str) -> str:
    """The text format of a file: from a sample of its whole lines, then from its name."""
    sampled = sample.split(b"\n")
    counts = {
        "zsh": sum(_ZSH_HEADER.match(line) is not None for line in sampled),
        "bash": sum(BASH_TIMESTAMP.match(line) is not None for line in sampled),
        "fish": sum(line.startswith(b"- cmd: ") for line in sampled),
    }
    best = max(counts, key=lambda format: counts[format])
    if counts[best]:
        return best
    if "zsh" in name or "zhist" in name or "histfile" in name:
        return "zsh"
    if "bash" in name:
        return "bash"
    return "zsh" if _METAFIED.search(sample) and not _is_utf8(sample) else "lines"


def _is_utf8(sample: bytes) -> bool:
    try:
        sample.decode()
    except UnicodeDecodeError:
        return False
    return True
