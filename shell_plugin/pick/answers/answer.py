"""What a search came back with, wherever it came from. A pure value."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from backend.wire.row import Row

    from ..screen.heading import Heading

# What is asked: the line as typed, filters that were chosen by key, and ids that are not wanted.
Question = tuple[str, str, tuple[int, ...]]


class Answer:
    """Some rows of one search, best first, and what is said of all of them; not to be changed.

    `mode` is hybrid, meaning, text, or offline for a search on disk, `hint` one line for the user
    or empty. `first` rows stand before these, and the next one is number `next`, as the daemon
    counts. `found` rows can be had in all, and `matches` of them hold all that was typed; the
    history has `total` commands, None if that is not known. `applied` are the chunks of the query
    that narrow the search. Some rows are likes of another, put under it here: `parents` has the
    command of that one for the command of each; the daemon does not count them. `heading` tells of
    an episode above them.
    """

    __slots__ = (
        *("applied", "first", "found", "heading", "hidden", "hint", "matches", "mode", "narrow"),
        *("next", "parents", "query", "rows", "total"),
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
        parents: "dict[str, str] | None" = None,
        heading: "Heading | None" = None,
    ) -> None:
        self.query = query
        self.rows = rows
        self.mode = mode
        self.hint = hint
        self.narrow = narrow
        self.hidden = hidden
        self.first = first
        self.parents = parents or {}
        self.next = first + len(rows) if next is None else next
        self.found = max(self.next, found)
        self.matches = matches
        self.total = total
        self.applied = applied
        self.heading = heading

    @property
    def question(self) -> Question:
        """What this is the answer to."""
        return self.query, self.narrow, self.hidden

    @property
    def count(self) -> int:
        """How many rows there are: what the daemon says, until the last of them is here."""
        more = self.next < self.found
        return self.found + len(self.parents) if more else self.first + len(self.rows)

    @property
    def rule(self) -> int | None:
        """The index of the first row that only resembles what was typed, if it is here.

        None where matches do not come first: a sentence is answered by meaning, and what holds its
        words stands anywhere.
        """
        place, rows = self.matches - self.first, self.rows
        own = [at for at, row in enumerate(rows) if row.command not in self.parents]
        if not 0 < place < len(own) or not rows[own[place - 1]].match:
            return None
        return None if any(rows[at].match for at in own[place:]) else own[place]

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
        return self._with(
            rows,
            first=first,
            next=end,
            found=page.found if page.rows else 0,
            matches=page.matches if page.rows else self.matches,
            total=page.total,
            heading=self.heading or page.heading,
            parents=self.parents,
        )

    def is_unfolded(self, row: "Row") -> bool:
        """Whether likes of this row stand under it."""
        return row.command in self.parents.values()

    def head(self, at: int) -> int | None:
        """The index of the row that is unfolded, if the one at `at` is it or stands under it."""
        while self.rows[at].command in self.parents:
            at -= 1
        return at if self.is_unfolded(self.rows[at]) else None

    def unfolded(self, parent: str, likes: "list[Row]") -> "Answer":
        """This answer with the likes of the row of command `parent` under it, but for those that
        are rows already.
        """
        known = {row.command for row in self.rows}
        new = [row for row in likes if row.command not in known]
        at = next((at for at, row in enumerate(self.rows) if row.command == parent), None)
        if at is None:
            return self
        rows = [*self.rows[: at + 1], *new, *self.rows[at + 1 :]]
        return self._with(rows, parents={**self.parents, **{row.command: parent for row in new}})

    def unfolded_as(self, old: "Answer | None") -> "Answer":
        """This answer unfolded where `old`, an answer to the same question, was."""
        if old is None or old.question != self.question:
            return self
        answer = self
        for parent in dict.fromkeys(old.parents.values()):
            likes = [row for row in old.rows if old.parents.get(row.command) == parent]
            answer = answer.unfolded(parent, likes)
        return answer

    def folded(self, parent: str) -> "Answer":
        """This answer without the likes under the row of command `parent`."""
        rows = [row for row in self.rows if self.parents.get(row.command) != parent]
        parents = {command: of for command, of in self.parents.items() if of != parent}
        return self._with(rows, parents=parents)

    def _with(self, rows: "list[Row]", **changed: "Any") -> "Answer":
        """This answer with other rows, and what comes with them."""
        kept = (
            "first",
            "next",
            "found",
            "matches",
            "total",
            "narrow",
            "hidden",
            "applied",
            "heading",
        )
        fields = {name: getattr(self, name) for name in kept}
        return Answer(self.query, rows, self.mode, self.hint, **{**fields, **changed})
