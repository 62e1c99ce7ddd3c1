# deja for bash 5.0 and newer: records every command and opens the picker on Ctrl-R.
#
# Prints nothing (but on an older bash) and forks nothing, unless the daemon is down and has to
# be started. Source it last: a later assignment to PROMPT_COMMAND would end the recording.
#   DEJA_KEY     the key, as ^R (default) or as `bind` writes it; empty binds nothing
#   DEJA_UP      1: the arrow up fetches the last line, and pressed again opens the list
#   DEJA_POPUP   1: inside tmux the picker opens in a popup
#   DEJA_NEXT_KEY  the key that puts what is likely next on the line; none unless it is set
#   DEJA_IGNORE  colon-separated patterns of commands not to record
#   DEJA_IGNORE_SPACE  1: a line that begins with a space is not recorded, whatever bash is set to
#   DEJA_HOME    where deja keeps its data (default: as the platform has it)

case $- in (*i*) ;; (*) return 0 ;; esac

# EPOCHREALTIME came with 5.0; without it a command's start would cost a fork each time.
if [ -z "${BASH_VERSINFO-}" ] || [ "${BASH_VERSINFO[0]}" -lt 5 ]; then
  echo "deja: bash ${BASH_VERSION-} is too old to record commands; bash 5.0 or zsh 5.8 is needed" >&2
  return 0
fi

_deja_shell_dir=${BASH_SOURCE[0]}
[[ $_deja_shell_dir == /* ]] || _deja_shell_dir=$PWD/$_deja_shell_dir
_deja_shell_dir=${_deja_shell_dir%/*}

# The user's aliases must not find their way into the functions.
_deja_aliases=-u
shopt -q expand_aliases && _deja_aliases=-s
shopt -u expand_aliases
# shellcheck source=/dev/null
source "$_deja_shell_dir/bash/wanted.bash"
# shellcheck source=/dev/null
source "$_deja_shell_dir/bash/aliases.bash"
# shellcheck source=/dev/null
source "$_deja_shell_dir/bash/record.bash" &&
  source "$_deja_shell_dir/bash/pick.bash" &&
  source "$_deja_shell_dir/bash/next.bash" &&
  if [[ ${DEJA_UP:-$_deja_up} == 1 ]]; then source "$_deja_shell_dir/bash/up.bash"; fi
shopt "$_deja_aliases" expand_aliases

# Completion of deja's own commands: read on the first Tab.
_deja_load_completion() {
  # shellcheck source=/dev/null
  source "$_deja_shell_dir/completion/deja.bash" && return 124
}
complete -p deja &>/dev/null || complete -F _deja_load_completion deja
unset _deja_aliases
return 0
