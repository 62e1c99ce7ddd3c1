"""The man page, in the macros of man(7)."""

from collections.abc import Iterator

from scripts.completion.spec import CHOICE, FILTERS, Command, Option, grouped, walk

_ABOUT = (
    "Type what you want to do, press Ctrl-R, and the command that did it is there, from your own"
    " history. deja is that search for the shell, with a daemon behind it; these commands are the"
    " rest. Nothing leaves the machine."
)
_FILES = (
    ("~/.config/deja/config.toml", "What is set; deja config explains it."),
    ("~/.local/share/deja", "The history, for you alone."),
    ("~/.local/state/deja/log/daemon.log", "The daemon's log; never the text of a command."),
)
_ESCAPES = {"\\": "\\e", "-": "\\-", "~": "\\(ti", "^": "\\(ha", "'": "\\(aq", "`": "\\(ga"}
_ESCAPES["…"] = "..."
_CODES = (
    ("0", "It was found, or done."),
    ("1", "Nothing was found, or it failed."),
    ("2", "Wrong usage, or a setting that makes no sense."),
    ("3", "There is no daemon, and none could be started."),
    ("4", "There is no model."),
)


def written(root: Command, mark: str) -> str:
    summary = root.summary.rstrip(".").lower()
    lines = [f'.\\" {mark}', ".TH DEJA 1", ".SH NAME", f"deja \\- {summary}"]
    lines += [".SH SYNOPSIS", ".B deja", ".I COMMAND", r".RI [ options ]\~[ arguments ]"]
    lines += [".SH DESCRIPTION", _text(_ABOUT)]
    for group, commands in grouped(root):
        lines.append(f".SH {group.upper()}")
        for command in commands:
            for each in walk(command):
                lines += _command(each)
    lines += [".SH FILTERS", "They stand anywhere in a query, in any number:"]
    lines += [".PP", ", ".join(rf"\fB{key}:\fR" for key in FILTERS) + "."]
    lines += [".SH OPTIONS", *(line for option in root.options for line in _option(option))]
    lines += [".SH EXIT STATUS", *_pairs(_CODES), ".SH FILES", *_pairs(_FILES)]
    return "\n".join(lines) + "\n"


def _command(command: Command) -> Iterator[str]:
    yield f".SS {_text(_synopsis(command))}"
    yield _text(command.summary)
    for paragraph in command.text:
        yield from (".PP", _text(paragraph))
    for option in command.options:
        if "--help" not in option.names:
            yield from _option(option)
    if command.examples:
        yield from (".PP", "Examples:", ".PP", ".nf", ".RS 4")
        yield from map(_text, command.examples)
        yield from (".RE", ".fi")


def _synopsis(command: Command) -> str:
    words = [command.name]
    if command.commands:
        words.append("COMMAND")
    for argument in command.arguments:
        word = argument.metavar + ("…" if argument.many else "")
        words.append(word if argument.required else f"[{word}]")
    return " ".join(words)


def _option(option: Option) -> Iterator[str]:
    names = ", ".join(rf"\fB{_text(name)}\fR" for name in option.names)
    yield ".TP"
    yield names + (rf" \fI{_text(option.metavar)}\fR" if option.metavar else "")
    told = f" One of: {', '.join(option.value.words)}." if option.metavar == CHOICE else ""
    yield _text(option.help + told)


def _pairs(pairs: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for term, told in pairs:
        yield from (".TP", rf"\fB{_text(term)}\fR", _text(told))


def _text(text: str) -> str:
    """Text as roff prints it: backslashes, hyphens of options, and a dot or quote at its start."""
    escaped = "".join(_ESCAPES.get(char, char) for char in text)
    return f"\\&{escaped}" if escaped.startswith(".") else escaped
