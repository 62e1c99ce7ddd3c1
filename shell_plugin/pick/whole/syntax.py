"""The parts of a shell command, for its colours: by shape alone, nothing is run or looked up.

Pure, one pass, for zsh and bash at once. What it cannot know (aliases, options of the shell) it
leaves plain: a wrong colour is worse than none. `nesting` says what it remembers on the way.
"""

from .nesting import Nesting, delimiter, without_masks

Span = tuple[int, int, str]

_WORD_ENDS = frozenset(" \t\n|&;<>()")
_SPECIAL = frozenset(" \t\n|&;<>()\"'`$\\")
_SPECIAL_IN_QUOTES = frozenset('"`$\\')
_SPECIAL_IN_BRACES = frozenset("\"'`$\\}")
_PARAMETERS = frozenset("@*#?$!-")


def styles(command: str, most: int | None = None) -> list[Span]:
    """(start, end, style) of the parts of `command`, sorted and apart; the rest is plain.

    Styles: command, option, string, variable, operator, keyword, comment, mask and error (from a
    quote that is never closed to the end; a closing bracket that nothing opened). Reads no further
    than `most` characters, if given, and does not judge then what is still open there.
    """
    scan = _Scan(command)
    end = len(command) if most is None else min(most, len(command))
    while scan.at < end:
        scan.step()
    if scan.at >= len(command):
        scan.judge()
    return without_masks(scan.spans, command)


