"""The options of the quick commands, as data: parse.py reads a line by them, and declared.py makes
click's of them, so that the two cannot differ.
"""

from backend.query.orders import ORDERS
from backend.wire import protocol

# What an option takes: nothing; a number from 1 to MOST; one of several words; a word; a path;
# a word each time that it is given.
FLAG, NUMBER, CHOICE, WORD, PATH, WORDS = "flag", "number", "choice", "word", "path", "words"
MOST = 1000

# How many arguments stand beside the options.
NONE, ONE, ANY = 0, 1, -1


class Option:
    """One option: `--name`, and the parameter of the command that it sets."""

    __slots__ = ("allowed", "default", "help", "kind", "name", "parameter")

    def __init__(
        self,
        name: str,
        kind: str,
        help: str,
        default: object = None,
        allowed: tuple[str, ...] = (),
        parameter: str = "",
    ) -> None:
        self.name = name
        self.kind = kind
        self.help = help
        self.default = default
        self.allowed = allowed
        self.parameter = parameter or name


class Syntax:
    """What may follow the name of a command: options, and arguments under one name."""

    __slots__ = ("argument", "many", "options")

    def __init__(self, *options: Option, argument: str = "", many: int = NONE) -> None:
        self.options = options
        self.argument = argument
        self.many = many


JSON = Option("json", FLAG, "Print one JSON object.", False, parameter="as_json")
LIMIT = Option("limit", NUMBER, "How many at most.", 10)

# What runs are chosen by, wherever they are.
FILTERS = (
    Option("exit", WORD, "Exit status: 0, fail or a number."),
    Option("cwd", PATH, "Ran in this directory or below."),
    Option("here", FLAG, "Ran in the present directory or below.", False),
    Option("repo", WORD, "Ran in this git repository (name or path; . for this one)."),
    Option("host", WORD, "Ran on this machine."),
    Option("session", WORD, "Ran in this shell session."),
    Option("since", WORD, "Ran since then: 2w, 3d, 2026-01-01, yesterday."),
    Option("before", WORD, "Ran before then."),
    Option("took", WORD, "Duration: >1m, <5s."),
    Option("author", WORD, "Run by this coding agent; agent for any, me for none."),
    Option("pinned", FLAG, "Is pinned.", False),
)

SYNTAX = {
    "search": Syntax(
        JSON,
        Option("episodes", FLAG, "Stretches of work instead of single commands.", False),
        Option("print0", FLAG, "End each command by NUL, not by a newline.", False),
        LIMIT,
        Option(
            *("mode", CHOICE, "By meaning and text, or by one of them alone."),
            *(protocol.AUTO, protocol.MODES),
        ),
        *FILTERS,
        Option("order", CHOICE, "In place of the likeliest first.", None, ORDERS),
        Option("without", WORDS, "Does not hold this word.", ()),
        argument="query",
        many=ANY,
    ),
    "next": Syntax(JSON, LIMIT, argument="prefix", many=ONE),
    "status": Syntax(JSON),
    "names": Syntax(argument="kind", many=ONE),
}
