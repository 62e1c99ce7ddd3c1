# shellcheck shell=bash disable=SC2154  # record.bash assigns
# Which lines are history: what the user, his settings and the shell say is kept out of the spool.
#
# Builtins only. Sourced by deja.bash before record.bash. backend/engine/wanted.py says the same of
# lines that come by another way.

_deja_keep_own=0 _deja_ignore_space=0
# Of the picker: whether it opens in a popup of tmux, and on the up arrow.
# shellcheck disable=SC2034
_deja_popup=0 _deja_up=0

# Whether this shell records: recording, paused or private. For the prompt of the user, too.
DEJA_STATE=recording
# What it was when the line was read, and the epoch second at which a pause was to end.
_deja_before=recording _deja_until=''

# Leaves it in DEJA_STATE: a look at two files that are not there.
_deja_look() {
  DEJA_STATE=recording
  if [[ ${DEJA_PRIVATE:-0} != 0 ]]; then
    DEJA_STATE=private
  elif [[ -e $_deja_data/paused/all || -e $_deja_pause ]]; then
    local file until
    for file in "$_deja_data/paused/all" "$_deja_pause"; do
      [[ -r $file ]] || continue
      until=''
      { read -r until <"$file"; } 2>/dev/null || :
      if [[ $until != [1-9]* ]] || (( until > EPOCHSECONDS )); then
        # shellcheck disable=SC2034  # the prompt shows it
        DEJA_STATE=paused _deja_until=$until
      fi
    done
  fi
}

# Whether the line was read while this shell recorded: a pause may have ended at the prompt.
_deja_was_recording() {
  [[ $_deja_before == recording ]] ||
    [[ $_deja_before == paused && -n $_deja_until && $_deja_start -ge ${_deja_until}000000 ]]
}

# Only so much of a line is looked at for what it runs: patterns take their time.
_deja_looked_at=65536

# In variables, for `=~` takes what is quoted for plain text.
_deja_own_form='^[[:space:]]*([^[:space:]]*/)?deja([[:space:]]|$)'
_deja_forget_form='(^|[^[:alnum:]_.-])deja([[:space:]]+[0-9&]*[<>][^[:space:]]*)*[[:space:]]+forget($|[^[:alnum:]_-])'

# Of _deja_config. The environment goes before the file.
_deja_read_settings() {
  local name text='' on='[[:blank:]]*=[[:blank:]]*true'
  [[ ! -r $_deja_config ]] || IFS='' read -r -d '' text <"$_deja_config" || :
  text=$'\n'$text
  for name in keep_own ignore_space popup up; do
    [[ ! $text =~ $'\n'[[:blank:]]*$name$on ]] || printf -v "_deja_$name" 1
  done
}

# Whether _deja_text is to be recorded; the usual line need not be asked about, see record.bash.
_deja_is_wanted() {
  # A here-document brings a newline of its own.
  while [[ $_deja_text == *$'\n' ]]; do
    _deja_text=${_deja_text%$'\n'}
  done
  if _deja_names_forget; then
    # The list would go to the file when the shell ends, or at the `history -a` of another hook.
    builtin history -d -1
    _deja_text=''
    return 1
  fi
  [[ $_deja_text == *[![:space:]]* ]] && ! _deja_is_ignored
}

_deja_is_ignored() {
  # The file was taken away, emptied or sent to nowhere: this shell keeps no history.
  [[ -n ${HISTFILE-} && $HISTFILE != /dev/null ]] || return 0
  if [[ $_deja_text == ' '* ]]; then
    # bash-preexec takes ignorespace away, so that it sees these lines; they are private still.
    [[ -z ${bash_preexec_imported-}${__bp_imported-} ]] || return 0
    [[ ${DEJA_IGNORE_SPACE:-$_deja_ignore_space} != 1 ]] || return 0
  fi
  # Looking for a command is no command to look for.
  [[ ${DEJA_KEEP_OWN:-$_deja_keep_own} == 1 || ! $_deja_text =~ $_deja_own_form ]] || return 0
  local - IFS=: pattern
  set -f
  for pattern in ${DEJA_IGNORE-}; do
    # shellcheck disable=SC2053
    [[ -n $pattern && $_deja_text == $pattern ]] && return
  done
  return 1
}

# Whether the line holds `deja forget` anywhere, however it is quoted: it names what is to be gone.
_deja_names_forget() {
  [[ $_deja_text == *forget* ]] || return
  local plain=${_deja_text:0:_deja_looked_at}
  plain=${plain//\\$'\n'/} plain=${plain//[\"\'\\]/}
  [[ $plain =~ $_deja_forget_form ]]
}