class _Scan(Nesting):
    """Where the pass stands; each step takes a character or a run of them off the text."""

    __slots__ = ()

    def step(self) -> None:
        kind = self.top.kind
        if kind == '"':
            self._run(_SPECIAL_IN_QUOTES, "string")
        elif kind == "${":
            self._run(_SPECIAL_IN_BRACES, "variable")
        else:
            _STEPS.get(self.text[self.at], _Scan._plain)(self)

    def _run(self, special: frozenset[str], style: str) -> None:
        """Inside quotes or braces: up to the next character that means something, and that."""
        text, start = self.text, self.at
        at, size = start, len(self.text)
        while at < size and text[at] not in special:
            at += 1
        self.add(start, at, style)
        self.at = at
        char = text[at : at + 1]
        if char == "\\":
            self.take(2, style)
        elif (char == '"' and style == "string") or char == "}":
            self.take(1, style)
            self.pop()
        elif char == "'" and self.top.quoted:
            self.take(1, style)
        elif char:
            _STEPS[char](self)

    def _blank(self) -> None:
        self.top.role = None
        self.at += 1

    def _newline(self) -> None:
        self.at += 1
        self.top.end_command()
        for word, tabs in self.heredocs:
            self._body(word, tabs)
        self.heredocs.clear()

    def _body(self, word: str, tabs: bool) -> None:
        """The lines of a here-document, with the one that ends it, if any does."""
        start, size = self.at, len(self.text)
        while self.at < size:
            end = self.text.find("\n", self.at)
            line = self.text[self.at : end if end >= 0 else size]
            self.at += len(line) + (end >= 0)
            if (line.lstrip("\t") if tabs else line) == word:
                break
        self.add(start, self.at, "string")

    def _comment(self) -> None:
        # Right after a bracket that opens a pattern it is one of zsh's globbing flags: (#i)x*.
        flag = self.top.kind == "words" and self.top.start == self.at - 1
        if flag or self.top.role is not None or self.top.kind == "arithmetic":
            self._plain()
            return
        ends = [self.text.find("\n", self.at)]
        if self.ticks:
            ends.append(self.text.find("`", self.at, ends[0] if ends[0] >= 0 else None))
        end = min((end for end in ends if end >= 0), default=len(self.text))
        self.take(end - self.at, "comment")

    def _single(self) -> None:
        self.top.begin_part()
        end = self.text.find("'", self.at + 1)
        self._quoted(end)

    def _ansi(self) -> None:
        """$'…', where a backslash hides a quote."""
        self.top.begin_part()
        text, at = self.text, self.at + 2
        end = text.find("'", at)
        while end >= 0:
            slash = text.find("\\", at, end)
            if slash < 0:
                break
            at = slash + 2
            end = end if at <= end else text.find("'", at)
        self._quoted(end)

    def _quoted(self, end: int) -> None:
        if end < 0:
            self.unclosed = self.at
            end = len(self.text)
        self.take(end + 1 - self.at, "string")

    def _double(self) -> None:
        self.top.begin_part()
        self.push('"', 1, "string")

    def _tick(self) -> None:
        if self.ticks:
            while self.top.kind != "`":
                self.pop()
            self.pop()
            self.take(1, "operator")
        else:
            self.top.begin_part()
            self.push("`", 1, "operator")

    def _dollar(self) -> None:
        top, following = self.top, self.text[self.at + 1 : self.at + 2]
        in_quotes = top.kind == '"' or top.quoted
        if following == "'" and not in_quotes:
            self._ansi()
            return
        top.begin_part()
        if following == "(":
            self._substitution()
        elif following == "{":
            self.push("${", 2, "variable", in_quotes)
        elif following in _PARAMETERS or following.isdigit():
            self.take(2 if following else 1, "variable" if following else "")
        else:
            self._variable({'"': "string", "${": "variable"}.get(top.kind, ""))

    def _variable(self, otherwise: str) -> None:
        at, size = self.at + 1, len(self.text)
        while at < size and (self.text[at].isalnum() or self.text[at] == "_"):
            at += 1
        named = at > self.at + 1
        self.take(at - self.at, "variable" if named else otherwise)

    def _substitution(self) -> None:
        if self.text.startswith("((", self.at + 1):
            self.push("arithmetic", 2, "operator")
            self.push("arithmetic", 1, "operator")
        else:
            self.push("(", 2, "operator")

    def _backslash(self) -> None:
        if self.text.startswith("\n", self.at + 1):
            self.at += 2
            return
        self.top.begin_part()
        self.take(2, self.top.role or "")

    def _operator(self) -> None:
        text, start = self.text, self.at
        if text.startswith("&>", start):
            self.take(1, "operator")
            self._redirection()
            return
        size = 3 if text.startswith(";;&", start) else 2
        size = size if text[start + 1 : start + 2] in ("|", "&", ";") else 1
        self.take(size, "operator")
        if self.top.kind == "case" and text[start] == ";" and size > 1:
            self.top.pattern = True
        self.top.end_command()

    def _redirection(self) -> None:
        text, start, top = self.text, self.at, self.top
        arithmetic = top.kind == "arithmetic"
        if text.startswith("(", start + 1) and not arithmetic:
            top.begin_part()
            self.push("(", 2, "operator")
            return
        size = 1
        while size < 3 and text[start + size : start + size + 1] in ("<", ">"):
            size += 1
        here = size == 2 and text.startswith("<<", start) and not arithmetic
        size += text[start + size : start + size + 1] in (("-",) if here else ("&", "|", "!"))
        self.take(size, "operator")
        top.role, top.target = None, not arithmetic
        word = delimiter(text, self.at) if here else None
        if word is not None:
            self.heredocs.append((word, size == 3))

    def _open(self) -> None:
        top, text = self.top, self.text
        if top.kind == "case" and top.pattern and top.role is None:
            self.take(1, "operator")
        elif text.startswith("()", self.at):
            self.take(2, "operator")
            top.end_command()
        elif top.kind == "arithmetic":
            self.push("arithmetic", 1, "operator")
        elif top.role is None and text.startswith("((", self.at):
            self.push("arithmetic", 1, "operator")
            self.push("arithmetic", 1, "operator")
        elif top.role is None and top.expect:
            self.push("(", 1, "operator")
        else:
            top.begin_part()
            self.push("words", 1, "operator")

    def _close(self) -> None:
        top = self.top
        if top.kind == "case":
            top.pattern = False
            self.take(1, "operator")
            top.end_command()
        elif top.kind in ("(", "arithmetic", "words"):
            self.pop()
            self.take(1, "operator")
            if self.top.role is None:
                self.top.end_command()
        else:
            self.take(1, "error")

    def _plain(self) -> None:
        """A run of ordinary characters: a word, or a part of one that has quotes as well."""
        text, start = self.text, self.at
        at, size = start + 1, len(self.text)
        while at < size and text[at] not in _SPECIAL:
            at += 1
        run, top = text[start:at], self.top
        if run.isdigit() and text[at : at + 1] in ("<", ">") and top.role is None:
            self.take(at - start, "operator")
            return
        style = top.role or ""
        if top.role is None:
            style = self.word(run, at == size or text[at] in _WORD_ENDS)
        value = run.find("=") if style in ("option", "variable") else -1
        self.add(start, start + value if value >= 0 else at, style)
        if value >= 0 and top.role:
            top.role = ""
        self.at = at


_STEPS = {
    " ": _Scan._blank,
    "\t": _Scan._blank,
    "\n": _Scan._newline,
    "#": _Scan._comment,
    "'": _Scan._single,
    '"': _Scan._double,
    "`": _Scan._tick,
    "$": _Scan._dollar,
    "\\": _Scan._backslash,
    "|": _Scan._operator,
    "&": _Scan._operator,
    ";": _Scan._operator,
    "<": _Scan._redirection,
    ">": _Scan._redirection,
    "(": _Scan._open,
    ")": _Scan._close,
}
