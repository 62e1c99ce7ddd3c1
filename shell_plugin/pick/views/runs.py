"""The runs of one command, as the daemon's verb `runs` has them. Pure."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.protocol import Fields

# The field that begins a run.
_RUN = "run"
# A number beyond this is nonsense: it could not be shown, nor taken for a time.
_LARGEST = 1e12


class Run:
    """One run; what is unknown is None or empty. start: epoch seconds; duration: seconds.

    `before` and `after` are the commands that ran just before and after it in its session.
    """

    __slots__ = (
        *("after", "after_id", "before", "before_id", "cwd", "duration", "exit", "host", "id"),
        "start",
    )

    def __init__(self, fields: dict[str, str]) -> None:
        self.id = _integer(fields.get(_RUN))
        self.start = _number(fields.get("start"))
        self.duration = _number(fields.get("duration"))
        self.exit = _integer(fields.get("exit"))
        self.cwd = fields.get("cwd", "")
        self.host = fields.get("host", "")
        self.before = fields.get("before", "")
        self.before_id = _integer(fields.get("before_id"))
        self.after = fields.get("after", "")
        self.after_id = _integer(fields.get("after_id"))


class Runs:
    """What is known of a command and its runs, the newest first, as far as they have come."""

    __slots__ = ("failed", "median", "note", "ok", "pinned", "runs", "text", "total")

    def __init__(self, text: str) -> None:
        self.text = text
        self.runs: list[Run] = []
        self.total = self.ok = self.failed = 0
        self.median: float | None = None
        self.note = ""
        self.pinned = False

    def add(self, reply: "Fields") -> None:
        """Take in a page. One that has nothing new says that there are no more."""
        head, groups = _grouped(reply)
        self.text = head.get("text") or self.text
        self.ok, self.failed = _integer(head.get("ok")) or 0, _integer(head.get("failed")) or 0
        self.median = _number(head.get("median"))
        self.note, self.pinned = head.get("note", ""), head.get("pinned") == "1"
        known = {run.id for run in self.runs}
        new = [run for run in map(Run, groups) if run.id is not None and run.id not in known]
        self.runs += new
        self.total = max(len(self.runs), _integer(head.get("total")) or 0 if new else 0)


def _grouped(reply: "Fields") -> tuple[dict[str, str], list[dict[str, str]]]:
    """The head of a reply, and the fields of each run."""
    # `ok=1` stands first in every reply, and says only that it is none of an error.
    head: dict[str, str] = {}
    groups: list[dict[str, str]] = []
    for key, value in reply[1:]:
        if key == _RUN:
            groups.append({})
        (groups[-1] if groups else head)[key] = value
    return head, groups


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if -_LARGEST < number < _LARGEST else None


def _integer(text: str | None) -> int | None:
    number = _number(text)
    return None if number is None else int(number)
