"""fish's completion: a line for each command, option and argument."""

from collections.abc import Iterator

from scripts.completion.spec import (
    DIRECTORY,
    FILE,
    FILTERS,
    NAME,
    QUERY,
    WORDS,
    Command,
    Option,
    Value,
    walk,
)

_FUNCTIONS = """\
# Whether these words, and no others of deja's commands, stand before the cursor.
function __deja_at
    set -l path
    for word in (commandline -opc)[2..]
        contains -- (string join ' ' -- $path $word) $__deja_commands
        and set -a path $word
    end
    test "$path" = "$argv"
end

# Names that the history has, of this kind; the one thing that asks a program.
function __deja_names
    command deja names $argv[1] 2>/dev/null
end

# The words of a query: filters and their values; anything else is typed.
function __deja_query
    set -l key (string match -r '^[a-z]+:' -- (commandline -ct))
    switch "$key"
"""


def written(root: Command, mark: str) -> str:
    paths = " ".join(_quoted(" ".join(each.path)) for each in walk(root) if each.path)
    parts = [f"# {mark}", "", f"set -g __deja_commands {paths}", "", _FUNCTIONS + _query()]
    parts += ["complete -c deja -f"]
    for command in walk(root):
        parts += ["", *_lines(command)]
    return "\n".join([*parts, ""])


def _query() -> str:
    lines = []
    for key, value in FILTERS.items():
        words = _filter_words(value)
        lines += [f"        case '{key}:'", f"            printf '%s\\n' '{key}:'{words}"]
    keys = " ".join(f"{key}:" for key in FILTERS)
    lines += ["        case '*'", f"            printf '%s\\n' {keys}", "    end", "end", ""]
    return "\n".join(lines)


def _filter_words(value: Value) -> str:
    if value.kind == WORDS:
        return "{" + ",".join(map(_quoted, value.words)) + "}"
    if value.kind == NAME:
        return f"(__deja_names {value.words[0]})"
    return "(__fish_complete_directories (string replace -r '^cwd:' '' -- (commandline -ct)))"


def _lines(command: Command) -> Iterator[str]:
    start = f"complete -c deja -n {_quoted(' '.join(('__deja_at', *command.path)))}"
    for below in command.commands:
        yield f"{start} -a {below.path[-1]} -d {_quoted(below.summary)}"
    for option in command.options:
        yield f"{start} {_option(option)} -d {_quoted(option.help)}"
    for argument in command.arguments:
        if found := _completed(argument.value):
            yield f"{start} {found}"


def _option(option: Option) -> str:
    names = [f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in option.names]
    if option.metavar is None:
        return " ".join(names)
    takes = "-r -F" if option.value.kind == FILE else f"-x {_completed(option.value)}".strip()
    return " ".join([*names, takes])


def _completed(value: Value) -> str:
    return {
        WORDS: f"-a {_quoted(' '.join(value.words))}",
        FILE: "-F",
        DIRECTORY: "-a '(__fish_complete_directories)'",
        NAME: f"-a '(__deja_names {' '.join(value.words)})'",
        QUERY: "-a '(__deja_query)'",
    }.get(value.kind, "")


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
