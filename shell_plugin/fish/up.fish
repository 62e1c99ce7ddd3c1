# The arrow up in fish, for those who ask for it (DEJA_UP=1): the first press is the shell's own last
# line, or the last one that begins as what is typed; the second opens the list below it.
#
# Sourced by deja.fish after pick.fish.

# What was typed before the arrow, and what it fetched.
set -g _deja_up_typed
set -g _deja_up_line

# Whether the arrows are fish's own just now: in a list of completions, in its search of the
# history, in a command of several lines.
function _deja_is_elsewhere
    commandline --paging-mode; or commandline --search-mode; or test (count (commandline)) -gt 1
end

# Whether the line is still the one that the arrow fetched.
function _deja_is_up
    test -n "$_deja_up_line" -a "$(commandline)" = "$_deja_up_line"
end

function _deja_up_or_list
    if _deja_is_elsewhere; or not _deja_can_pick
        _deja_do_own _deja_up_or_list
    else if _deja_is_up
        set -l narrow $_deja_narrow
        set -l filters in:session order:newest
        test -n "$_deja_up_typed"; and set -a filters match:start
        _deja_pick "$_deja_up_typed" "$filters"
        set -g _deja_narrow $narrow
    else
        set -g _deja_up_typed (commandline)
        set -l begins
        test -n "$_deja_up_typed"; and set begins --prefix --case-sensitive -- $_deja_up_typed
        set -l found (builtin history search --max 1 $begins | string collect)
        set -g _deja_up_line $found
        test -n "$found"; and commandline -r -- $found
        commandline -f end-of-buffer
    end
end

# Back to what was typed.
function _deja_down
    if _deja_is_elsewhere; or not _deja_is_up
        _deja_do_own _deja_down
        return
    end
    commandline -r -- "$_deja_up_typed"
    set -g _deja_up_line
end

# The same text on another line is not the arrow's.
function _deja_leave_up --on-event fish_prompt
    set -g _deja_up_line
end

_deja_bind _deja_up_or_list \e\[A \eOA
_deja_bind _deja_down \e\[B \eOB
# Since fish 4 the arrows have names.
if not string match -q '3.*' -- $version
    _deja_bind _deja_up_or_list up
    _deja_bind _deja_down down
end
return 0
