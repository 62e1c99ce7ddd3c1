"""Splitting of a command line into words and operators, good enough to look for secrets.

Standard library only. It never fails and takes linear time: text that no shell would accept
is split somehow. It expands nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Possessive quantifiers (++, *+) and bounds keep every pattern from backtracking.
_SUBSTITUTION = r"\$\((?:[^()]++|\([^()]*+\))*+\)"
_PIECE = rf"""
      \\[\s\S]
    | \$?'[^']*+'
    | "(?:[^"\\$`]++|\\[\s\S]|`[^`"]{{0,400}}+`|{_SUBSTITUTION}|[$`])*+"
    | `[^`]*+`
    | {_SUBSTITUTION}
    | \$\{{[^}}\n]{{0,200}}+\}}
    | [^\s'"\\;&|<>()`$]++
    | ['"$\\`]
"""
_PIECES = re.compile(_PIECE, re.VERBOSE)
_LEXEMES = re.compile(rf"(?P<word>(?:{_PIECE})++)|(?P<operator><<<|[;&|()\n<>]++)", re.VERBOSE)
_ESCAPE = re.compile(r"\\([\s\S])")

# What stands for a value that is not on the command line itself.
_REFERENCE = re.compile(
    rf"""\\?(?:{_SUBSTITUTION}|\$\{{[^}}]{{0,200}}+\}}|\$[@*#?!$-])|(?<!\\)(?:`[^`]*+`|\$\w++)
    # Escaped, for the shell of another host: only what looks like a name or a command.
    |\\(?:`[a-z][\w ./~$\\-]*+`|\$(?:[A-Z_][A-Z0-9_]*+|[a-z_][a-z0-9_]*+)(?!\w))""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a command: `text` as written, from `start` on in the command, and unquoted."""

    start: int
    text: str
    plain: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Command:
    """The words up to an operator, and that operator (empty at the end)."""

    words: list[Word]
    operator: str


def commands(text: str, base: int = 0) -> list[Command]:
    """The simple commands of `text`; positions are counted from `base`."""
    found: list[Command] = []
    words: list[Word] = []
    for match in _LEXEMES.finditer(text):
        if match.lastgroup == "word":
            word = match[0]
            words.append(Word(base + match.start(), word, unquoted(word)))
        elif match[0] != "<<<" and not set(match[0]) - set("<>&") and match[0].strip("&"):
            continue  # a redirection: the command goes on after the file
        elif words or match[0] == "<<<":
            found.append(Command(words, match[0]))
            words = []
        elif found and found[-1].operator == ")":  # ( … ) | …
            found[-1] = Command(found[-1].words, ")" + match[0])
    if words:
        found.append(Command(words, ""))
    return found


def unquoted(word: str) -> str:
    """`word` without its quotes and escapes; substitutions stay as they are written."""
    if not any(mark in word for mark in "'\"\\"):
        return word
    parts = []
    for piece in _PIECES.findall(word):
        if len(piece) > 1 and piece[0] in "'\"" and piece[0] == piece[-1]:
            parts.append(piece[1:-1] if piece[0] == "'" else _ESCAPE.sub(r"\1", piece[1:-1]))
        elif piece.startswith("$'"):
            parts.append(piece[2:-1])
        else:
            parts.append(piece[1:] if piece[0] == "\\" else piece)
    return "".join(parts)


def interiors(text: str, base: int) -> Iterator[tuple[int, str]]:
    """Start and text of what stands inside the quotes and substitutions of a word."""
    for match in _PIECES.finditer(text):
        piece = match[0]
        if len(piece) < 4:
            continue
        if piece[0] in "'\"`":
            yield base + match.start() + 1, piece[1:-1]
        elif piece.startswith(("$(", "$'", "${")):
            yield base + match.start() + 2, piece[2:-1]


def is_reference(text: str) -> bool:
    """Whether `text`, as written, is only variables and substitutions: no value of its own."""
    if "$" not in text and "`" not in text:
        return False
    if text.startswith("'") and text.endswith("'"):
        return False
    return not any(char.isalnum() for char in _REFERENCE.sub("", text))


def inside_quotes(start: int, text: str) -> tuple[int, int]:
    """The span of `text` (at `start`) without the one pair of quotes around it, if there is."""
    if len(text) > 3 and text.startswith('\\"') and text.endswith('\\"'):
        return start + 2, start + len(text) - 2
    match = _PIECES.match(text)
    if match is None or match.end() < len(text) or len(text) < 2:
        return start, start + len(text)
    opening = 2 if text.startswith("$'") else 1 if text[0] in "'\"" else 0
    return start + opening, start + len(text) - min(opening, 1)
