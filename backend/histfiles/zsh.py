"""zsh's history: plain and extended entries, metafied bytes, the guard, the lock.

Follows zsh's Src/hist.c: readhistline, savehistfile, lockhistfile.
"""

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from backend.histfiles.textfile import MAX_ENTRY_BYTES, Entry, TextFormat, byte_offsets

# zsh takes a lock that is older than this for one of a shell that died, and so do we.
ABANDONED_S = 10.0

# zsh writes these bytes as 0x83 and the byte xor 0x20: NUL, and its tokens 0x83 to 0xA2.
_META_BYTES = bytes([0, *range(0x83, 0xA3)])
_META = re.compile(b"[" + re.escape(_META_BYTES) + b"]")
# Only the pairs that zsh can have written.
_METAFIED = re.compile(b"\x83([" + re.escape(bytes(byte ^ 0x20 for byte in _META_BYTES)) + b"])")

_HEADER = re.compile(rb": {0,10}(\d{1,12}):(\d{1,12});")


def metafy(text: bytes) -> bytes:
    """`text` as zsh writes it to a history file."""
    return _META.sub(lambda match: bytes((0x83, match[0][0] ^ 0x20)), text)


_CONTINUED = {b"\\\n": b"\n"}
_UNITS = {metafy(bytes([byte])): bytes([byte]) for byte in _META_BYTES} | _CONTINUED


def unmetafy(text: bytes) -> bytes:
    """The bytes that zsh meant by `text`: the reverse of `metafy`.

    But text that other programs added (a bash history, say) was never metafied: it is left
    alone where it is valid UTF-8 and what zsh would make of it is not.
    """
    if b"\x83" not in text:
        return text
    meant = _METAFIED.sub(lambda match: bytes((match[1][0] ^ 0x20,)), text)
    return text if _is_utf8(text) and (b"\0" in meant or not _is_utf8(meant)) else meant


def is_metafied(sample: bytes) -> bool:
    """Whether zsh must have written a sample of a file: it holds pairs, and is no UTF-8."""
    return _METAFIED.search(sample) is not None and not _is_utf8(sample)


def _is_utf8(sample: bytes) -> bool:
    try:
        sample.decode()
    except UnicodeDecodeError:
        return False
    return True


def _entries(physical: Iterable[bytes]) -> Iterator[Entry]:
    """Plain and extended ones, mixed as they come: a line that ends in a backslash goes on."""
    begin = end = 0
    held = bytearray()
    for line in physical:
        end += len(line)
        if line.endswith(b"\\\n"):
            if len(held) <= MAX_ENTRY_BYTES:
                held += line[:-2] + b"\n"
            continue
        if held:
            line = bytes(held) + line
            held.clear()
        yield _entry(line.removesuffix(b"\n"), begin, end)
        begin = end
    if held:
        yield _entry(bytes(held[:-1]), begin, end)


def _entry(text: bytes, begin: int, end: int) -> Entry:
    if _is_guarded(text):
        text = text[:-1]
    start = duration = None
    if header := _HEADER.match(text):
        # A zero means unknown: not timed yet (INC_APPEND_HISTORY), or never (a plain entry
        # that was loaded and saved again).
        start, duration = float(header[1]) or None, float(header[2]) or None
        text = text[header.end() :]
    elif text.startswith(b"\\:"):
        text = text[1:]
    return Entry(unmetafy(text), start, duration, begin, begin, end)


def _is_guarded(text: bytes) -> bool:
    """zsh adds one space to a command that ends in a backslash (and spaces), lest the backslash
    be read as a continuation.
    """
    return text.endswith(b" ") and text.rstrip(b" ").endswith(b"\\")


def _offsets(data: bytes, entry: Entry) -> list[int]:
    body = data[entry.body : entry.end]
    # Of an entry that the file ends in the middle of, the last backslash is no part.
    body = body[:-2] if body.endswith(b"\\\n") else body.removesuffix(b"\n")
    # The guard belongs to the last byte: without that it would be a blank of its own.
    guard = int(_is_guarded(body))
    text = body[: len(body) - guard]
    # Text that other programs added is not metafied.
    return byte_offsets(entry, text, _UNITS, _CONTINUED, trailing=guard)


def _written(command: bytes, start: float | None, duration: float | None) -> bytes:
    """As savehistfile does with EXTENDED_HISTORY; plain where no start is known."""
    text = metafy(command).replace(b"\n", b"\\\n")
    # A backslash at the end would have the next entry go on with this one.
    text += b" " if text.rstrip(b" ").endswith(b"\\") else b""
    if start is None:
        return (b"\\" if text.startswith(b":") else b"") + text + b"\n"
    return b": %d:%d;%s\n" % (start, duration or 0, text)


@contextlib.contextmanager
def locked(path: Path, wait: Callable[[], None]) -> Iterator[None]:
    """No zsh writes the history file at `path` meanwhile: there is a link beside it.

    wait: called again and again while a shell holds the lock; raises to give up.
    """
    lock = path.with_name(f"{path.name}.LOCK")
    while True:
        try:
            lock.symlink_to(f"/pid-{os.getpid()}/host-{os.uname().nodename}")
            break
        except FileExistsError:
            with contextlib.suppress(FileNotFoundError):
                if time.time() - lock.lstat().st_mtime > ABANDONED_S:
                    lock.unlink()
                    continue
            wait()
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


ZSH = TextFormat(
    entries=_entries,
    offsets=_offsets,
    is_sign=lambda line: _HEADER.match(line) is not None,
    written=_written,
    names=("zsh", "zhist", "histfile"),
)
