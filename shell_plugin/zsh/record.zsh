# Recording in zsh: one record for each finished command, appended to this shell's spool file.
#
# Builtins only. Sourced by deja.zsh, under its options. The form of a record is described in
# backend/wire/protocol.py.

zmodload zsh/datetime zsh/system || return

typeset -g _deja_data _deja_config _deja_spool _deja_session _deja_host
typeset -g _deja_python= _deja_app= _deja_bin= _deja_author=
typeset -g _deja_text= _deja_cwd= _deja_then=
typeset -gi _deja_open=0 _deja_start_us=0
typeset -ga _deja_now _deja_kept

# How many records are held back when they cannot be written.
typeset -gi _deja_kept_most=100

# Fails where the data directory is another user's (a shell of root with a user's HOME, a DEJA_HOME
# that somebody else made): what is in it is not run, and nothing is written into it.
_deja_find_data() {
  if [[ -n ${DEJA_HOME-} ]]; then
    _deja_data=${DEJA_HOME:a}/data _deja_config=${DEJA_HOME:a}/config
  elif [[ $OSTYPE == darwin* ]]; then
    _deja_data=$HOME/Library/Application\ Support/deja _deja_config=$_deja_data
  else
    _deja_data=${XDG_DATA_HOME:-$HOME/.local/share}/deja
    _deja_config=${XDG_CONFIG_HOME:-$HOME/.config}/deja
  fi
  _deja_config+=/config.toml
  _deja_read_settings
  [[ -e $_deja_data ]] || return 0
  _deja_is_safe "$_deja_data" || return
  [[ ! -r $_deja_data/env.sh ]] && return 0
  _deja_is_safe "$_deja_data/env.sh" && source "$_deja_data/env.sh"
}

