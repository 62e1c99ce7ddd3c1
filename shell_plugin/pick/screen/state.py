"""Everything that is shown, as plain values."""

from ..narrowing import Narrowing
from ..words import Words

# Nothing has been answered yet when this is imported: the first paint waits for it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.row import Row

    from ..answers.answer import Answer, Question
    from ..keymap import Keymap
    from ..vi import Vi
    from ..views.view import View
    from ..whole.folding import Whole
    from .line import Line
    from .look import Look


# After the command, from left to right, unless the user has set others: of those of rows.py.
COLUMNS = ("directory", "exit", "age")


class Header:
    """The prompt's last line and what was typed there, where the shell has wiped them (bash).

    The prompt is the user's own and holds escape sequences; \\x01 and \\x02, with which bash
    marks them, are dropped.
    """

    __slots__ = ("prompt", "text")

    def __init__(self, prompt: str, text: str) -> None:
        self.prompt = prompt.replace("\x01", "").replace("\x02", "")
        self.text = text


class State:
    """`answer` is None until something has answered. top: the first row in view, of `page`;
    places: the row on each line of the picture, None where there is none.
    whole_top: the first line in view of the whole command. hidden: ids of commands that are to be
    forgotten, hidden_runs: of runs. told: a line to say once, until the next key. view: what stands
    in place of the list or of its foot, if anything. columns: those after the command. upward:
    whether the list grows upwards from the query below it. vi: its mode, where the shell has the
    keys of vi. whole: the selected command as it was folded last, with what it was folded from.
    now: epoch seconds. shell and learns: as in
    Settings.
    """

    __slots__ = (
        *(
            "answer",
            "columns",
            "header",
            "hidden",
            "hidden_runs",
            "home",
            "keymap",
            "learns",
            "line",
        ),
        *(
            "look",
            "narrowing",
            "now",
            "page",
            "places",
            "scores",
            "selected",
            "shell",
            "told",
            "top",
            "upward",
        ),
        *("vi", "view", "whole", "whole_top"),
    )

    def __init__(
        self,
        line: "Line",
        look: "Look",
        keymap: "Keymap",
        header: Header | None = None,
        home: str = "",
        narrowing: Narrowing | None = None,
        columns: tuple[str, ...] = COLUMNS,
        upward: bool = False,
        vi: "Vi | None" = None,
    ) -> None:
        self.line = line
        self.look = look
        self.keymap = keymap
        self.header = header
        self.home = home
        self.narrowing = narrowing or Narrowing()
        self.columns = columns
        self.upward = upward
        self.vi = vi
        self.answer: Answer | None = None
        self.hidden: tuple[int, ...] = ()
        self.hidden_runs: tuple[int, ...] = ()
        self.page = 1
        self.places: list[int | None] = []
        self.selected = 0
        self.top = 0
        self.whole_top = 0
        self.scores = False
        self.told = ""
        self.shell = ""
        self.learns = True
        self.now = 0.0
        self.view: View | None = None
        self.whole: tuple[tuple[str, int], Whole] | None = None

    @property
    def question(self) -> "Question":
        """What the rows are to answer."""
        return self.line.text, self.narrowing.filters, self.hidden

    @property
    def rows(self) -> "list[Row]":
        return self.answer.rows if self.answer else []

    @property
    def row(self) -> "Row | None":
        """The selected one."""
        return self.answer.rows[self.selected] if self.answer and self.answer.rows else None

    @property
    def wanted(self) -> list[str]:
        """The words looked for, lower-cased; as the daemon read the line, if it has."""
        answer, text = self.answer, self.line.text
        read = answer and answer.query == text and answer.mode != "offline"
        return Words(text, answer.applied if answer and read else None).wanted
