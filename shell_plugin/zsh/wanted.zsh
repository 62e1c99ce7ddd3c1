# Which lines are history: what the user, his settings and the shell say is kept out of the spool.
#
# Builtins only. Sourced by deja.zsh, under its options, before record.zsh. backend/engine/wanted.py
# says the same of lines that come by another way.

# Whether a zshaddhistory hook of the user's kept the line out, and whether this shell ever had a
# file for its history: zsh has none unless it is told.
typeset -gi _deja_refused=0 _deja_had_file=0
typeset -g _deja_keep_own= _deja_ignore_space=
# Of the picker: whether it opens in a popup of tmux, and on the up arrow.
typeset -g _deja_popup= _deja_up=

# Whether this shell records: recording, paused or private. For the prompt of the user, too.
typeset -g DEJA_STATE=recording

# Leaves it in DEJA_STATE: a look at two files that are not there.
_deja_look() {
  DEJA_STATE=recording
  if [[ ${DEJA_PRIVATE:-0} != 0 ]]; then
    DEJA_STATE=private
  elif [[ -e $_deja_data/paused/all || -e $_deja_pause ]]; then
    local file until
    for file in $_deja_data/paused/all $_deja_pause; do
      [[ -r $file ]] || continue
      until=$(<$file)
      [[ $until == <-> ]] && (( until <= epochtime[1] )) || DEJA_STATE=paused
    done
  fi
}

# Only so much of a line is looked at for what it runs: patterns take their time.
typeset -gi _deja_looked_at=65536

# Of _deja_config. The environment goes before the file.
_deja_read_settings() {
  setopt local_options extended_glob
  local text= name
  [[ -r $_deja_config ]] && text=$'\n'$(<$_deja_config)
  for name in keep_own ignore_space popup up; do
    typeset -g _deja_$name=0
    [[ $text == *$'\n'[[:blank:]]#${name}[[:blank:]]#=[[:blank:]]#true* ]] && typeset -g _deja_$name=1
  done
  return 0
}

# $1: the line as it was typed; $2: with aliases expanded.
_deja_is_ignored() {
  [[ $1 == *[^[:space:]]* ]] || return 0
  (( _deja_refused )) && return 0
  if [[ $1 == ' '* ]]; then
    [[ -o hist_ignore_space || ${DEJA_IGNORE_SPACE:-$_deja_ignore_space} == 1 ]] && return 0
  fi
  if [[ -n ${HISTFILE-} && $HISTFILE != /dev/null ]]; then
    _deja_had_file=1
  elif (( _deja_had_file || ${+HISTFILE} )); then
    # Taken away, emptied or sent to nowhere: this shell keeps no history.
    return 0
  fi
  # Of the usual line nothing need be asked.
  if [[ $1${2-} == *(deja|forget)* ]]; then
    _deja_names_forget "$1" || _deja_names_forget "${2-}" && return 0
    [[ ${DEJA_KEEP_OWN:-$_deja_keep_own} == 1 ]] || { _deja_is_own "$1" && return 0 }
  fi
  if [[ -n ${HISTORY_IGNORE-} ]]; then
    # The pattern is the user's, and was written for the user's way of globbing.
    [[ -n $_deja_extended_glob ]] && setopt local_options extended_glob
    [[ $1 == ${~HISTORY_IGNORE} ]] && return 0
  fi
  local pattern
  for pattern in ${(s.:.)DEJA_IGNORE-}; do
    [[ $1 == ${~pattern} ]] && return 0
  done
  return 1
}

# Looking for a command is no command to look for.
_deja_is_own() {
  setopt local_options extended_glob
  [[ $1 == [[:space:]]#([^[:space:]]#/|)deja(|[[:space:]]*) ]]
}

# Whether a line holds `deja forget` anywhere, however it is quoted: it names what is to be gone.
_deja_names_forget() {
  [[ $1 == *forget* ]] || return 1
  setopt local_options extended_glob
  local plain=${1[1,_deja_looked_at]}
  plain=${${plain//\\$'\n'/}//[\"\'\\]/}
  [[ $plain == (|*[^A-Za-z0-9_.-])deja([[:space:]]##[0-9\&]#[\<\>][^[:space:]]#)#[[:space:]]##forget(|[^A-Za-z0-9_-]*) ]]
}

return 0
