# shellcheck shell=bash disable=SC2154,SC2006  # record.bash assigns the variables; backquotes: below
# The key in bash: opens the picker under the prompt and takes what was picked.
#
# Sourced by deja.bash after record.bash. The key is a macro of two keys: the first runs the
# picker, and binds the second to what has to follow, because a function cannot run a line.
#
# Backquotes, in all that a key runs: where a quote was opened on a line before (PS2), bash 5.2 parses
# what stands in $(…) into memory that is not its own, and crashes soon after.

# The filters to which the list was narrowed by key, for as long as this shell lives.
_deja_narrow=''
_deja_first_key='\C-x\C-]1'
_deja_second_key='\C-x\C-]2'

# $1: a command of readline, a macro in quotes, or nothing.
_deja_follow_with() {
  local keymap what=${1:-'""'}
  for keymap in emacs-standard vi-insert vi-command; do
    bind -m "$keymap" "\"$_deja_second_key\": $what"
  done
}

_deja_set_status() { return "$1"; }

# Whether the line goes on with those before it, under PS2: lines were read since the last prompt.
# bash 5.0 cannot tell, for it counts those of PROMPT_COMMAND too.
_deja_is_continued() {
  (( BASH_VERSINFO[0] > 5 || BASH_VERSINFO[1] > 0 )) &&
    [[ ${PROMPT_COMMAND[*]-} == *_deja_ready* ]] && (( BASH_LINENO[-1] > _deja_row + 1 ))
}

_deja_can_pick() {
  [[ ${TERM-} != dumb && -x $_deja_python && -r $_deja_app/shell_plugin/picker.py ]]
}

# $1: the query, unless it is the line; $2: what the list is narrowed to, if not as the user left it.
_deja_pick() {
  { local code=$? -; set +eux; } 2>/dev/null
  local reply prompt=$PS1
  _deja_follow_with ''
  if ! _deja_can_pick; then
    [[ ${TERM-} == dumb ]] ||
      printf 'deja is not set up: run "deja setup" (or in a clone "bash install.sh")\n' >&2
    _deja_follow_with reverse-search-history
    return "$code"
  fi
  # readline has wiped the prompt's last line; the picker draws it, and readline again after.
  ! _deja_is_continued || prompt=$PS2
  _deja_set_status "$code"
  prompt=${prompt@P}
  # Not a process substitution, which would change $!.
  reply=`_deja_run_picker "${prompt##*$'\n'}" "$@"`
  _deja_take "$reply"
  return "$code"
}

# By environment, because `ps` shows arguments. A query need not be longer than this, and the
# kernel takes no variable above 128 KB. $1: the prompt; $2, $3: as for _deja_pick.
_deja_run_picker() {
  local vi='' picker=("$_deja_python" -I -S "$_deja_app/shell_plugin/picker.py")
  [[ -n ${TMUX-} && ${DEJA_POPUP:-$_deja_popup} == 1 ]] &&
    picker=(/bin/sh "$_deja_app/shell_plugin/popup.sh" "${picker[@]}")
  [[ -o vi ]] && vi=1
  # What the arrow up has fetched.
  (( $# == 1 )) || export DEJA_PICK_LINE=${READLINE_LINE:0:4096}
  local query=${2-$READLINE_LINE}
  DEJA_PICK_QUERY=${query:0:4096} DEJA_PICK_PROMPT=$1 DEJA_PICK_DATA=$_deja_data \
    DEJA_PICK_SESSION=$_deja_session DEJA_PICK_KEY=${DEJA_KEY-^R} \
    DEJA_PICK_STATE=$DEJA_STATE DEJA_PICK_NARROW=${3-$_deja_narrow} DEJA_PICK_VI=$vi DEJA_PICK_CONFIG=$_deja_config PWD=$PWD \
    exec "${picker[@]}"
}

# $1: action and filters, newline, text, full stop; nothing if the picker was killed.
_deja_take() {
  local action=${1%%$'\n'*} text=${1#*$'\n'}
  text=${text%.}
  if [[ -n $action ]]; then
    _deja_narrow=${action#"${action%% *}"} action=${action%% *}
    _deja_narrow=${_deja_narrow# }
  fi
  case $action in
    (put|put@*|run|edit)
      _deja_put "$text"
      [[ $action == put@* ]] && READLINE_POINT=${action#put@}
      [[ $action == edit ]] && _deja_edit && action=run
      [[ $action == run ]] && _deja_follow_with accept-line
      ;;
    (again) _deja_follow_with reverse-search-history ;;
    (cancel) ;;
    (*)
      # It could not clean up. These are the modes that readline leaves on and the picker turns
      # off; asking for all of them before each picking would cost a process. What else the user
      # has set comes back with the next prompt, for readline keeps it.
      stty isig opost ixon </dev/tty 2>/dev/null
      printf '\e[?1000l\e[?7h\e[?25h\r\e[J' >/dev/tty
      ;;
  esac
}

# Characters in bash 5.2, bytes before: past the end is the end.
_deja_put() { READLINE_LINE=$1 READLINE_POINT=$(( ${#1} * 6 )); }

# The line in the editor of the user, and what he left of it on the line; fails where nothing is to
# be run. What readline's own edit-and-execute-command runs has no prompt after it, and no hook of
# anybody's would see it.
_deja_edit() {
  local folder modes code text=''
  folder=`mktemp -d "${TMPDIR:-/tmp}/deja.XXXXXX"` || return
  (umask 077 && printf '%s\n' "$READLINE_LINE" >"$folder/command.bash")
  modes=`stty -g </dev/tty`
  stty icanon echo isig iexten icrnl opost </dev/tty
  # As `fc` does: the variable may hold options.
  eval "${VISUAL:-${EDITOR:-vi}} \"\$folder/command.bash\"" </dev/tty >/dev/tty
  code=$?
  stty "$modes" </dev/tty
  [[ `bind -v` == *enable-bracketed-paste\ on* ]] && printf '\e[?2004h' >/dev/tty
  if (( code == 0 )); then
    IFS='' read -r -d '' text <"$folder/command.bash"
    _deja_put "${text%$'\n'}"
  fi
  rm -rf -- "$folder"
  return "$code"
}

_deja_bind() {
  { local -; set +eux; } 2>/dev/null
  local keymap key=${DEJA_KEY-^R}
  [[ -n $key && ( -o emacs || -o vi ) ]] || return 0
  key=${key//^/\\C-}
  for keymap in emacs-standard vi-insert vi-command; do
    bind -m "$keymap" -x "\"$_deja_first_key\": _deja_pick"
    bind -m "$keymap" "\"$key\": \"$_deja_first_key$_deja_second_key\""
  done
  _deja_follow_with ''
}
_deja_bind
