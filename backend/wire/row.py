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
    None if it only resembles it. `id` is its number in the store; of its runs `ok_runs` worked and
    `failed_runs` did not. `pinned` is True for a command that the user has pinned, `note` is what
    the user wrote about it. `here` names the nearest place of the one who asks in which it ran:
    `directory`, `repository` or `session`. `host` is the machine of the last run. `alike` counts
    the commands that it stands for, which differ from it in an argument or two alone.
    """

    # The order in which they are written; `command` begins a row.
    __slots__ = (
        *("command", "score", "meaning", "text", "runs", "last_run", "exit", "cwd", "why"),
        *("match", "duration", "id", "pinned", "note", "ok_runs", "failed_runs", "here"),
        *("host", "alike"),
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
        id: int | None = None,
        pinned: bool | None = None,
        note: str | None = None,
        ok_runs: int | None = None,
        failed_runs: int | None = None,
        here: str | None = None,
        host: str | None = None,
        alike: int | None = None,
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
        self.id = id
        self.pinned = pinned
        self.note = note
        self.ok_runs = ok_runs
        self.failed_runs = failed_runs
        self.here = here
        self.host = host
        self.alike = alike


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
    return "1" if value is True else str(value)


def from_fields(fields: dict[str, str]) -> Row:
    """The row in `fields`, which hold a `command`. A number that is none is unknown."""
    return Row(
        command=fields["command"],
        score=_number(fields.get("score")),
        meaning=_number(fields.get("meaning")),
        text=_number(fields.get("text")),
        runs=_integer(fields.get("runs")),
        last_run=_number(fields.get("last_run")),
        exit=_integer(fields.get("exit")),
        cwd=fields.get("cwd"),
        why=fields.get("why"),
        match=fields.get("match"),
        duration=_number(fields.get("duration")),
        id=_integer(fields.get("id")),
        pinned=fields.get("pinned") == "1" or None,
        note=fields.get("note"),
        ok_runs=_integer(fields.get("ok_runs")),
        failed_runs=_integer(fields.get("failed_runs")),
        here=fields.get("here"),
        host=fields.get("host"),
        alike=_integer(fields.get("alike")),
    )


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if -_LARGEST < number < _LARGEST else None


def _integer(value: str | None) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


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
