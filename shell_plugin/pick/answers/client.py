"""The conversation with the daemon about what is typed.

One search is on its way at a time, the newest question next; a reply counts only if it carries
the number of that search.
"""

from backend.wire import protocol
from backend.wire.row import rows

from .answer import Answer
from .connection import Connection, Unusable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..screen.heading import Heading
    from .answer import Question


class DaemonClient:
    """Searches of the daemon of one data directory. Raises Unusable where there is none. fold:
    whether one row stands for those alike.
    """

    __slots__ = ("_connection", "_first", "_fold", "_number", "_question")

    def __init__(self, data_dir: str, fold: bool = True) -> None:
        self._fold = fold
        self._connection = Connection(data_dir)
        self._number = 0
        self._first = 0
        self._question: Question | None = None

    @property
    def waiting(self) -> bool:
        """Whether a request has not been answered."""
        return self._question is not None

    def fileno(self) -> int:
        return self._connection.fileno()

    def close(self) -> None:
        self._connection.close()

    def ask(self, question: "Question", cwd: str, session: str, first: int, limit: int) -> None:
        """Send a search for `limit` rows, `first` passed over.

        Raises Unusable if it does not go out whole at once.
        """
        query, narrow, hidden = question
        self._number += 1
        self._connection.send(
            "search",
            ("query", query),
            ("narrow", narrow),
            ("limit", limit),
            ("offset", first),
            ("cwd", cwd),
            ("session", session),
            ("fold", int(self._fold)),
            ("id", self._number),
            *(("hidden", id) for id in hidden),
        )
        self._question, self._first = question, first

    def tell(self, query: str, command: str) -> None:
        """Send what was picked; the reply is for nobody. Raises Unusable as `ask` does."""
        self._connection.send("pick", ("query", query), ("command", command))

    def receive(self) -> Answer | None:
        """What has arrived, if that makes an answer whole. Raises Unusable."""
        answers = [self._read(fields) for fields in self._connection.receive()]
        return next((answer for answer in reversed(answers) if answer), None)

    def _read(self, fields: protocol.Fields) -> Answer | None:
        before = protocol.head(fields)
        head = dict(reversed(before))
        if head.get("ok") != "1":
            raise Unusable(head.get("error", "the daemon talks nonsense"))
        if head.get("id") != str(self._number) or self._question is None:
            return None
        question, self._question = self._question, None
        return Answer(
            *(question[0], list(rows(fields)), head.get("mode", protocol.TEXT), _hint(before)),
            narrow=question[1],
            hidden=question[2],
            first=self._first,
            total=_number(head.get("total", "")),
            found=_number(head.get("found", "")),
            matches=_number(head.get("matches", "")),
            applied=tuple(value for key, value in before if key == "applied"),
            heading=_heading(before),
        )


def _hint(fields: protocol.Fields) -> str:
    """Filters that make no sense, and the remark, which may be one of them."""
    told = [value for key, value in fields if key == "mistake"]
    told += [value for key, value in fields if key == "note"]
    return "; ".join(dict.fromkeys(told))


def _heading(fields: protocol.Fields) -> "Heading | None":
    """The episode that the daemon puts above the rows."""
    title = tuple(value for key, value in fields if key == "episode_title")
    if not title:
        return None
    from ..screen.heading import Heading

    try:
        return Heading(float(dict(fields).get("episode_started", "")), title)
    except ValueError:
        return Heading(None, title)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
