"""The likes of a row, asked for to stand under it in the list."""

from backend.wire.row import rows

from .view import Request, View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.protocol import Fields
    from backend.wire.row import Row

    from ..answers.answer import Answer
    from ..answers.search import Search


class Unfolding(View):
    """Never drawn: it waits for the reply as a view does, and changes the answer in `search`."""

    __slots__ = ("_command", "_search")

    def __init__(self, search: "Search", command: str) -> None:
        super().__init__()
        self._search = search
        self._command = command

    def take(self, reply: "Fields") -> None:
        answer = self._search.answer
        if answer is not None:
            self._search.answer = answer.unfolded(self._command, list(rows(reply)))

    def refused(self, problem: str) -> None:
        self.told = problem


def asked(answer: "Answer", row: "Row") -> Request:
    """The request for the likes of a row that pass the filters of its search."""
    fields = ("command_id", row.id or 0), ("query", answer.query), ("narrow", answer.narrow)
    return "likes", (*fields, *(("hidden", id) for id in answer.hidden))
