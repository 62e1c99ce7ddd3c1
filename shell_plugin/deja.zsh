# deja for zsh 5.8 and newer: records every command and opens the picker on Ctrl-R.
#
# Prints nothing and forks nothing, unless the daemon is down and has to be started. Settings:
#   DEJA_KEY     the key, as bindkey writes it (default ^R; empty binds nothing)
#   DEJA_IGNORE  colon-separated patterns of commands not to record
#   DEJA_HOME    where deja keeps its data (default: as the platform has it)

[[ -o interactive ]] || return 0

typeset -g _deja_shell_dir=${${(%):-%x}:A:h}
typeset -g _deja_extended_glob=
[[ -o extended_glob ]] && _deja_extended_glob=yes

# Functions defined under `emulate -c` start with these options each time they are called,
# whatever the user has set, and the user's come back when they end. Aliases must not be
# expanded while they are read, nor `set -x` trace them at every prompt.
builtin emulate zsh -o no_aliases -o no_xtrace -o no_err_exit -o no_err_return -c \
  'builtin source "$_deja_shell_dir/zsh/record.zsh" && builtin source "$_deja_shell_dir/zsh/pick.zsh"'

# The widget itself runs with the options of the user: redrawing the prompt and the search of
# the shell depend on them.
deja-pick() {
  _deja_pick
  case $_deja_then in
    (run) zle accept-line ;;
    (again) zle "$_deja_own_search" ${_deja_seed:+"$_deja_seed"} ;;
    (repair) zle reset-prompt ;;
  esac
}
