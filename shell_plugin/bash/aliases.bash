# shellcheck shell=bash
# What the aliases and one-line functions of the user stand for, told once a session: `gst` is then
# found by the words of `git status`.
#
# Builtins only. Sourced by deja.bash before record.bash. At the first record, when the start-up
# files have been read; the daemon masks and keeps it, and the spool is wiped.

# shellcheck disable=SC2154  # record.bash assigns _deja_spool
# Before the first record: it begins as one does, for the daemon keeps the beginning of the file.
_deja_tell_aliases() {
  printf '\0deja1\0start=%s\0shell=bash\0aliases=' "${EPOCHREALTIME/,/.}"
  builtin alias -p
  printf '\0functions='
  builtin declare -f
  printf '\0\0'
} >>"$_deja_spool" 2>/dev/null
