"""What is open around a place in a shell command, and what a word means there, for `syntax`."""

MARK = "‹redacted›"

KEYWORDS = frozenset(
    "! { } [[ ]] if then elif else fi for foreach select while until do done end case esac "
    "function repeat coproc always".split()
)
# After these comes a name, and then perhaps `in` and words.
NAMED = frozenset(("for", "foreach", "select"))
CLOSERS = frozenset(("}", "]]", "fi", "done", "end", "esac"))

# Commands that run another one, and the letters of their options that take a value.
PREFIXES = {
    "sudo": "CDghpRrTtUu",
    "doas": "Cu",
    "env": "CSu",
    "exec": "a",
    "nice": "n",
    "ionice": "cn",
    "stdbuf": "eio",
    "timeout": "ks",
    "time": "fo",
    "xargs": "adEILnPs",
    "builtin": "",
    "command": "",
    "noglob": "",
    "nocorrect": "",
    "nohup": "",
    "setsid": "",
}

_LONGEST_DELIMITER = 200
_DELIMITER_ENDS = " \t\n|&;<>()"
# What a command may stand in; elsewhere there are only words.
_COMMANDS = ("", "(", "`", "case")


class Opened:
    """One bracket, quote or block that is open, and how far the command in it has come.

    `kind`: "" (the text itself), ( ` " ${ [[ case, `arithmetic`, or `words` (an array, a pattern).
    `role`: None between words, else the style of this word's plain characters. `expect`: a command
    comes next; `target`: first a word that is none; `prefix`: after sudo and its like. `pattern`:
    a case that awaits one; `naming`: `in` may come. `quoted`: braces within double quotes.
    """

    __slots__ = (
        "braces",
        "expect",
        "kind",
        "naming",
        "pattern",
        "prefix",
        "quoted",
        "role",
        "start",
        "target",
    )

    def __init__(self, kind: str, start: int, quoted: bool) -> None:
        self.kind = kind
        self.start = start
        self.quoted = quoted
        self.braces = 0
        self.role: str | None = None
        self.prefix: str | None = None
        self.target = False
        self.pattern = self.naming = kind == "case"
        self.expect = kind in _COMMANDS and kind != "case"

    def end_command(self) -> None:
        """Whatever comes next begins a command, where there can be one."""
        self.role = self.prefix = None
        self.target = False
        self.expect = self.kind in _COMMANDS and not self.pattern

    def begin_part(self) -> None:
        """A quote, a variable and so on: if it begins a word, that may be the command."""
        if self.role is None:
            self.role = "command" if self.expect and not self.target else ""
            self.expect = self.expect and self.target
            self.target = False


class Nesting:
    """The text, the place reached, the spans found, and all that is open there."""

    __slots__ = ("at", "heredocs", "spans", "stack", "text", "ticks", "top", "unclosed")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.spans: list[tuple[int, int, str]] = []
        self.top = Opened("", 0, False)
        self.stack = [self.top]
        self.ticks = 0
        self.heredocs: list[tuple[str, bool]] = []
        self.unclosed: int | None = None

    def add(self, start: int, end: int, style: str) -> None:
        """A span, unless it is plain or empty; joined to the last one if that is its like."""
        if not style or start >= end:
            return
        if self.spans and self.spans[-1][1:] == (start, style):
            start = self.spans.pop()[0]
        self.spans.append((start, end, style))

    def take(self, size: int, style: str) -> None:
        end = min(self.at + size, len(self.text))
        self.add(self.at, end, style)
        self.at = end

    def push(self, kind: str, size: int, style: str, quoted: bool = False) -> None:
        """Open what begins with the next `size` characters."""
        self.top = Opened(kind, self.at, quoted)
        self.stack.append(self.top)
        self.ticks += kind == "`"
        self.take(size, style)

    def pop(self) -> None:
        self.ticks -= self.stack.pop().kind == "`"
        self.top = self.stack[-1]

    def word(self, run: str, alone: bool) -> str:
        """The style of a word that begins with `run`, or is `run` if `alone`; sets what follows."""
        top = self.top
        told = self._told(top, run) if alone else None
        if told is not None:
            return told
        if top.target or not top.expect:
            dashed = run[0] == "-" and len(run) > 1 and top.kind != "arithmetic"
            top.role = "option" if dashed and not top.target else ""
            top.target = False
        elif assigned(run):
            top.role = "variable"
        elif top.prefix is not None and (run[0] == "-" or run[0].isdigit()):
            top.role = "option" if run[0] == "-" else ""
            top.target = alone and len(run) == 2 and run[0] == "-" and run[1] in top.prefix
        else:
            top.role = "command"
            top.prefix = PREFIXES.get(run) if alone else None
            top.expect = top.prefix is not None
        return top.role

    def _told(self, top: Opened, run: str) -> str | None:
        """keyword, or error, if this whole word is one of the shell's own; else None."""
        if top.kind == "[[" and run == "]]":
            self.pop()
        elif top.naming and run == "in" and not top.target:
            top.naming = False
        elif top.kind == "case" and run == "esac" and (top.pattern or top.expect):
            self.pop()
        elif not top.expect or top.target or run not in KEYWORDS:
            return None
        elif run in ("case", "[["):
            self.push(run, 0, "")
        elif run == "}" and not top.braces:
            return "error"
        else:
            top.braces += (run == "{") - (run == "}")
            top.naming = run in NAMED
            top.target = run in NAMED or run in ("function", "repeat")
            top.expect = run not in NAMED
        if run in CLOSERS:
            self.top.end_command()
        return "keyword"

    def judge(self) -> None:
        """At the end of the text: what the first quote that is still open spoils is an error."""
        open_ = [entry.start for entry in self.stack if entry.kind in ('"', "`")]
        first = min(open_ + ([] if self.unclosed is None else [self.unclosed]), default=None)
        if first is None:
            return
        while self.spans and self.spans[-1][1] > first:
            start, _, style = self.spans.pop()
            if start < first:
                self.spans.append((start, first, style))
        self.add(first, len(self.text), "error")


def assigned(run: str) -> bool:
    """Whether a word that begins so is `name=…`, `name+=…` or `name[…`."""
    name = run.partition("=")[0]
    name = name.removesuffix("+") if len(name) < len(run) else name.partition("[")[0]
    name = name.partition("[")[0]
    return len(name) < len(run) and name.isidentifier()


def delimiter(text: str, at: int) -> str | None:
    """The word after `<<` that ends the here-document, its quotes off; None if there is none."""
    end = at + _LONGEST_DELIMITER
    near = text[at:end].lstrip(" \t")
    quote = near[:1]
    if quote in ("'", '"'):
        word, closed, _ = near[1:].partition(quote)
        return word if closed else None
    size = next((i for i, char in enumerate(near) if char in _DELIMITER_ENDS), len(near))
    word = near[:size].replace("\\", "").replace("'", "").replace('"', "")
    return word or None


def without_masks(spans: list[tuple[int, int, str]], text: str) -> list[tuple[int, int, str]]:
    """The spans with those of masked values put in, and cut out of what they lie in."""
    at = text.find(MARK)
    if at < 0:
        return spans
    out: list[tuple[int, int, str]] = []
    for start, end, style in spans:
        while 0 <= at < end:
            if start < at:
                out.append((start, at, style))
            out.append((at, at + len(MARK), "mask"))
            start = max(start, at + len(MARK))
            at = text.find(MARK, at + len(MARK))
        if start < end:
            out.append((start, end, style))
    while at >= 0:
        out.append((at, at + len(MARK), "mask"))
        at = text.find(MARK, at + len(MARK))
    return out
