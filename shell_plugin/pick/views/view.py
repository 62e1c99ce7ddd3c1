"""What every view has in common.

A view is told of keys and of the daemon's replies, and says what it wants in plain values: it
knows neither the terminal nor the connection. Imported when the first one is opened.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.protocol import Fields

    from ..pending import Step
    from ..screen.state import State
    from ..screen.view import Picture

# A verb of the daemon and its fields.
Request = tuple[str, tuple[tuple[str, str | int], ...]]


class View:
    """Open until `closed`; then the one `below` stands there again, if there is one.

    A view says what it wants, and the picker takes it from there: `result` ends the picker, an
    action and a text as picker.py has them; `request` goes to the daemon, and `take` gets the
    reply; `copied` goes to the clipboard; `forgotten` is a step for Pending; `opens` is a view to
    stand above this one; `passed` is an action of the picker's own; `told` is a line for the user;
    `changed` says that what the daemon lists has changed.
    """

    __slots__ = (
        *("below", "changed", "closed", "copied", "forgotten", "opens", "passed", "request"),
        *("result", "told"),
    )

    # Whether it takes the place of the list, or of the lines at the foot alone.
    is_whole = True

    def __init__(self) -> None:
        self.below: View | None = None
        self.changed = False
        self.closed = False
        self.copied = ""
        self.forgotten: Step | None = None
        self.opens: View | None = None
        self.passed = ""
        self.request: Request | None = None
        self.result: tuple[str, str] | None = None
        self.told = ""

    def press(self, key: str) -> None:
        """A key, by its name."""
        raise NotImplementedError

    def take(self, reply: "Fields") -> None:
        """What the daemon replied."""

    def refused(self, problem: str) -> None:
        """The request came to nothing; one line for the user."""

    def draw(self, state: "State", width: int, height: int) -> "Picture":
        """`height` lines, and the cursor's (line, column)."""
        raise NotImplementedError


class Scroll:
    """Which of `count` lines are in view, `height` at a time."""

    __slots__ = ("top",)

    def __init__(self) -> None:
        self.top = 0

    def press(self, action: str, height: int) -> None:
        """Move as an action of the keymap says; others do nothing."""
        step = {"up": -1, "down": 1, "page-up": -height, "page-down": height}.get(action, 0)
        self.top = {"first": 0, "last": 1 << 30}.get(action, self.top + step)

    def shown(self, count: int, height: int) -> range:
        self.top = max(0, min(self.top, count - height))
        return range(self.top, min(count, self.top + height))
