#!/bin/sh
# An interactive login shell on a host that deja is not installed on; `deja ssh` carried this here.
#
#   sh start.sh [bash|zsh]      the shell to start, else the user's own, else bash
#
# What is typed is recorded into `data/spool` beside this file, and fetched at the end.
here=$(cd "$(dirname "$0")" && pwd) || exit
echo $$ >"$here/pid"

is_new_enough() { # a shell whose hooks are carried
  # shellcheck disable=SC2016  # it is bash that expands what is quoted
  case $1 in
    bash) bash -c '[ "${BASH_VERSINFO[0]}" -ge 5 ]' 2>/dev/null ;;
    zsh) zsh -fc 'autoload -Uz is-at-least && is-at-least 5.8' 2>/dev/null ;;
    *) false ;;
  esac
}

for shell in ${1:-"${SHELL##*/}" bash zsh}; do
  is_new_enough "$shell" && break
  shell=
done
export DEJA_REMOTE="$here"
case $shell in
  bash) exec bash --rcfile "$here/bashrc" -i ;;
  zsh)
    export DEJA_REMOTE_ZDOTDIR="${ZDOTDIR-}" ZDOTDIR="$here/zsh"
    exec zsh -l -i ;;
esac
echo "deja: ${1:-neither bash 5.0 nor zsh 5.8} is not here in that version; this shell is not recorded" >&2
unset DEJA_REMOTE
exec "${SHELL:-/bin/sh}" -l
