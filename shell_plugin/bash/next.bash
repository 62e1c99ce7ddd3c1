# shellcheck shell=bash disable=SC2154  # record.bash assigns the variables
# The key for what is likely next in bash, which has no ghost text.
#
# Sourced by deja.bash after pick.bash. bash can open no socket: each press is one short process.

# What was typed before the first press, what the last one put, and how many there were.
_deja_begun='' _deja_shown='' _deja_presses=0

# What is likely on this line; again, what is less so; in the end the line as it was.
_deja_next() {
  { local code=$? -; set +eux; } 2>/dev/null
  local found
  if [[ $_deja_presses == 0 || $READLINE_LINE != "$_deja_shown" ]]; then
    _deja_begun=$READLINE_LINE _deja_presses=0
  fi
  if [[ -x $_deja_python && -r $_deja_app/shell_plugin/next.py ]]; then
    found=$(_deja_run_next 2>/dev/null)
  fi
  if [[ -n ${found-} ]]; then
    _deja_shown=${found%.}
    _deja_presses=$(( _deja_presses + 1 ))
  else
    _deja_shown=$_deja_begun _deja_presses=0
  fi
  _deja_put "$_deja_shown"
  return "$code"
}

# By environment, because `ps` shows arguments.
_deja_run_next() {
  DEJA_PICK_QUERY=${_deja_begun:0:4096} DEJA_PICK_SKIP=$_deja_presses DEJA_PICK_DATA=$_deja_data \
    DEJA_PICK_SESSION=$_deja_session PWD=$PWD \
    exec "$_deja_python" -I -S "$_deja_app/shell_plugin/next.py"
}

_deja_bind_next() {
  { local -; set +eux; } 2>/dev/null
  local keymap key=${DEJA_NEXT_KEY-}
  [[ -n $key && ( -o emacs || -o vi ) ]] || return 0
  key=${key//^/\\C-}
  for keymap in emacs-standard vi-insert vi-command; do
    bind -m "$keymap" -x "\"$key\": _deja_next"
  done
}
_deja_bind_next
