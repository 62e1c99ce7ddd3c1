"""bash's completion: tables of the commands, and the functions that look into them."""

from collections.abc import Iterator

from scripts.completion.spec import FILTERS, UNKNOWN, Command, Value, walk

# `compgen -W` would run what a name of the history holds: words are compared one by one.
_FUNCTIONS = """\
_deja_offer() { # $1: what they begin with; the words
  local begin=$1 word
  shift
  for word; do
    [[ $word != "$begin"* ]] || COMPREPLY+=("$word")
  done
}

# Names that the history has, of the kind $2; the one thing that asks a program.
_deja_names() {
  local name
  while IFS= read -r name; do
    [[ $name != "$1"* ]] || COMPREPLY+=("$(printf '%q' "$name")")
  done < <(command deja names "$2" 2>/dev/null)
}

_deja_value() { # $1: what it begins with; $2: what it is, as the tables say it
  local kind=${2%%' '*} words
  read -ra words <<<"${2#"$kind"}"
  case $kind in
    words) _deja_offer "$1" "${words[@]}" ;;
    name) _deja_names "$1" "${words[0]}" ;;
    file) compopt -o default ;;
    directory) compopt -o dirnames ;;
    query)
      if [[ $1 == *:* ]]; then
        _deja_value "${1#*:}" "${_deja_filters[${1%%:*}]-}"
      else
        _deja_offer "$1" "${!_deja_filters[@]}"
        COMPREPLY=("${COMPREPLY[@]/%/:}")
        compopt -o nospace
      fi
      ;;
  esac
}

_deja() {
  local line=${COMP_LINE:0:COMP_POINT} path=deja at=0 word before='' current
  local -a words
  COMPREPLY=()
  read -ra words <<<"$line"
  [[ $line != *[[:space:]] ]] || words+=('')
  current=${words[-1]}
  unset 'words[-1]' 'words[0]'
  for word in "${words[@]}"; do
    if [[ -n $before ]]; then
      before=''
    elif [[ $word == -* ]]; then
      [[ -z ${_deja_values["$path $word"]+takes} ]] || before=$word
    elif [[ -n ${_deja_commands["$path $word"]+is} || -n ${_deja_options["$path $word"]+is} ]]; then
      path+=" $word"
    else
      at=$((at + 1))
    fi
  done
  if [[ -n $before ]]; then
    _deja_value "$current" "${_deja_values["$path $before"]}"
  elif [[ $current == --*=* ]]; then
    _deja_value "${current#*=}" "${_deja_values["$path ${current%%=*}"]-}"
  elif [[ $current == -* ]]; then
    read -ra words <<<"${_deja_options["$path"]}"
    _deja_offer "$current" "${words[@]}"
  elif [[ -n ${_deja_commands["$path"]-} ]]; then
    read -ra words <<<"${_deja_commands["$path"]}"
    _deja_offer "$current" "${words[@]}"
  else
    _deja_value "$current" "${_deja_values["$path $((at + 1))"]-${_deja_values["$path *"]-}}"
  fi
}

complete -F _deja deja
"""


def written(root: Command, mark: str) -> str:
    commands = list(walk(root))
    below = {each.name: " ".join(c.path[-1] for c in each.commands) for each in commands}
    tables = [
        _table("_deja_commands", {name: names for name, names in below.items() if names}),
        _table("_deja_options", {each.name: _options(each) for each in commands}),
        _table("_deja_values", dict(pair for each in commands for pair in _values(each))),
        _table("_deja_filters", {key: _told(value) for key, value in FILTERS.items()}),
    ]
    head = f"# shellcheck shell=bash disable=SC2034\n# {mark}\n"
    return "\n".join([head, *tables, _FUNCTIONS])


def _table(name: str, rows: dict[str, str]) -> str:
    lines = [f"  [{_quoted(key)}]={_quoted(value)}" for key, value in rows.items()]
    return "\n".join([f"declare -gA {name}=(", *lines, ")", ""])


def _options(command: Command) -> str:
    return " ".join(name for option in command.options for name in option.names)


def _values(command: Command) -> Iterator[tuple[str, str]]:
    """By `deja search --mode`, `deja import 1`, `deja search *`."""
    for option in command.options:
        if option.metavar is not None:
            yield from ((f"{command.name} {name}", _told(option.value)) for name in option.names)
    for at, argument in enumerate(command.arguments, 1):
        if argument.value.kind != UNKNOWN:
            place = "*" if argument.many else str(at)
            yield f"{command.name} {place}", _told(argument.value)


def _told(value: Value) -> str:
    return " ".join((value.kind, *value.words))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