# This user's, and nobody else can write to it.
_deja_is_safe() {
  local -a found=("$1"(N-Uf-022))
  (( $#found ))
}

# A session is a shell process: `exec zsh` begins another one, with the same process id.
_deja_begin_session() {
  local -a now=($epochtime)
  _deja_host=${HOST:-localhost}
  _deja_session=${_deja_host//[^A-Za-z0-9-]/-}.$$.$(( now[1] * 1000000 + now[2] / 1000 ))
  _deja_spool=$_deja_data/spool/$_deja_session
  # Of this process, from its first prompt on; what stands there is of one that is gone.
  typeset -g _deja_pause=$_deja_data/paused/${_deja_session%.*}
  [[ -e $_deja_pause ]] && zmodload -F zsh/files b:zf_rm && zf_rm -f -- $_deja_pause 2>/dev/null
}

# Which coding agent started this shell, if one did, by what it leaves in the environment: the table
# has a variable a line, perhaps with its value, and the agent's name or else that of the value.
_deja_find_author() {
  _deja_author=
  local line name agent value
  for line in ${(f)"$(<${${(%):-%x}:A:h:h}/agents.txt)"}; do
    name=${line%% *} agent=${${line#$name}# }
    value=${(P)${name%%=*}-}
    [[ -n $value && ( $name != *=* || $name == *=$value ) ]] || continue
    _deja_author=${${agent:-$value}//[^A-Za-z0-9._-]/-}
    return
  done
} 2>/dev/null

# $1 is the line as it was typed; empty if zsh keeps no history. $3: with aliases expanded.
_deja_preexec() {
  _deja_now=($epochtime)
  _deja_open=0
  [[ -z $1 ]] && return
  _deja_look
  [[ $DEJA_STATE == recording ]] || return
  _deja_is_ignored "$1" "$3" && return
  _deja_text=$1 _deja_cwd=$PWD _deja_open=1
  _deja_start_us=$(( _deja_now[1] * 1000000 + _deja_now[2] / 1000 ))
  # The shell is about to be replaced: there will be no prompt to write at.
  [[ $1 == exec[[:space:]]* ]] && _deja_write
}

# precmd also runs after an empty line, Ctrl-C and a syntax error: then nothing is open.
_deja_precmd() {
  local -i code=$?
  _deja_refused=0
  _deja_look
  [[ $DEJA_STATE == recording ]] || _deja_open=0 _deja_text=
  (( _deja_open )) || return 0
  _deja_now=($epochtime)
  local -i took=$(( _deja_now[1] * 1000000 + _deja_now[2] / 1000 - _deja_start_us ))
  # The clock may be set back while a command runs.
  (( took < 0 )) && took=0
  _deja_write "dur=$(( took / 1000000 )).${(l:6::0:)$(( took % 1000000 ))}"$'\0'"exit=$code"$'\0'
  return 0
}

_deja_zshexit() {
  # A subshell runs this too: `(exit 7)`.
  (( ZSH_SUBSHELL == 0 && _deja_open )) && _deja_write
}

# Write the open record, with $1 (its duration and status, where known) in it.
_deja_write() {
  # Uninstalled while this shell was open: nobody would ever read, mask or remove the record.
  [[ -z $_deja_app || -e $_deja_data/env.sh ]] || { _deja_open=0 _deja_text= ; return 0 }
  local start="${_deja_start_us[1,-7]}.${_deja_start_us[-6,-1]}"
  local record=$'\0deja1\0'"start=$start"$'\0'"${1-}cwd=$_deja_cwd"$'\0'
  record+="session=$_deja_session"$'\0'"host=$_deja_host"$'\0shell=zsh\0'
  [[ -z $_deja_author ]] || record+="author=$_deja_author"$'\0'
  record+="cmd=$_deja_text"$'\0\0'
  _deja_open=0
  _deja_text=
  # A full disk, perhaps: then it goes with the next one.
  if { (( ! $#_deja_kept )) || _deja_write_kept } && _deja_append "$record"; then
    (( _deja_told )) || _deja_tell_aliases
    return
  fi
  _deja_kept+=("$record")
  (( $#_deja_kept <= _deja_kept_most )) || shift _deja_kept
}

# One by one: a record that went out whole must not go out again after the next has failed.
_deja_write_kept() {
  while (( $#_deja_kept )); do
    _deja_append "$_deja_kept[1]" || return
    shift _deja_kept
  done
}

# The file is opened anew each time, because the daemon may have taken it away.
_deja_append() {
  local fd
  {
    if ! sysopen -aw -m 600 -o creat,cloexec,nofollow -u fd -- "$_deja_spool"; then
      _deja_make_spool || return 1
      sysopen -aw -m 600 -o creat,cloexec,nofollow -u fd -- "$_deja_spool" || return 1
    fi
    {
      syswrite -o $fd -- "$1"
    } always {
      exec {fd}>&-
    }
  } 2>/dev/null
}

_deja_make_spool() {
  zmodload -F zsh/files b:zf_mkdir && zf_mkdir -p -m 700 -- $_deja_data/spool 2>/dev/null
}

# One look at a file and one signal 0; a process is started only where there is no daemon.
_deja_wake_daemon() {
  [[ -x $_deja_python && -r $_deja_app/backend/app.py ]] || return 0
  local fields=
  [[ -f $_deja_data/daemon && -r $_deja_data/daemon ]] && fields=$(<$_deja_data/daemon)
  local pid=${${(M)${(0)fields}:#pid=<->}#pid=}
  [[ -n $pid ]] && kill -0 $pid 2>/dev/null && return 0
  "$_deja_python" -I "$_deja_app/backend/app.py" start </dev/null >/dev/null 2>&1 &!
}

_deja_find_data || return
_deja_begin_session
_deja_find_author
typeset -ga preexec_functions precmd_functions zshexit_functions
# First, so that the time the other hooks take is not counted. Sourcing twice adds nothing.
preexec_functions=(_deja_preexec ${preexec_functions:#_deja_preexec})
precmd_functions=(_deja_precmd ${precmd_functions:#_deja_precmd})
zshexit_functions=(_deja_zshexit ${zshexit_functions:#_deja_zshexit})
[[ -n $_deja_bin && -d $_deja_bin ]] && (( ! $+commands[deja] )) && path+=($_deja_bin)
_deja_wake_daemon
return 0
