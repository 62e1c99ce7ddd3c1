# The arrow up in zsh, for those who ask for it (DEJA_UP=1): the first press is the shell's own last
# line, or the last one that begins as what is typed; the second opens the list below it.
#
# Sourced by deja.zsh, under its options; the widgets themselves are defined there.

typeset -g _deja_up_own=up-line-or-history _deja_down_own=down-line-or-history
# What was typed before the arrow, and what it fetched; and where in the history that was and is.
typeset -g _deja_up_typed= _deja_up_line=
typeset -gi _deja_up_from=0 _deja_up_at=0

# Leaves in _deja_then what the widget has to do: own, search, or what follows the picker.
_deja_up() {
  if [[ $BUFFER == *$'\n'* || -n $PREBUFFER ]]; then
    _deja_then=own
  elif ! _deja_is_up; then
    _deja_up_typed=$BUFFER _deja_up_from=$HISTNO CURSOR=$#BUFFER _deja_then=search
  elif ! _deja_can_pick; then
    _deja_then=own
  else
    local narrow=$_deja_narrow
    _deja_pick "$_deja_up_typed" "in:session order:newest${_deja_up_typed:+ match:start}"
    _deja_narrow=$narrow
  fi
}

# Whether the line is still the one that the arrow fetched.
_deja_is_up() {
  (( _deja_up_at == HISTNO )) && [[ $BUFFER == "$_deja_up_line" ]]
}

_deja_note_up() {
  _deja_up_line=$BUFFER _deja_up_at=$HISTNO CURSOR=$#BUFFER
}

# Back to what was typed; fails where the line is not the arrow's.
_deja_down() {
  _deja_is_up || return
  HISTNO=$_deja_up_from
  BUFFER=$_deja_up_typed CURSOR=$#BUFFER _deja_up_at=0
}

_deja_bind_up() {
  local keymap key REPLY=
  _deja_find_own '^[[A' && _deja_up_own=$REPLY
  _deja_find_own '^[[B' && _deja_down_own=$REPLY
  for keymap in emacs viins vicmd; do
    for key in '^[[' '^[O'; do
      bindkey -M $keymap -- "${key}A" deja-up
      bindkey -M $keymap -- "${key}B" deja-down
    done
  done
}

zle -N deja-up
zle -N deja-down
_deja_bind_up
return 0
