"""What a search came back with, wherever it came from. A pure value."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.row import Row


class Answer:
    """The rows of one search, best first, and what is said about them.

    `mode` is hybrid, meaning, text, or offline for a search on disk.
    """

    __slots__ = ("mode", "note", "query", "rows")

    def __init__(self, query: str, rows: "list[Row]", mode: str, note: str = "") -> None:
        self.query = query
        self.rows = rows
        self.mode = mode
        self.note = note
