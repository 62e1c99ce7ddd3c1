"""What a search came back with, wherever it came from. A pure value."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.row import Row

# What is asked: the line as typed, filters that were chosen by key, and ids that are not wanted.
Question = tuple[str, str, tuple[int, ...]]


class Answer:
    """Some rows of one search, best first, and what is said of all of them; not to be changed.

    `mode` is hybrid, meaning, text, or offline for a search on disk, `hint` one line for the user
    or empty. `first` rows stand before these, and the next one is number `next`, as the daemon
    counts. `found` rows can be had in all, and `matches` of them hold all that was typed; the
    history has `total` commands, None if that is not known. `applied` are the chunks of the query
    that narrow the search.
    """

    __slots__ = (
        *("applied", "first", "found", "hidden", "hint", "matches", "mode", "narrow", "next"),
        *("query", "rows", "total"),
    )

    def __init__(
        self,
        query: str,
        rows: "list[Row]",
        mode: str,
        hint: str = "",
        *,
        narrow: str = "",
        hidden: tuple[int, ...] = (),
        first: int = 0,
        next: int | None = None,
        found: int = 0,
        matches: int = 0,
        total: int | None = None,
        applied: tuple[str, ...] = (),
    ) -> None:
        self.query = query
        self.rows = rows
        self.mode = mode
        self.hint = hint
        self.narrow = narrow
        self.hidden = hidden
        self.first = first
        self.next = first + len(rows) if next is None else next
        self.found = max(self.next, found)
        self.matches = matches
        self.total = total
        self.applied = applied

    @property
    def question(self) -> Question:
        """What this is the answer to."""
        return self.query, self.narrow, self.hidden

    @property
    def count(self) -> int:
        """How many rows there are: what the daemon says, until the last of them is here."""
        return self.found if self.next < self.found else self.first + len(self.rows)

    @property
    def rule(self) -> int | None:
        """The index of the first row that only resembles what was typed, if it is here.

        None where matches do not come first: a sentence is answered by meaning, and what holds its
        words stands anywhere.
        """
        place = self.matches - self.first
        if not 0 < place < len(self.rows) or not self.rows[place - 1].match:
            return None
        return None if any(row.match for row in self.rows[place:]) else place

    def joined(self, page: "Answer") -> "Answer":
        """This answer with a page of the same search, if the two touch; else the page alone.

        Rows that are here already, because history changed in between, are dropped from the page.
        A page without rows says that there are no more.
        """
        rows, first, end = self.rows, self.first, self.next
        known = {row.command for row in rows}
        new = [row for row in page.rows if row.command not in known]
        if page.first == end:
            rows, end = rows + new, page.next
        elif page.next == first:
            rows, first = new + rows, page.first
        elif page.rows:
            return page
        return Answer(
            *(self.query, rows, self.mode, self.hint),
            narrow=self.narrow,
            hidden=self.hidden,
            first=first,
            next=end,
            found=page.found if page.rows else 0,
            matches=page.matches if page.rows else self.matches,
            total=page.total,
            applied=self.applied,
        )
