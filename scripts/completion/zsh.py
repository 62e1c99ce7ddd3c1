"""zsh's completion: a function for each command, which `_arguments` reads."""

from collections.abc import Iterator

from scripts.completion.spec import (
    DIRECTORY,
    FILE,
    FILTERS,
    NAME,
    QUERY,
    WORDS,
    Argument,
    Command,
    Option,
    Value,
    grouped,
    walk,
)

_NAMES = """\
# Names that the history has, of the kind that stands last; the one thing that asks a program.
_deja_names() {
  local -a names=(${(f)"$(command deja names $argv[-1] 2>/dev/null)"})
  argv[-1]=()
  compadd "$@" -a names
}
"""

_END = """\
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _deja "$@"
else
  compdef _deja deja
fi
"""


def written(root: Command, mark: str) -> str:
    parts = ["#compdef deja", f"# {mark}", "", _NAMES, _query()]
    parts += [_group(each, root) if each.commands else _leaf(each) for each in walk(root)]
    return "\n".join([*parts, _END])


def _function(command: Command) -> str:
    return "_".join(("_deja", *(word.replace("-", "_") for word in command.path)))


def _leaf(command: Command) -> str:
    ends = ["-A '-*'"] if command.as_typed else []
    specs = [f"_arguments {' '.join(['-s', '-S', *ends])}", *_specs(command)]
    return f"{_function(command)}() {{\n  " + " \\\n    ".join(specs) + "\n}\n"


def _specs(command: Command) -> Iterator[str]:
    for option in command.options:
        yield _option(option)
    for at, argument in enumerate(command.arguments, 1):
        yield _argument(argument, at)


def _option(option: Option) -> str:
    told = f"[{_escaped(option.help, '[]')}]"
    value = ""
    if option.metavar is not None:
        value = f":{_escaped(option.metavar.lower(), ':')}:{_action(option.value)}"
    names = [f"{name}=" if value and name.startswith("--") else name for name in option.names]
    if len(names) > 1:
        return f"'({' '.join(option.names)})'{{{','.join(names)}}}{_quoted(told + value)}"
    return _quoted(("*" if option.many else "") + names[0] + told + value)


def _argument(argument: Argument, at: int) -> str:
    place = "*" if argument.many else f"{at}" if argument.required else f"{at}:"
    return _quoted(f"{place}:{argument.metavar.lower()}:{_action(argument.value)}")


def _action(value: Value) -> str:
    return {
        WORDS: f"({' '.join(value.words)})",
        FILE: "_files",
        DIRECTORY: "_files -/",
        NAME: f"_deja_names {' '.join(value.words)}",
        QUERY: "_deja_query",
    }.get(value.kind, " ")


def _group(command: Command, root: Command) -> str:
    name = _function(command)
    lines = [f"{name}() {{", "  local curcontext=$curcontext state ret=1", "  local -a line"]
    specs = [_option(option) for option in command.options]
    specs += [f"'1:command:{name}_commands'", "'*::argument:->argument'"]
    lines += ["  _arguments -C -S " + " ".join(f"\\\n    {spec}" for spec in specs) + " && ret=0"]
    lines += ["  [[ $state == argument ]] || return ret", "  case $words[1] in"]
    lines += [f"    ({each.path[-1]}) {_function(each)} && ret=0 ;;" for each in command.commands]
    lines += ["  esac", "  return ret", "}", "", f"{name}_commands() {{", "  local -a commands"]
    rows = [_quoted(f"{_escaped(c.path[-1], ':')}:{c.summary}") for c in _ordered(command, root)]
    lines += ["  commands=(", *(f"    {row}" for row in rows), "  )"]
    # In the order of `deja --help`.
    lines += ["  _describe -V -t commands command commands"]
    return "\n".join([*lines, "}", ""])


def _ordered(command: Command, root: Command) -> list[Command]:
    if command is not root:
        return list(command.commands)
    return [each for _, commands in grouped(root) for each in commands]


def _query() -> str:
    """The words of a query: filters and their values; anything else is typed."""
    lines = ["_deja_query() {", "  local -a expl"]
    lines += ["  if ! compset -P '*:'; then", "    compadd -S '' -- " + _keys(), "    return"]
    lines += ["  fi", "  case $IPREFIX in"]
    for key, value in FILTERS.items():
        lines += [f"    (*{key}:) {_filter(value)} ;;"]
    return "\n".join([*lines, "  esac", "}", ""])


def _keys() -> str:
    return " ".join(f"{key}:" for key in FILTERS)


def _filter(value: Value) -> str:
    if value.kind == WORDS:
        return f"compadd -- {' '.join(map(_quoted, value.words))}"
    return _action(value)


def _escaped(text: str, special: str) -> str:
    return "".join(f"\\{char}" if char in special else char for char in text)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
