"""The tree of commands as data: what every shell's completion and the man page are written from."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field

import click

from backend.commands.configuring.entries import entries
from backend.commands.tree import GROUPS, main
from backend.query.orders import ORDERS

# What stands in the place of a value: one of some words; a file; a directory; a name that the
# history has (a host's, a repository's, a session's, an author's); a query with its filters;
# nothing known.
WORDS, FILE, DIRECTORY, NAME, QUERY, UNKNOWN = "words", "file", "directory", "name", "query", ""

# What a value is called that is one of some words, and no other.
CHOICE = "WORD"

_SPANS = ("today", "yesterday", "1d", "1w", "1mo", "1y")


@dataclass(frozen=True)
class Value:
    """A value to be completed. words: those there are; of NAME, the kind of the name."""

    kind: str = UNKNOWN
    words: tuple[str, ...] = ()


_HOST, _REPO, _SESSION, _AUTHOR = (
    Value(NAME, (kind,)) for kind in ("host", "repo", "session", "author")
)

# Values of the filters in a query.
FILTERS = {
    "exit": Value(WORDS, ("0", "fail")),
    "in": Value(WORDS, ("here", "repo", "session", "host")),
    "cwd": Value(DIRECTORY),
    "repo": _REPO,
    "host": _HOST,
    "session": _SESSION,
    "since": Value(WORDS, _SPANS),
    "before": Value(WORDS, _SPANS),
    "took": Value(WORDS, (">10s", ">1m", "<5s")),
    "author": _AUTHOR,
    "match": Value(WORDS, ("start",)),
    "is": Value(WORDS, ("pinned", "noted")),
    "order": Value(WORDS, ORDERS),
}
# Options and arguments whose type does not tell: in every command they mean the same.
_BY_NAME = {name: FILTERS[name] for name in ("exit", "cwd", "repo", "host", "session", "author")}
_BY_NAME |= {"since": FILTERS["since"], "before": FILTERS["before"], "query": Value(QUERY)}


@dataclass(frozen=True)
class Option:
    """names: `-y`, `--yes`. metavar: of its value, None if it takes none."""

    names: tuple[str, ...]
    help: str
    metavar: str | None = None
    value: Value = field(default_factory=Value)
    many: bool = False


@dataclass(frozen=True)
class Argument:
    """many: it takes all words that are left."""

    metavar: str
    value: Value
    many: bool
    required: bool


@dataclass(frozen=True)
class Command:
    """path: the words after `deja`. text: its help behind the summary, paragraphs apart, without
    the examples. as_typed: what follows its first argument is no option of its own.
    """

    path: tuple[str, ...]
    summary: str
    text: tuple[str, ...]
    examples: tuple[str, ...]
    options: tuple[Option, ...]
    arguments: tuple[Argument, ...]
    commands: tuple["Command", ...]
    as_typed: bool

    @property
    def name(self) -> str:
        """`deja sync init`."""
        return " ".join(("deja", *self.path))


def tree() -> Command:
    """All of deja, what is hidden left out."""
    return _command(main, (), None)


def walk(command: Command) -> Iterator[Command]:
    """A command and all below it."""
    yield command
    for each in command.commands:
        yield from walk(each)


def grouped(root: Command) -> list[tuple[str, tuple[Command, ...]]]:
    """The commands of `deja` in their groups."""
    known = {command.path[0]: command for command in root.commands}
    return [(group, tuple(known[name] for name in entries)) for group, entries in GROUPS.items()]


def _command(
    command: click.Command, path: tuple[str, ...], parent: click.Context | None
) -> Command:
    context = click.Context(
        command, parent, path[-1] if path else "deja", **command.context_settings
    )
    help = inspect.cleandoc(command.help or "")
    told, _, examples = help.partition("\b\nExamples:\n")
    summary, *text = [" ".join(part.split()) for part in told.split("\n\n") if part.strip()]
    parameters = command.get_params(context)
    return Command(
        path=path,
        summary=summary,
        text=tuple(text),
        examples=tuple(line.strip() for line in examples.splitlines() if line.strip()),
        options=tuple(
            _option(each, path)
            for each in parameters
            if isinstance(each, click.Option) and not each.hidden
        ),
        arguments=tuple(
            _argument(each, path) for each in parameters if isinstance(each, click.Argument)
        ),
        commands=tuple(_below(command, context, path)),
        as_typed=not command.allow_interspersed_args,
    )


def _below(
    command: click.Command, context: click.Context, path: tuple[str, ...]
) -> Iterator[Command]:
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None and not found.hidden:
                yield _command(found, (*path, name), context)


def _option(option: click.Option, path: tuple[str, ...]) -> Option:
    names = tuple(sorted((*option.opts, *option.secondary_opts), key=len))
    takes = not option.is_flag and not option.count
    return Option(
        names=names,
        help=(option.help or "").strip(),
        metavar=_metavar(option) if takes else None,
        value=_value(option, path) if takes else Value(),
        many=option.multiple,
    )


def _metavar(option: click.Option) -> str:
    if option.metavar:
        return option.metavar
    kinds = {"integer range": "N", "integer": "N", "choice": CHOICE, "file": "FILE", "path": "DIR"}
    return kinds.get(option.type.name, "TEXT")


def _argument(argument: click.Argument, path: tuple[str, ...]) -> Argument:
    metavar = (argument.metavar or (argument.name or "").upper()).strip("[]")
    return Argument(metavar, _value(argument, path), argument.nargs != 1, argument.required)


def _value(parameter: click.Parameter, path: tuple[str, ...]) -> Value:
    if isinstance(parameter.type, click.Choice):
        return Value(WORDS, tuple(map(str, parameter.type.choices)))
    if (*path[:1], parameter.name) == ("config", "name"):
        return Value(WORDS, tuple(entries()))
    if parameter.name in _BY_NAME:
        return _BY_NAME[parameter.name]
    if isinstance(parameter.type, click.Path):
        return Value(FILE if parameter.type.file_okay else DIRECTORY)
    return Value(FILE) if isinstance(parameter.type, click.File) else Value()
