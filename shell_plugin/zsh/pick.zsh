# The key in zsh: opens the picker under the prompt and takes what was picked.
#
# Sourced by deja.zsh, under its options; the widget `deja-pick` itself is defined there.

typeset -g _deja_own_search=history-incremental-search-backward _deja_seed= _deja_warned=
# The filters to which the list was narrowed by key, for as long as this shell lives.
typeset -g _deja_narrow=

# Leaves in _deja_then what the widget has to do: nothing, run, edit, again or repair. $1: the
# query, unless it is the line; $2: what the list is narrowed to, if not as the user left it.
_deja_pick() {
  _deja_then= _deja_seed=
  if [[ $TERM == dumb ]]; then
    _deja_then=again
    return
  fi
  if ! _deja_can_pick; then
    # Once, and instead of the shell's own search, which would draw over it.
    [[ -n $_deja_warned ]] && _deja_then=again
    _deja_warned=yes
    zle -M 'deja is not set up: run "deja setup" (or in a clone "bash install.sh")'
    return
  fi
  local -i cursor=$CURSOR code=1
  local reply=
  # The picker draws under the cursor: it must stand below all of the line.
  POSTDISPLAY= CURSOR=$#BUFFER
  zle -R
  {
    reply=$(_deja_run_picker "$@")
    code=$?
  } always {
    # Ctrl-C while the picker starts: the line stays.
    TRY_BLOCK_ERROR=0 TRY_BLOCK_INTERRUPT=0
    CURSOR=$cursor
  }
  _deja_take "$reply" $code
}

_deja_can_pick() {
  [[ $TERM != dumb && -x $_deja_python && -r $_deja_app/shell_plugin/picker.py ]]
}

# By environment, because `ps` shows arguments. A query need not be longer than this, and the
# kernel takes no variable above 128 KB.
_deja_run_picker() {
  local vi= REPLY=
  local -a picker=("$_deja_python" -I -S "$_deja_app/shell_plugin/picker.py")
  [[ -n ${TMUX-} && ${DEJA_POPUP:-$_deja_popup} == 1 ]] &&
    picker=(/bin/sh "$_deja_app/shell_plugin/popup.sh" $picker)
  # What the arrow up has fetched.
  (( $# )) && export DEJA_PICK_LINE=${BUFFER[1,4096]}
  _deja_ask_bindkey -lL main && [[ $REPLY == *viins* || $KEYMAP == vicmd ]] && vi=1
  DEJA_PICK_QUERY=${${1-$BUFFER}[1,4096]} DEJA_PICK_DATA=$_deja_data DEJA_PICK_SESSION=$_deja_session \
    DEJA_PICK_KEY=${DEJA_KEY-^R} DEJA_PICK_NARROW=${2-$_deja_narrow} DEJA_PICK_VI=$vi \
    DEJA_PICK_STATE=$DEJA_STATE DEJA_PICK_CONFIG=$_deja_config PWD=$PWD \
    exec $picker
}

# $1: action and filters, newline, text, full stop. $2: the status of the picker.
_deja_take() {
  local action=${1%%$'\n'*} text=${${1#*$'\n'}%.}
  if [[ -n $action ]]; then
    _deja_narrow=${${(M)action:#* *}#* } action=${action%% *}
  fi
  if (( $2 )) || [[ -z $action ]]; then
    _deja_then=again
    # Killed: it could not clean up. `reset-prompt` sets the modes of the terminal again.
    if (( $2 > 128 )); then
      print -rn -- $'\e[?1000l\e[?7h\e[?25h\e[J' >/dev/tty
      _deja_then=repair
    fi
  fi
  case $action in
    (put|put@*|run|edit)
      BUFFER=$text CURSOR=$#text
      [[ $action == put@* ]] && CURSOR=${action#put@}
      [[ $action == (run|edit) ]] && _deja_then=$action ;;
    (again)
      _deja_seed=$text _deja_then=again ;;
  esac
  [[ -n ${zle_bracketed_paste-} ]] && print -rn -- $zle_bracketed_paste[1] >/dev/tty
}

# What bindkey prints, in REPLY, without a fork: it can only print.
_deja_ask_bindkey() {
  local listing=$_deja_data/spool/.keys.$_deja_session
  [[ -d $_deja_data/spool ]] || _deja_make_spool || return
  { bindkey "$@" >|$listing } 2>/dev/null || return
  REPLY=$(<$listing)
  zmodload -F zsh/files b:zf_rm && zf_rm -f -- $listing
}

# What the key $1 did before, in REPLY; fails if that was nothing.
_deja_find_own() {
  _deja_ask_bindkey -M main -- "$1" || return
  REPLY=${REPLY##*\" }
  [[ $REPLY == [a-z_]* && $REPLY != (deja-*|undefined-key) ]]
}

_deja_bind() {
  local keymap REPLY=
  # Other keys of zsh did other things: Ctrl-T transposed characters.
  _deja_find_own "$1" && [[ $REPLY == *(hist|search)* || ${widgets[$REPLY]-} == user:* ]] &&
    _deja_own_search=$REPLY
  for keymap in emacs viins vicmd; do
    bindkey -M $keymap -- "$1" deja-pick
  done
}

zle -N deja-pick
[[ -n ${DEJA_KEY-^R} ]] && _deja_bind "${DEJA_KEY-^R}"
return 0
