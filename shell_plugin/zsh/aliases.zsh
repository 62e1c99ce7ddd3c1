# What the aliases and one-line functions of the user stand for, told once a session: `gst` is then
# found by the words of `git status`.
#
# Builtins only. Sourced by deja.zsh before record.zsh. Behind the first record, when the start-up
# files have been read; the daemon masks and keeps it, and the spool is wiped.

typeset -gi _deja_told=0

# More than this is no person's list.
typeset -gi _deja_told_most=100000

_deja_tell_aliases() {
  local name body told=
  _deja_told=1
  for name body in "${(@kv)aliases}"; do
    told+="alias $name=${(qq)body}"$'\n'
  done
  # A function's body has a line for each command; names with _ are parts of others.
  for name in "${(@k)functions:#_*}"; do
    body=${functions[$name]#$'\t'}
    [[ $body == *$'\n'* || $body == 'builtin autoload'* ]] || told+="alias $name=${(qq)body}"$'\n'
  done
  (( $#told <= _deja_told_most )) && _deja_append $'\0deja1\0shell=zsh\0'"aliases=$told"$'\0\0'
}
