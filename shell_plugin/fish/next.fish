# The key for what is likely next in fish, whose ghost text is its own.
#
# Sourced by deja.fish after pick.fish. fish can open no socket: each press is one short process.

# What was typed before the first press, what the last one put, and how many there were.
set -g _deja_begun
set -g _deja_shown
set -g _deja_presses 0

# What is likely on this line; again, what is less so; in the end the line as it was.
function _deja_next
    set -l line (commandline | string collect)
    if test $_deja_presses = 0; or test "$line" != "$_deja_shown"
        set -g _deja_begun $line
        set -g _deja_presses 0
    end
    set -l found
    test -x "$_deja_python" -a -r "$_deja_app/shell_plugin/next.py"
    and set found (_deja_run_next 2>/dev/null | string collect)
    if test -n "$found"
        set -g _deja_shown (string sub -e -1 -- $found | string collect)
        set -g _deja_presses (math $_deja_presses + 1)
    else
        set -g _deja_shown $_deja_begun
        set -g _deja_presses 0
    end
    commandline -r -- "$_deja_shown"
    commandline -f repaint
end

# By environment, because `ps` shows arguments.
function _deja_run_next
    set -lx DEJA_PICK_QUERY (string sub -l 4096 -- $_deja_begun | string collect)
    set -lx DEJA_PICK_SKIP $_deja_presses
    set -lx DEJA_PICK_DATA $_deja_data
    set -lx DEJA_PICK_SESSION $_deja_session
    $_deja_python -I -S $_deja_app/shell_plugin/next.py
end

test -n "$DEJA_NEXT_KEY"; and _deja_bind _deja_next "$(_deja_key_of $DEJA_NEXT_KEY)"
return 0
