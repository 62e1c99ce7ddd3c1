"""One command of an answer, as it travels from the daemon to whoever asked.

The picker imports this on the key-press path: a plain class, because importing `dataclasses`
alone takes as long as all the rest of its start.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend.wire.protocol import Fields


class Row:
    """One command found; not to be changed. What is unknown is None.

    `score`, `meaning` and `text` say how well it matches, and are above 0 where they count;
    `last_run` is in epoch seconds, `exit`, `cwd` and `duration` (seconds) are those of the last
    run, and `why` is one line for the user. `match` says where the command holds all that was
    typed: at its start, where a word begins, inside, or nearly, but for a typing error or two;
    None if it only resembles it.
    """

    # The order in which they are written; `command` begins a row.
    __slots__ = (
        *("command", "score", "meaning", "text", "runs", "last_run", "exit", "cwd", "why"),
        *("match", "duration"),
    )

    def __init__(
        self,
        command: str,
        score: float | None = None,
        meaning: float | None = None,
        text: float | None = None,
        runs: int | None = None,
        last_run: float | None = None,
        exit: int | None = None,
        cwd: str | None = None,
        why: str | None = None,
        match: str | None = None,
        duration: float | None = None,
    ) -> None:
        self.command = command
        self.score = score
        self.meaning = meaning
        self.text = text
        self.runs = runs
        self.last_run = last_run
        self.exit = exit
        self.cwd = cwd
        self.why = why
        self.match = match
        self.duration = duration


# Digits after the point: more would tell nothing, and make every reply longer.
_DIGITS = {"score": 4, "meaning": 4, "text": 4, "last_run": 3, "duration": 3}

# A number beyond this is nonsense: it could not be shown, nor taken for a time.
_LARGEST = 1e12


def to_fields(row: Row) -> "Fields":
    """The fields of `row`, what is unknown left out; `from_fields` gives it back, rounded."""
    known = [(name, getattr(row, name)) for name in Row.__slots__]
    return [(name, _written(name, value)) for name, value in known if value is not None]


def _written(name: str, value: str | int | float) -> str:
    # Evidence that is none and a time that is none stay short; a score has its digits always.
    if name in _DIGITS and (value or name == "score"):
        return f"{value:.{_DIGITS[name]}f}"
    return str(value)


def from_fields(fields: dict[str, str]) -> Row:
    """The row in `fields`, which hold a `command`. A number that is none is unknown."""
    runs, exit_code = _number(fields.get("runs")), _number(fields.get("exit"))
    return Row(
        command=fields["command"],
        score=_number(fields.get("score")),
        meaning=_number(fields.get("meaning")),
        text=_number(fields.get("text")),
        runs=None if runs is None else int(runs),
        last_run=_number(fields.get("last_run")),
        exit=None if exit_code is None else int(exit_code),
        cwd=fields.get("cwd"),
        why=fields.get("why"),
        match=fields.get("match"),
        duration=_number(fields.get("duration")),
    )


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if -_LARGEST < number < _LARGEST else None


def rows(fields: "Fields") -> "Iterator[Row]":
    """The rows of a search reply, in order of rank: each begins with its `command`."""
    row: dict[str, str] = {}
    for key, value in fields:
        if key == "command":
            if row:
                yield from_fields(row)
            row = {key: value}
        elif row:
            row[key] = value
    if row:
        yield from_fields(row)
