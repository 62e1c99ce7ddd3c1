#!/bin/sh
# The picker in a popup of tmux, for both shells. The arguments are the picker's command line, which
# runs here where there can be no popup: nobody looks at the session, tmux is older than 3.2.
#
# A popup is a child of the server of tmux and has its environment, not ours; and `ps` shows
# arguments. So what the picker has to know goes by a file that this user alone can read, and what
# was picked comes back by another. Both are gone when this ends.

umask 077
folder=$(mktemp -d "$DEJA_PICK_DATA/.popup.XXXXXX" 2>/dev/null) || exec "$@"
trap 'rm -rf -- "$folder"' EXIT
trap 'exit 130' HUP INT TERM

# By name: what else a shell has exported, passwords among it, is not written down.
for name in \
  DEJA_PICK_QUERY DEJA_PICK_LINE DEJA_PICK_DATA DEJA_PICK_SESSION DEJA_PICK_SHELL DEJA_PICK_STATE DEJA_PICK_KEY DEJA_PICK_NARROW \
  DEJA_PICK_VI DEJA_PICK_CONFIG DEJA_HOME DEJA_MODEL_DIR DEJA_PRECISION DEJA_LEARN DEJA_KEEP_OWN \
  PWD HOME PATH LANG LC_ALL LC_CTYPE XDG_DATA_HOME XDG_CONFIG_HOME XDG_STATE_HOME \
  XDG_RUNTIME_DIR HISTFILE ZDOTDIR NO_COLOR COLORFGBG DISPLAY WAYLAND_DISPLAY; do
  eval "[ -z \"\${$name+set}\" ] || printf '%s=%s\\0' \"$name\" \"\$$name\""
done >"$folder/told"

tmux display-popup -E -w 80% -h 60% -- "$@" "$folder" 2>/dev/null

# The picker takes away what it has read: still there, it never ran.
if [ -e "$folder/told" ]; then
  rm -rf -- "$folder"
  exec "$@"
fi
if [ -e "$folder/picked" ]; then
  cat -- "$folder/picked"
else
  # The popup was closed.
  printf 'cancel %s\n.' "$DEJA_PICK_NARROW"
fi
