"""What commands have in common that differ in an argument or two: `ssh -p 22 ‹host›`.

By shape alone: nothing is run, looked up or expanded. Only what is surely an argument may be a
blank: no program, no subcommand, no option, no operator, and no code for a program to run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

# Where two templates would fit, one blank is better than two.
Blanks = tuple[int, ...]

# What is longer is a script, not a command with blanks.
LONGEST, MOST_WORDS = 400, 24
# Blanks are looked for among the last arguments: those before them tell what it is about.
MOST_FREE = 3
# Stands for a blank in the fixed part of a template.
BLANK = "\0"

_LEXEMES = re.compile(
    r"""(?P<blank>[ \t]++)
    | (?P<operator>\d*(?:<<<|<<-?|>>|>\||[<>]&(?:\d+|-)?|<>|[<>])|&>>?|[;&|()]++)
    | (?P<word>(?:[^\s'"\\;&|<>()`$]++|\\.|'[^']*+'|"(?:[^"\\]++|\\.)*+"|`[^`]*+`
        |\$\((?:[^()]++|\([^()]*+\))*+\)|\$)++)
    """,
    re.VERBOSE,
)
_BARE = re.compile(r"[A-Za-z][\w:-]*", re.ASCII)
_ASSIGNED = re.compile(r"[A-Za-z_]\w*\+?=", re.ASCII)
_KEYWORDS = frozenset(
    "! { } [[ [ if then elif else fi for foreach select while until do done case esac function "
    "repeat".split()
)
# Commands that run another one, and the letters of their options that take a value.
_PREFIXES = {
    "sudo": "CDghpRrTtUu",
    "doas": "Cu",
    "env": "CSu",
    "exec": "a",
    "nice": "n",
    "timeout": "ks",
    "time": "fo",
    "xargs": "adEILnPs",
    "command": "",
    "nohup": "",
    "watch": "n",
}
_RUNS = frozenset(("-exec", "-execdir", "-ok", "-okdir"))
# Programs whose first words are arguments, however bare. Of any other the first two may be
# subcommands, if they are bare words; of those in _DEEP so many are.
_PLAIN = frozenset(
    """
    7z apropos bash bat bunzip2 bzip2 cat cd chgrp chmod chown cmp code comm convert cp curl diff
    dig dirname du echo egrep emacs export fd ffmpeg ffprobe fgrep file find finger grep gunzip
    gzip head host id identify info java join kill killall la less ll ln locate ls man mkdir more
    mosh mount mv nano node nslookup nvim open paste patch pgrep pidof ping pkill printf ps2pdf
    pushd pydoc python python2 python3 rename rg rm rmdir rsync ruby scp sftp sh sha256sum md5sum
    sleep sort source ssh ssh-copy-id stat su tail tee telnet touch traceroute tree type umount
    uniq unset unzip vi view vim wc wget whatis whereis which whois xdg-open z zcat zgrep zip zsh .
    """.split()
)
_DEEP = {
    **dict.fromkeys(("git", "hg", "svn", "docker", "podman", "kubectl", "helm", "terraform"), 1),
    **dict.fromkeys(("apt", "apt-get", "apt-cache", "brew", "dnf", "yum", "pip", "pip3"), 1),
    **dict.fromkeys(("systemctl", "cargo", "go", "npm", "yarn", "pnpm", "conda", "gem"), 1),
    **dict.fromkeys(("aws", "gcloud", "az"), 3),
}
# After these a word of another level comes.
_GROUPS = frozenset(
    """
    bisect builder buildx cluster compose config container context delete describe edit exec flow
    get image lfs manifest mod network notes plugin reflog remote repo rollout run service stash
    state submodule svn system tool tx volume workspace worktree
    """.split()
)
# What these are given first is code; and others, after such an option.
_CODE_FIRST = frozenset(
    "alias awk bc bind eval expr gawk gsed jq let mawk perl sed set test trap yq".split()
)
_CODE_OPTIONS = frozenset(("-c", "-e", "--eval", "--command"))
# Of ssh: the letters of options that take a value; after the host comes a command.
_SSH_VALUES = "BbcDEeFIiJLlmOopQRSWw"


@dataclass(frozen=True, slots=True)
class Shape:
    """The words and operators of a command, as written, with (start, end) of each; `free` are the
    places of those that may be blanks.
    """

    texts: list[str]
    spans: list[tuple[int, int]]
    free: list[int]

    def templates(self) -> Iterator[Blanks]:
        """The places of the blanks of each template that it fits, those of one blank first."""
        free = self.free[-MOST_FREE:]
        for place in reversed(free):
            yield (place,)
        for at in range(len(free) - 1, 0, -1):
            for before in range(at - 1, -1, -1):
                yield (free[before], free[at])

    def fixed(self, blanks: Blanks) -> str:
        """What is the same in all commands of a template, BLANK where they differ."""
        texts = list(self.texts)
        for place in blanks:
            texts[place] = BLANK
        return " ".join(texts)


NONE = Shape([], [], [])


def shape(command: str) -> Shape:
    """The shape of a command; without places where it is too long, or more than a simple line."""
    if len(command) > LONGEST or "\n" in command:
        return NONE
    reading = _Reading()
    end = 0
    for match in _LEXEMES.finditer(command):
        if match.start() != end:
            return NONE
        end = match.end()
        if match.lastgroup == "blank":
            continue
        reading.take(match[0], match.span(), match.lastgroup == "operator")
        if reading.lost:
            return NONE
    if end != len(command) or len(reading.texts) > MOST_WORDS:
        return NONE
    return Shape(reading.texts, reading.spans, reading.free)


@dataclass(slots=True)
class _Reading:
    """How far the words of a command were read, and what the next one would be."""

    texts: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    free: list[int] = field(default_factory=list)
    lost: bool = False
    # The program, empty before it has come; the prefix that it comes after.
    program: str = ""
    prefix: str = ""
    # Bare words that may still be subcommands; whether this word is code, or an option's value.
    depth: int = 0
    code: bool = False
    valued: bool = False
    # A file is next: `>`.
    target: bool = False

    def take(self, text: str, span: tuple[int, int], is_operator: bool) -> None:
        self.texts.append(text)
        self.spans.append(span)
        if is_operator:
            self._operator(text)
        elif self.target:
            self.target = False
            self._argue(text)
        elif not self.program:
            self._command(text)
        elif text[0] == "-":
            self._option(text)
        elif self._is_argument(text):
            self._argue(text)

    def _operator(self, text: str) -> None:
        self.lost = text.lstrip("0123456789") in ("<<", "<<-")
        self.target = text[-1] in "<>" or text.endswith((">|", ">&", "<&"))
        if "<" not in text and ">" not in text:
            self.program = self.prefix = ""

    def _command(self, text: str) -> None:
        self.lost = text in _KEYWORDS
        if self.valued:
            self.valued = False
        elif self.prefix and text[0] == "-":
            self.valued = len(text) == 2 and text[1] in _PREFIXES[self.prefix]
        elif text in _PREFIXES:
            self.prefix = text
        elif not _ASSIGNED.match(text) and not (self.prefix == "timeout" and text[0].isdigit()):
            self.program = text
            self.depth = 0 if text in _PLAIN else _DEEP.get(text, 2)
            self.code = text in _CODE_FIRST

    def _option(self, text: str) -> None:
        self.valued = True
        if self.program == "ssh":
            self.valued = len(text) == 2 and text[1] in _SSH_VALUES
        self.code = self.code or text in _CODE_OPTIONS
        if text in _RUNS:
            self.program = self.prefix = ""
            self.valued = False

    def _is_argument(self, text: str) -> bool:
        """Whether it is one, and not a subcommand or code."""
        valued, self.valued = self.valued, False
        if self.code:
            self.code = False
            return False
        if self.program == "ssh" and not valued:
            # What comes after the host is a command.
            self.program = "ssh host"
            return True
        if self.program == "ssh host":
            return False
        if self.depth:
            if valued:
                return not _BARE.fullmatch(text)
            if _BARE.fullmatch(text):
                self.depth += text in _GROUPS and self.program in _DEEP and self.depth == 1
                self.depth -= 1
                return False
            self.depth = 0
        return True

    def _argue(self, text: str) -> None:
        """An argument: a blank, if it has letters or digits, and is no code."""
        if "$(" not in text and "`" not in text and any(map(str.isalnum, text)):
            self.free.append(len(self.texts) - 1)
