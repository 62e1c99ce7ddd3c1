"""Where the selection is bound for in a list of which only some rows have come. Pure."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .answers.answer import Answer

# Rows asked for at a time.
PAGE = 50
# So near the edge of what is here, the rows beyond it are asked for: at most three pages of a
# screen, so that a quick daemon is never waited for.
_AHEAD = 25


class Walk:
    """The place aimed at, counted from the first row of all, from 0."""

    __slots__ = ("target",)

    def __init__(self) -> None:
        self.target = 0

    def move(self, step: int, answer: "Answer") -> None:
        """By rows, no further than the last one that there is."""
        self.target = max(0, min(self.target + step, answer.count - 1))

    def index(self, answer: "Answer") -> int:
        """Of the row aimed at, or of the one nearest to it that is here; 0 if there is none."""
        return max(0, min(self.target - answer.first, len(answer.rows) - 1))

    def has_arrived(self, answer: "Answer") -> bool:
        """Whether the row aimed at is here."""
        return answer.first + self.index(answer) == self.target

    def stop(self, answer: "Answer") -> None:
        """Make do with what is here."""
        self.target = answer.first + self.index(answer)

    def missing(self, answer: "Answer") -> tuple[int, int] | None:
        """The page to ask for next: rows passed over, and how many; None if nothing is missing.

        A target far away is asked for with the rows around it, not with all those between.
        """
        first, end = answer.first, answer.first + len(answer.rows)
        if not first - PAGE <= self.target < end + PAGE:
            return max(0, min(self.target - PAGE // 2, answer.found - PAGE)), PAGE
        if answer.next < answer.found and self.target >= end - _AHEAD:
            return answer.next, PAGE
        if first and self.target < first + _AHEAD:
            before = min(PAGE, first)
            return first - before, before
        return None

    def take_in(self, old: "Answer | None", new: "Answer") -> int:
        """Go on in a new answer: to the same command, if one of `old` was selected, or as far.

        Another query begins at the top, and so does one whose command has gone, unless that was
        hidden: the next one takes its place. How many rows further down in the list of what is
        here the selection stands than it did.
        """
        if old is None or (old.query, old.narrow) != (new.query, new.narrow):
            self.target = 0
            return 0
        at = self.index(old)
        if self.target and old.rows and self.has_arrived(old):
            kept = old.rows[at].command
            found = (n for n, row in enumerate(new.rows) if row.command == kept)
            place = next(found, None)
            if place is not None:
                self.target = new.first + place
            elif old.hidden == new.hidden:
                self.target = 0
        self.move(0, new)
        return self.index(new) - at
