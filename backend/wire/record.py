"""One run of one command, as it travels from a hook or a history file to the store; and what a
hook tells beside it.
"""

from dataclasses import dataclass

from backend.wire import protocol


@dataclass(frozen=True)
class Record:
    """A finished command. What is unknown is None.

    `start` is in seconds since the epoch, `duration` in seconds. `nth` is set for entries of
    history files without times: this is the file's nth entry of that command, so a store that
    knows n runs of it already has this one. `author` is the coding agent that ran it; None for a
    person.
    """

    command: str
    start: float | None = None
    duration: float | None = None
    exit: int | None = None
    cwd: str | None = None
    session: str | None = None
    host: str | None = None
    shell: str | None = None
    author: str | None = None
    nth: int | None = None


@dataclass(frozen=True)
class Aliases:
    """What a shell's aliases and functions are, as it prints them; once a session."""

    shell: str
    aliases: str
    functions: str


def aliases_from(fields: protocol.Fields) -> Aliases | None:
    """The aliases in `fields`, or None if they hold none."""
    values = dict(fields)
    if "aliases" not in values:
        return None
    return Aliases(values.get("shell", ""), values["aliases"], values.get("functions", ""))


def from_fields(fields: protocol.Fields) -> Record | None:
    """The record in `fields`, or None if they hold no command.

    A number that is none is unknown: it must not cost the command. Nor is a duration below zero
    known: the clock was set back meanwhile.
    """
    values = dict(fields)
    if not values.get("cmd"):
        return None
    duration = _number(values.get("dur"))
    return Record(
        command=values["cmd"],
        start=_number(values.get("start")),
        duration=None if duration is None or duration < 0 else duration,
        exit=_integer(values.get("exit")),
        cwd=values.get("cwd"),
        session=values.get("session"),
        host=values.get("host"),
        shell=values.get("shell"),
        author=values.get("author"),
        nth=_integer(values.get("nth")),
    )


def to_fields(record: Record) -> protocol.Fields:
    """The fields of `record`, `cmd` last; `from_fields` gives the record back."""
    known = {
        "start": None if record.start is None else f"{record.start:.6f}",
        "dur": None if record.duration is None else f"{record.duration:.6f}",
        "exit": record.exit,
        "cwd": record.cwd,
        "session": record.session,
        "host": record.host,
        "shell": record.shell,
        "author": record.author,
        "nth": record.nth,
        "cmd": record.command,
    }
    return [(key, str(value)) for key, value in known.items() if value is not None]


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    # NaN, infinity and nonsense would poison every later sum.
    return number if -1e11 < number < 1e11 else None


def _integer(text: str | None) -> int | None:
    try:
        number = int(text or "")
    except ValueError:
        return None
    return number if -(2**31) <= number < 2**31 else None
