"""The blanks of a command: what stands in them, and what stood there in its likes. Pure."""

from ..result import MARK
from ..screen.line import Line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.protocol import Fields

    from ..screen.look import Look


class Blank:
    """A place in a command, from `start` to `end`. `line` holds what stands there now; `is_typed`
    says whether the user has typed some of it.
    """

    __slots__ = ("end", "is_typed", "line", "start")

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start, self.end = start, end
        self.line = Line("" if text == MARK else text)
        self.is_typed = False


class Filling:
    """likes: of each like of the command the values of its blanks, the likeliest like first; empty
    where one is not known. `at`: the present blank.
    """

    __slots__ = ("_likes", "_original", "at", "blanks")

    def __init__(self, command: str, spans: list[tuple[int, int]], likes: list[list[str]]) -> None:
        self._original = command
        self.blanks = [Blank(start, end, command[start:end]) for start, end in spans]
        own = [blank.line.text for blank in self.blanks]
        self._likes = [*likes, own]
        self.at = 0

    @property
    def _present(self) -> Blank:
        return self.blanks[self.at]

    @property
    def is_last(self) -> bool:
        return self.at == len(self.blanks) - 1

    @property
    def command(self) -> str:
        """With what stands in the blanks now; a masked value that was not filled in stays."""
        out, end = [], 0
        for blank in self.blanks:
            text = blank.line.text or self._masked(blank)
            out += [self._original[end : blank.start], text]
            end = blank.end
        return "".join([*out, self._original[end:]])

    def _masked(self, blank: Blank) -> str:
        text = self._original[blank.start : blank.end]
        return text if text == MARK and not blank.is_typed else ""

    @property
    def offered(self) -> list[str]:
        """Values for the present blank, but for the one that stands there: what came with the
        values of the other blanks goes first. Once something is typed, those that hold it.
        """
        texts = [blank.line.text for blank in self.blanks]
        here, others = texts[self.at], [n for n in range(len(texts)) if n != self.at]
        first = [like for like in self._likes if all(like[n] == texts[n] for n in others)]
        values = dict.fromkeys(like[self.at] for like in [*first, *self._likes])
        held = here.lower() if self._present.is_typed else ""
        return [value for value in values if value not in ("", here) and held in value.lower()]

    def go(self, step: int) -> None:
        """To another blank, round and round."""
        self.at = (self.at + step) % len(self.blanks)

    def fill(self, value: str) -> None:
        """Put a value in the present blank."""
        self._present.line = Line(value)
        self._present.is_typed = False

    def type(self, text: str) -> None:
        """What is typed first takes the place of what stands there."""
        if not self._present.is_typed:
            self.fill("")
        self._present.line.insert(text)
        self._present.is_typed = True

    def edit(self, action: str) -> None:
        """An action of the keymap on what stands there."""
        before = self._present.line.text
        self._present.line.edit(action)
        self._present.is_typed = self._present.is_typed or self._present.line.text != before

    def parts(self, look: "Look", shown: str | None) -> list[tuple[str, str, int]]:
        """The command in parts: text, style, and where in it the cursor stands, or -1. shown: what
        is to be seen in the present blank in place of what is typed.
        """
        out, end = [], 0
        opening, closing = look.sign("‹", "<"), look.sign("›", ">")
        for number, blank in enumerate(self.blanks):
            out.append((self._original[end : blank.start], look.style("dim"), -1))
            end, is_here = blank.end, number == self.at
            text = shown if is_here and shown is not None else blank.line.text
            cursor = len(text) if shown is not None else blank.line.cursor
            style = look.style("match" if is_here else "mask")
            out.append((opening, look.style("dim"), -1))
            out.append((text, style, cursor if is_here else -1))
            # At the end of the text the cursor stands on the sign after it.
            at_end = is_here and cursor == len(text)
            out.append((closing, look.style("dim"), 0 if at_end else -1))
        out.append((self._original[end:], look.style("dim"), -1))
        return out


def read(command: str, reply: "Fields") -> Filling:
    """What the daemon says about the blanks of a command; what makes no sense is left out."""
    spans: list[tuple[int, int]] = []
    likes: list[list[str]] = []
    for key, value in reply:
        if key == "blank":
            start, _, end = value.partition(" ")
            if start.isdigit() and end.isdigit():
                spans.append((int(start), int(end)))
        elif key == "command":
            likes.append([])
        elif key == "value" and likes:
            likes[-1].append(value)
    ends = [0, *(end for _, end in spans)]
    bounds = zip(ends, spans, strict=False)
    if any(not last <= start < end <= len(command) for last, (start, end) in bounds):
        return Filling(command, [], [])
    return Filling(command, spans, [like for like in likes if len(like) == len(spans)])
