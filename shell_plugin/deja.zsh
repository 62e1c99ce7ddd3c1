# deja for zsh 5.8 and newer: records every command and opens the picker on Ctrl-R.
#
# Prints nothing and forks nothing, unless the daemon is down and has to be started. Settings:
#   DEJA_KEY     the key, as bindkey writes it (default ^R; empty binds nothing)
#   DEJA_UP      1: the arrow up fetches the last line, and pressed again opens the list
#   DEJA_POPUP   1: inside tmux the picker opens in a popup
#   DEJA_NEXT_KEY  the key that puts what is likely next on the line; none unless it is set
#   DEJA_SUGGEST_EMPTY  1: zsh-autosuggestions shows it on an empty line, too
#   DEJA_IGNORE  colon-separated patterns of commands not to record
#   DEJA_IGNORE_SPACE  1: a line that begins with a space is not recorded, whatever zsh is set to
#   DEJA_HOME    where deja keeps its data (default: as the platform has it)

[[ -o interactive ]] || return 0

# A start-up file may name this strategy where deja then turns out to be unusable; see next.zsh.
_zsh_autosuggest_strategy_deja() { typeset -g suggestion=; }

typeset -g _deja_shell_dir=${${(%):-%x}:A:h}
typeset -g _deja_extended_glob=
[[ -o extended_glob ]] && _deja_extended_glob=yes

# Functions defined under `emulate -c` start with these options each time they are called,
# whatever the user has set, and the user's come back when they end. Aliases must not be
# expanded while they are read, nor `set -x` trace them at every prompt. What follows is read under
# the options of the user: quotes end on their line, and a brace is closed behind a semicolon.
builtin emulate zsh -o no_aliases -o no_xtrace -o no_err_exit -o no_err_return -c \
  'builtin source "$_deja_shell_dir/zsh/wanted.zsh" && builtin source "$_deja_shell_dir/zsh/aliases.zsh" && builtin source "$_deja_shell_dir/zsh/record.zsh" && builtin source "$_deja_shell_dir/zsh/pick.zsh" && builtin source "$_deja_shell_dir/zsh/next.zsh" && builtin source "$_deja_shell_dir/zsh/completion.zsh" && { [[ ${DEJA_UP:-$_deja_up} != 1 ]] || builtin source "$_deja_shell_dir/zsh/up.zsh"; }' || return 0

# The widget itself runs with the options of the user: redrawing the prompt and the search of
# the shell depend on them.
deja-pick() {
  _deja_pick
  _deja_follow
}

deja-up() {
  _deja_up
  case $_deja_then in
    (own) zle "$_deja_up_own" ;;
    (search)
      zle .history-beginning-search-backward
      _deja_note_up ;;
    (*) _deja_follow ;;
  esac
}

deja-down() {
  _deja_down || zle "$_deja_down_own"
}

_deja_follow() {
  case $_deja_then in
    (run) zle accept-line ;;
    (edit)
      # Comes with zsh, but not as a widget.
      if (( ! $+widgets[edit-command-line] )); then
        autoload -Uz edit-command-line
        zle -N edit-command-line
      fi
      zle edit-command-line ;;
    (again) zle "$_deja_own_search" ${_deja_seed:+"$_deja_seed"} ;;
    (repair) zle reset-prompt ;;
  esac
}

# Before a line goes into the history. $1: the line. Not under the options of the rest: functions
# that are made there would give those options to the hooks of the user.
_deja_addhistory() {
  { builtin emulate -L zsh; builtin setopt no_xtrace no_err_exit no_err_return; } 2>/dev/null
  # It has run already, unwatched: asked again, once, where it can change nothing.
  if [[ -n ${functions[zshaddhistory]-} && $functions[zshaddhistory] != *_deja_refused* ]]; then
    (zshaddhistory "$1") >/dev/null 2>&1
    _deja_refused=$?
  fi
  _deja_watch zshaddhistory ${zshaddhistory_functions:#_deja_addhistory}
  ! _deja_names_forget "$1"
}

# What a hook of the user says of a line only its status tells: it is put behind a function of its
# name, whenever one is found that is not.
_deja_watch() {
  local name
  for name; do
    [[ -n ${functions[$name]-} && $functions[$name] != *_deja_refused* ]] || continue
    builtin autoload +X -- "$name" 2>/dev/null
    builtin functions -c -- "$name" "_deja_user_$name"
    functions[$name]="_deja_user_$name \"\$@\" && return; _deja_refused=\$?; return \$_deja_refused"
  done
}

if [[ -n $_deja_completes ]]; then
  autoload -Uz _deja
  compdef _deja deja
fi

typeset -ga zshaddhistory_functions
zshaddhistory_functions=(_deja_addhistory ${zshaddhistory_functions:#_deja_addhistory})
_deja_watch zshaddhistory
return 0
