# shellcheck shell=bash
# Recording in bash: one record for each finished command, appended to this shell's spool file.
#
# Builtins only. Sourced by deja.bash. The form of a record is described in
# backend/wire/protocol.py. Errors go nowhere, and so does what `set -x` would have to say.

_deja_text='' _deja_cwd='' _deja_number='' _deja_us=0
# How many lines this shell had read when it last prompted for a new command.
_deja_row=0
_deja_python='' _deja_app='' _deja_bin=''
# Expanded by PS0 to nothing, for the sake of what is computed on the way.
_deja_nothing=''
_deja_kept=()

# How many records are held back when they cannot be written, and the fields of each.
_deja_kept_most=100
_deja_fields=5

# Fails where the data directory is another user's (a shell of root with a user's HOME, a DEJA_HOME
# that somebody else made): what is in it is not run, and nothing is written into it. Who else may
# write to it cannot be told without a process; the installer and the daemon see to that.
_deja_find_data() {
  if [[ -n ${DEJA_HOME-} ]]; then
    local home=$DEJA_HOME
    [[ $home == /* ]] || home=$PWD/$home
    _deja_data=$home/data _deja_config=$home/config
  elif [[ $OSTYPE == darwin* ]]; then
    _deja_data="$HOME/Library/Application Support/deja" _deja_config=$_deja_data
  else
    _deja_data=${XDG_DATA_HOME:-$HOME/.local/share}/deja
    _deja_config=${XDG_CONFIG_HOME:-$HOME/.config}/deja
  fi
  _deja_config+=/config.toml
  _deja_read_settings
  [[ ! -e $_deja_data || -O $_deja_data ]] || return
  if [[ -r $_deja_data/env.sh ]]; then
    [[ -O $_deja_data/env.sh ]] || return
    # shellcheck disable=SC1091
    source "$_deja_data/env.sh"
  fi
  # What is there for as long as deja is installed; where it never was, nothing can be missing.
  _deja_installed=/
  [[ -z $_deja_app ]] || _deja_installed=$_deja_data/env.sh
}

_deja_begin_session() {
  _deja_host=${HOSTNAME:-localhost}
  _deja_session=${_deja_host//[^A-Za-z0-9-]/-}.$$.${EPOCHREALTIME/[.,]/}
  _deja_spool=$_deja_data/spool/$_deja_session
  # `history` can only print: it prints here, and is overwritten at once.
  _deja_line=$_deja_data/spool/.line.$_deja_session
  # Of this process, from its first prompt on; what stands there is of one that is gone.
  _deja_pause=$_deja_data/paused/${_deja_session%.*}
  [[ ! -e $_deja_pause ]] || rm -f -- "$_deja_pause"
}

# Which coding agent started this shell, if one did, by what it leaves in the environment: the table
# has a variable a line, perhaps with its value, and the agent's name or else that of the value.
_deja_find_author() {
  local name agent value
  _deja_author=''
  while IFS=' ' read -r name agent; do
    value=${name%%=*} value=${!value-}
    [[ -n $value && ( $name != *=* || ${name#*=} == "$value" ) ]] || continue
    value=${agent:-$value}
    # Nothing that `printf` would take for its own.
    _deja_author=author=${value//[!A-Za-z0-9._-]/-}'\0'
    return
  done <"${BASH_SOURCE[0]%/*}/../agents.txt"
} 2>/dev/null

# First in PROMPT_COMMAND: what finished is written before other hooks take their time.
#
# This and what it calls runs at every prompt, where a statement costs two to four microseconds, a
# call or a `local` five and a redirection ten. So one condition covers the usual case, and what is
# rare has a function of its own. The options of the user stay: nothing here fails outside a list
# or reads what may be unset, and a trace of it goes where the errors go.
_deja_prompt() {
  _deja_code=$? _deja_start=$_deja_us _deja_us=0 _deja_end=${EPOCHREALTIME/[.,]/}
  _deja_look
  if [[ $_deja_start != 0 && $HISTCMD != "$_deja_number" && -e $_deja_installed ]] ||
    _deja_may_record "$_deja_start"; then
    [[ $DEJA_STATE == recording ]] && _deja_was_recording &&
      _deja_read_history && _deja_record "$_deja_start" "$_deja_end" "$_deja_code"
  fi
  return "$_deja_code"
} 2>/dev/null

# Last in PROMPT_COMMAND: other hooks may have read the history of other shells.
_deja_ready() {
  # A loop over nothing is not traced; and silence that costs no redirection is a tenth of all.
  for _deja_untraced in ${_deja_nothing:$((_deja_code = $?, 0)):0}${-/*x*}; do
    _deja_number=$HISTCMD _deja_cwd=$PWD _deja_row=${BASH_LINENO[-1]}
    _deja_look
    _deja_before=$DEJA_STATE
    [[ ${HISTCONTROL-} != *erasedups* && ${PROMPT_COMMAND[*]-} == *_deja_prompt* ]] || _deja_mend
    return "$_deja_code"
  done
  { local - code=$_deja_code; set +x; _deja_ready; return "$code"; } 2>/dev/null
}

_deja_mend() {
  # With erasedups the number may stand still while the last line changes.
  [[ ${HISTCONTROL-} != *erasedups* ]] || _deja_read_history 2>/dev/null || :
  # `PROMPT_COMMAND=…` in the user's files, after ours, replaces the first element alone.
  [[ ${PROMPT_COMMAND[*]-} == *_deja_prompt* ]] ||
    PROMPT_COMMAND=(_deja_prompt "${PROMPT_COMMAND[@]}")
}

# The whole question, where the usual answer is not known. $1: start or 0.
_deja_may_record() {
  # Uninstalled while this shell was open: nobody would ever read, mask or remove the record.
  [[ -e $_deja_installed ]] || return
  # Nothing ran: an empty line, Ctrl-C, a comment, a syntax error. Without our PS0 (the user has
  # set another since) it cannot be told, and the time it took is not known.
  [[ $1 != 0 || ( ${PS0-} != *_deja_us=* && -n $_deja_number ) ]] || return
  [[ $HISTCMD != "$_deja_number" ]] || _deja_is_repeated || _deja_is_changed
}

# Whether a line that history did not take can only be the one before it, typed again: with
# ignorespace or HISTIGNORE it may as well be one that the user wanted kept out.
_deja_is_repeated() {
  [[ -n $_deja_text && -z ${HISTIGNORE-} && ${HISTCONTROL-} == *dups* ]] &&
    [[ $HISTCONTROL != *ignorespace* && $HISTCONTROL != *ignoreboth* ]]
}

_deja_is_changed() {
  local before=$_deja_text
  [[ ${HISTCONTROL-} == *erasedups* ]] && _deja_read_history && [[ $_deja_text != "$before" ]]
}

# The last line of the history, in _deja_text; fails if it is not to be recorded. The file is
# written over and never cut: filesystems (ext4) flush a file that was cut and written again,
# which would cost more than all the rest.
_deja_read_history() {
  local REPLY=''
  [[ -z ${HISTTIMEFORMAT-} ]] || local HISTTIMEFORMAT=''
  [[ -e $_deja_line ]] || _deja_make_file "$_deja_line"
  # `read` without a name leaves blanks alone, whatever IFS is. What it read is at most four bytes
  # a character, and wiped. No file, or a full disk: then a fork it is.
  # shellcheck disable=SC2094  # each has its own place in the file
  { builtin history 1 && printf '\0'; } 1<>"$_deja_line" &&
    { read -r -u 3 -d '' && printf '%*s' "$(( ${#REPLY} * 4 ))" ''; } 3<"$_deja_line" 1<>"$_deja_line" ||
    REPLY=$(builtin history 1)
  # "  123* text": a number, a mark for an edited entry, a blank.
  _deja_text=${REPLY#*[0-9][* ] } _deja_text=${_deja_text%$'\n'}
  # Of the usual line nothing else need be asked.
  [[ $_deja_text == [![:space:]]* && $_deja_text == *[![:space:]] && -z ${DEJA_IGNORE-} &&
    $_deja_text != *deja* && $_deja_text != *forget* && ${HISTFILE:-/dev/null} != /dev/null ]] ||
    _deja_is_wanted
}

# $1: start or 0, $2: end, both in microseconds; $3: exit status. Of _deja_text in _deja_cwd.
_deja_record() {
  _deja_start=$1 _deja_took=$(( $2 > $1 ? $2 - $1 : 0 ))
  if (( $1 )); then
    printf -v _deja_took '%d.%06d' "$(( _deja_took / 1000000 ))" "$(( _deja_took % 1000000 ))"
  else
    _deja_start=$2 _deja_took=''
  fi
  # An empty field would end the record.
  # shellcheck disable=SC2059
  [[ -e $_deja_spool && ${#_deja_kept[@]} == 0 ]] || _deja_catch_up &&
    printf "\0deja1\0start=${_deja_start::-6}.${_deja_start: -6}\0${_deja_took:+dur=$_deja_took\0}\
exit=$3\0cwd=%s\0session=%s\0host=%s\0shell=bash\0${_deja_author}cmd=%s\0\0" \
      "$_deja_cwd" "$_deja_session" "$_deja_host" "$_deja_text" >>"$_deja_spool" && return
  # A full disk, perhaps: it goes with the next one.
  _deja_kept+=("$@" "$_deja_cwd" "$_deja_text")
  (( ${#_deja_kept[@]} <= _deja_kept_most * _deja_fields )) ||
    _deja_kept=("${_deja_kept[@]:_deja_fields}")
}

# Makes the file, and writes the records that were held back.
_deja_catch_up() {
  [[ -e $_deja_spool ]] || { _deja_make_file "$_deja_spool" && _deja_tell_aliases; } || return
  local _deja_start _deja_took
  # One by one: a record that went out whole must not go out again after the next has failed.
  while (( ${#_deja_kept[@]} )); do
    _deja_write_first || return
    _deja_kept=("${_deja_kept[@]:_deja_fields}")
  done
}

# The first that was held back; to keep it again is to have failed.
_deja_write_first() {
  local _deja_cwd=${_deja_kept[3]} _deja_text=${_deja_kept[4]} first=("${_deja_kept[@]::3}")
  local _deja_kept=()
  _deja_record "${first[@]}"
  (( ${#_deja_kept[@]} == 0 ))
}

# The one fork, at the first command of a shell: bash cannot set a umask and give it back.
_deja_make_file() (
  umask 077
  { [[ -d $_deja_data/spool ]] || mkdir -p "$_deja_data/spool"; } && : >>"$1"
) 2>/dev/null

# One look at a file and one signal 0; a process is started only where there is no daemon.
_deja_wake_daemon() {
  [[ -x $_deja_python && -r $_deja_app/backend/app.py ]] || return 0
  local field pid=''
  if [[ -f $_deja_data/daemon && -r $_deja_data/daemon ]]; then
    while IFS='' read -r -d '' field; do
      [[ $field == pid=* ]] && pid=${field#pid=}
    done <"$_deja_data/daemon"
  fi
  [[ $pid == [1-9]* ]] && kill -0 "$pid" 2>/dev/null && return 0
  ("$_deja_python" -I "$_deja_app/backend/app.py" start </dev/null >/dev/null 2>&1 &)
}

# An array (bash 5.1) gives each of its elements the $? and PIPESTATUS of the command.
_deja_join_prompt_command() {
  [[ " ${PROMPT_COMMAND[*]-} " == *_deja_prompt* ]] && return
  if (( BASH_VERSINFO[0] > 5 || BASH_VERSINFO[1] > 0 )); then
    [[ -n ${PROMPT_COMMAND+set} ]] || PROMPT_COMMAND=()
    PROMPT_COMMAND=(_deja_prompt "${PROMPT_COMMAND[@]}" _deja_ready)
  else
    # shellcheck disable=SC2178
    PROMPT_COMMAND=$'_deja_prompt\n'${PROMPT_COMMAND-}$'\n_deja_ready'
  fi
}

# PS0 is expanded after a line was read, in this shell, and only if it will run something.
_deja_join_ps0() {
  shopt -q promptvars || return
  [[ ${PS0-} == *_deja_us=* ]] && return
  # shellcheck disable=SC2016
  PS0='${_deja_nothing:$((_deja_us=${EPOCHREALTIME/[.,]/},0)):0}'${PS0-}
}

_deja_load_record() {
  { local -; set +eux; } 2>/dev/null
  _deja_find_data || return
  _deja_begin_session
  _deja_find_author
  _deja_join_prompt_command
  _deja_join_ps0
  [[ -n $_deja_bin && -d $_deja_bin ]] && ! type -t deja >/dev/null && PATH=$PATH:$_deja_bin
  _deja_wake_daemon
}
_deja_load_record
