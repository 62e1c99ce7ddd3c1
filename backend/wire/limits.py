"""How long the fields of a run may be, whatever way it comes: hooks, imports, requests.

Nothing that a shell or a system makes is longer; what is, comes from a heredoc, from damage, or
from somebody who wants the daemon to grow until it is killed.
"""

from dataclasses import replace

from backend.wire.record import Record

MAX_COMMAND_BYTES = 64 * 1024
# Of what is cut, the last word goes, too, if it is no longer: it may be half of a secret.
MAX_WORD_BYTES = 4096
# PATH_MAX of Linux; names of hosts and sessions are shorter than file names may be.
MAX_PATH_BYTES = 4096
MAX_NAME_BYTES = 255
# What a user writes about a command; a model reads no more of it.
MAX_NOTE_BYTES = 1024

# Ends a command of which only the beginning is kept. As redaction's mark, a plain word to a shell.
CUT = "‹cut›"

_FIELDS = ("command", "cwd", "session", "host", "shell", "author")


def limited(record: Record) -> tuple[Record, list[str]]:
    """The record with its command cut and other fields that are too long left out, and which."""
    short = replace(
        record,
        command=cut(record.command),
        cwd=path(record.cwd),
        session=name(record.session),
        host=name(record.host),
        shell=name(record.shell),
        author=name(record.author),
    )
    return short, [key for key in _FIELDS if getattr(short, key) != getattr(record, key)]


def cut(command: str) -> str:
    """`command`, or its first 64 KB up to a blank and CUT; the same again for what it returns."""
    if command.endswith(CUT) or not _is_longer(command, MAX_COMMAND_BYTES):
        return command
    kept = command.encode("utf-8", "surrogateescape")[:MAX_COMMAND_BYTES]
    text = kept.decode("utf-8", "ignore" if _is_valid(command) else "surrogateescape")
    whole = max(text.rfind(blank) for blank in " \t\n")
    return f"{text[:whole] if whole >= len(text) - MAX_WORD_BYTES else text}\n{CUT}"


def is_cut(command: str) -> bool:
    """Whether only the beginning of this command is kept."""
    return command.endswith(CUT)


def path(text: str | None) -> str | None:
    """A path as a request sends it; None if it is too long to be one."""
    return None if text is None or _is_longer(text, MAX_PATH_BYTES) else text


def is_too_long_for_note(text: str) -> bool:
    return _is_longer(text, MAX_NOTE_BYTES)


def name(text: str | None) -> str | None:
    """The name of a session as a request sends it; None if it is too long to be one."""
    return None if text is None or _is_longer(text, MAX_NAME_BYTES) else text


def _is_longer(text: str, most: int) -> bool:
    # A character is four bytes at most, so that the usual text need not be encoded.
    return len(text) * 4 > most and len(text.encode("utf-8", "surrogateescape")) > most


def _is_valid(text: str) -> bool:
    """Whether no byte of it is other than UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
