# What is likely next, in zsh: a strategy for zsh-autosuggestions, and a key.
#
# Builtins only: the daemon is asked over its socket, without a fork. Sourced by deja.zsh, under its
# options, after record.zsh.

# Seconds that an answer may take: while somebody types, and at a key.
typeset -gF _deja_typing_s=0.020 _deja_key_s=0.150
# A path longer than this is cut by zsh, which then connects to something else.
typeset -gi _deja_socket_bytes=103
typeset -ga _deja_likely
typeset -gi _deja_at=0

# $1: how the commands begin; $2: how many; $3: seconds. Leaves them in _deja_likely; silent, and
# fails, if there is no daemon that answers in time.
_deja_ask_next() {
  _deja_likely=()
  # Whoever waited in vain leaves a mark, for the children of zsh-autosuggestions and other shells
  # too: for half a minute nobody waits again.
  local mark=$_deja_data/spool/.late
  local -a late=($mark(Nms-30))
  (( ! $#late )) && [[ -f $_deja_data/daemon && -r $_deja_data/daemon ]] || return
  zmodload zsh/net/socket zsh/datetime zsh/system 2>/dev/null || return
  local fields=$(<$_deja_data/daemon) reply= chunk= REPLY=
  [[ $fields == v=1$'\0'* ]] || return
  local address=${${(M)${(0)fields}:#socket=*}#socket=}
  setopt local_options no_multibyte
  [[ -S $address ]] && (( $#address <= _deja_socket_bytes )) || return
  zsocket -- $address 2>/dev/null || return
  local -i fd=$REPLY code
  local -F end=$(( EPOCHREALTIME + $3 )) left=$3
  {
    syswrite -o $fd -- $'v=1\0verb=next\0'"prefix=$1"$'\0'"limit=$2"$'\0'"cwd=$PWD"$'\0'"session=$_deja_session"$'\0\0'
    while [[ $reply != *$'\0\0' ]]; do
      (( (left = end - EPOCHREALTIME) > 0 )) && sysread -i $fd -t $left chunk
      code=$?
      # A daemon that hangs up costs no time.
      (( code == 4 || left <= 0 )) && _deja_mark_late $mark
      (( code )) && return 1
      reply+=$chunk
    done
  } always {
    exec {fd}>&-
  } 2>/dev/null
  [[ $reply == ok=1$'\0'* ]] || return
  _deja_likely=(${${(M)${(0)reply}:#command=*}#command=})
  (( $#_deja_likely ))
}

_deja_mark_late() {
  local mark
  [[ -d ${1:h} ]] || _deja_make_spool
  # Opening a pipe would wait for somebody to read it.
  [[ ! -e $1 || -f $1 ]] || return
  sysopen -w -m 600 -o creat,trunc,cloexec,nofollow -u mark -- "$1" || return
  syswrite -o $mark -- .
  exec {mark}>&-
}

# The strategy `deja`: ZSH_AUTOSUGGEST_STRATEGY=(deja history). $1: the line.
_zsh_autosuggest_strategy_deja() {
  typeset -g suggestion=
  _deja_ask_next "$1" 1 $_deja_typing_s && suggestion=$_deja_likely[1]
}

# Where nothing is typed the library asks for nothing: this puts a suggestion there.
_deja_suggest_empty() {
  [[ -z $BUFFER && -z ${POSTDISPLAY-} ]] && (( PENDING + KEYS_QUEUED_COUNT == 0 )) || return 0
  (( ${+functions[_zsh_autosuggest_highlight_apply]} && ! ${+_ZSH_AUTOSUGGEST_DISABLED} )) || return 0
  _deja_ask_next '' 1 $_deja_typing_s || return 0
  POSTDISPLAY=$_deja_likely[1]
  _zsh_autosuggest_highlight_apply
}

# The key: what is likely on this line; again, what is less so; in the end the line as it was.
_deja_put_next() {
  if [[ $LASTWIDGET != deja-next ]] || (( ! $#_deja_likely )); then
    local typed=$BUFFER
    _deja_ask_next "$typed" 20 $_deja_key_s || return 0
    _deja_likely+=("$typed")
    _deja_at=0
  fi
  (( _deja_at = _deja_at % $#_deja_likely + 1 ))
  POSTDISPLAY= BUFFER=$_deja_likely[_deja_at]
  CURSOR=$#BUFFER
}

# Once zsh-autosuggestions is there: our widgets replace the line, whatever was suggested for it.
_deja_join_suggestions() {
  precmd_functions=(${precmd_functions:#_deja_join_suggestions})
  (( ${+ZSH_AUTOSUGGEST_CLEAR_WIDGETS} )) &&
    ZSH_AUTOSUGGEST_CLEAR_WIDGETS=(${ZSH_AUTOSUGGEST_CLEAR_WIDGETS:#deja-*} deja-pick deja-next)
  return 0
}
# Loaded later, it binds the widgets at the first prompt, in a hook that comes after this one.
if (( ${+ZSH_AUTOSUGGEST_CLEAR_WIDGETS} )); then
  _deja_join_suggestions
else
  precmd_functions+=(_deja_join_suggestions)
fi

() {
  zle -N deja-next _deja_put_next
  local keymap
  [[ -n ${DEJA_NEXT_KEY-} ]] && for keymap in emacs viins vicmd; do
    bindkey -M $keymap -- "$DEJA_NEXT_KEY" deja-next
  done
  if [[ ${DEJA_SUGGEST_EMPTY-} == 1 ]]; then
    autoload -Uz add-zle-hook-widget && add-zle-hook-widget line-init _deja_suggest_empty
  fi
}
return 0
