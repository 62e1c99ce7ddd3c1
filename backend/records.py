"""One run of one command, as it travels from a hook or a history file to the store.

Standard library only.
"""

from dataclasses import dataclass

from backend import protocol


@dataclass(frozen=True)
class Record:
    """A finished command. What is unknown is None.

    `start` is in seconds since the epoch, `duration` in seconds. `nth` is set for entries of
    history files without times: this is the file's nth entry of that command, so a store that
    knows n runs of it already has this one.
    """

    command: str
    start: float | None = None
    duration: float | None = None
    exit: int | None = None
    cwd: str | None = None
    session: str | None = None
    host: str | None = None
    shell: str | None = None
    nth: int | None = None


def from_fields(fields: protocol.Fields) -> Record | None:
    """The record in `fields`, or None if they hold no command or a number that is none."""
    values = dict(fields)
    try:
        return Record(
            command=values["cmd"],
            start=_number(values, "start"),
            duration=_number(values, "dur"),
            exit=_integer(values, "exit"),
            cwd=values.get("cwd"),
            session=values.get("session"),
            host=values.get("host"),
            shell=values.get("shell"),
            nth=_integer(values, "nth"),
        )
    except (KeyError, ValueError):
        return None


def to_fields(record: Record) -> protocol.Fields:
    """The fields of `record`, `cmd` last; `from_fields` gives the record back."""
    known = {
        "start": record.start and f"{record.start:.6f}",
        "dur": record.duration and f"{record.duration:.6f}",
        "exit": record.exit,
        "cwd": record.cwd,
        "session": record.session,
        "host": record.host,
        "shell": record.shell,
        "nth": record.nth,
        "cmd": record.command,
    }
    return [(key, str(value)) for key, value in known.items() if value is not None]


def _number(values: dict[str, str], key: str) -> float | None:
    if key not in values:
        return None
    # Some locales print EPOCHREALTIME with a decimal comma.
    number = float(values[key].replace(",", "."))
    # NaN, infinity and nonsense would poison every later sum.
    if not -1e11 < number < 1e11:
        raise ValueError(key)
    return number


def _integer(values: dict[str, str], key: str) -> int | None:
    if key not in values:
        return None
    number = int(values[key])
    if not -(2**31) <= number < 2**31:
        raise ValueError(key)
    return number
