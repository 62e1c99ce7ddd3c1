# shellcheck shell=bash disable=SC2034,SC2154  # pick.bash has the other half of the variables
# The arrow up in bash, for those who ask for it (DEJA_UP=1): the first press is the shell's own last
# line, or the last one that begins as what is typed; the second opens the list below it.
#
# Sourced by deja.bash after pick.bash. A function cannot move in the history: it binds the second
# key of each macro to commands of readline that do, and to a function that sees what came of it.

# What was typed before the arrow, and what it fetched; and at which line of the history.
_deja_up_typed='' _deja_up_line='' _deja_up_number=none
_deja_up_own=previous-history _deja_down_own=next-history

# The keys to which those commands and functions are bound.
_deja_up_key='\C-x\C-]3' _deja_down_key='\C-x\C-]4' _deja_note_key='\C-x\C-]5'
_deja_list_key='\C-x\C-]6' _deja_back_key='\C-x\C-]7'
_deja_search_key='\C-x\C-]8' _deja_newest_key='\C-x\C-]9'

# Whether the line is still the one that the arrow fetched. Not by HISTCMD: to read it is to go to the
# end of the history.
_deja_is_up() { [[ $_deja_number == "$_deja_up_number" && $READLINE_LINE == "$_deja_up_line" ]]; }

_deja_up() {
  { local code=$? -; set +eux; } 2>/dev/null
  if [[ $READLINE_LINE == *$'\n'* ]] || _deja_is_continued ||
    { _deja_is_up && ! _deja_can_pick; }; then
    _deja_follow_with "$_deja_up_own"
  elif _deja_is_up; then
    # From the end of the history: what is picked is a new line, and no older one edited.
    _deja_follow_with "\"$_deja_newest_key$_deja_list_key$_deja_second_key\""
  else
    _deja_up_typed=$READLINE_LINE READLINE_POINT=$(( ${#READLINE_LINE} * 6 ))
    _deja_follow_with "\"$_deja_search_key$_deja_note_key\""
  fi
  return "$code"
}

_deja_note_up() {
  local code=$?
  _deja_up_line=$READLINE_LINE _deja_up_number=$_deja_number
  READLINE_POINT=$(( ${#READLINE_LINE} * 6 ))
  return "$code"
}

_deja_list_up() {
  local code=$? narrow=$_deja_narrow
  _deja_put "$_deja_up_line"
  _deja_set_status "$code"
  _deja_pick "$_deja_up_typed" "in:session order:newest${_deja_up_typed:+ match:start}"
  _deja_narrow=$narrow
  return "$code"
}

_deja_down() {
  { local code=$? -; set +eux; } 2>/dev/null
  if _deja_is_up; then
    _deja_follow_with "\"$_deja_newest_key$_deja_back_key\""
  else
    _deja_follow_with "$_deja_down_own"
  fi
  return "$code"
}

# Back to what was typed.
_deja_back_down() {
  local code=$?
  _deja_put "$_deja_up_typed"
  _deja_up_number=none
  return "$code"
}

# What the arrows did before, found without a fork: bind can only print.
_deja_find_own_arrows() {
  local line
  [[ -e $_deja_line ]] || _deja_make_file "$_deja_line" || return
  bind -p 2>/dev/null >|"$_deja_line"
  while IFS='' read -r line; do
    case $line in
      ('"\e[A": '[a-z]*) _deja_up_own=${line#*: } ;;
      ('"\e[B": '[a-z]*) _deja_down_own=${line#*: } ;;
    esac
  done <"$_deja_line"
  : >|"$_deja_line"
}

_deja_bind_up() {
  { local -; set +eux; } 2>/dev/null
  [[ -o emacs || -o vi ]] || return 0
  local keymap start
  _deja_find_own_arrows
  for keymap in emacs-standard vi-insert vi-command; do
    bind -m "$keymap" -x "\"$_deja_up_key\": _deja_up"
    bind -m "$keymap" -x "\"$_deja_down_key\": _deja_down"
    bind -m "$keymap" -x "\"$_deja_note_key\": _deja_note_up"
    bind -m "$keymap" -x "\"$_deja_list_key\": _deja_list_up"
    bind -m "$keymap" -x "\"$_deja_back_key\": _deja_back_down"
    bind -m "$keymap" "\"$_deja_search_key\": history-search-backward"
    bind -m "$keymap" "\"$_deja_newest_key\": end-of-history"
    for start in '\e[' '\eO'; do
      bind -m "$keymap" "\"${start}A\": \"$_deja_up_key$_deja_second_key\""
      bind -m "$keymap" "\"${start}B\": \"$_deja_down_key$_deja_second_key\""
    done
  done
}
_deja_bind_up
