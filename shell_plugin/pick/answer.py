"""What a search came back with, wherever it came from.

Pure values; fields that are unknown are None or empty.
"""


class Row:
    """One command of an answer. `last_run` is in epoch seconds."""

    __slots__ = ("command", "cwd", "exit", "last_run", "runs", "text", "why")

    def __init__(
        self,
        command: str,
        runs: int | None = None,
        last_run: float | None = None,
        exit: int | None = None,
        cwd: str = "",
        why: str = "",
        text: float | None = None,
    ) -> None:
        self.command = command
        self.runs = runs
        self.last_run = last_run
        self.exit = exit
        self.cwd = cwd
        self.why = why
        self.text = text


class Answer:
    """The rows of one search, best first, and what is said about them.

    `mode` is hybrid, meaning, text, or offline for a search on disk.
    """

    __slots__ = ("mode", "note", "query", "rows")

    def __init__(self, query: str, rows: list[Row], mode: str, note: str = "") -> None:
        self.query = query
        self.rows = rows
        self.mode = mode
        self.note = note


def row(fields: dict[str, str]) -> Row:
    """A row of the daemon's reply; numbers that are none are unknown."""
    exit_code = _number(fields.get("exit"))
    runs = _number(fields.get("runs"))
    return Row(
        command=fields["command"],
        runs=None if runs is None else int(runs),
        last_run=_number(fields.get("last_run")),
        exit=None if exit_code is None else int(exit_code),
        cwd=fields.get("cwd", ""),
        why=fields.get("why", ""),
        text=_number(fields.get("text")),
    )


def _number(value: str | None) -> float | None:
    """A finite number within the range of a time stamp, or None."""
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if -1e12 < number < 1e12 else None
