# Recording in fish: one record for each finished command, appended to this shell's spool file.
#
# Builtins only. Sourced by deja.fish after wanted.fish. The form of a record is described in
# backend/wire/protocol.py. Whatever is written to is looked at before: what fish has to say of a
# redirection that fails goes to the terminal, wherever errors are sent. A command substitution costs
# a third of a millisecond, all else a few microseconds: of those there is one for a usual command.

# The open command: its text, and what was known when it began.
set -g _deja_text
set -g _deja_cwd
set -g _deja_start
# The last second in which a command began, and how many did.
set -g _deja_second 0
set -g _deja_in_second 0
set -g _deja_python
set -g _deja_app
set -g _deja_bin

# Records that could not be written, the fields of each, and how many fields are held back at most.
set -g _deja_kept
set -g _deja_fields 8
set -g _deja_kept_most 800
# A field more, where a coding agent started this shell.
set -g _deja_author

# Fails where the data directory is another user's (a shell of root with a user's HOME, a DEJA_HOME
# that somebody else made): what is in it is not run, and nothing is written into it. Who else may
# write to it cannot be told without a process; the installer and the daemon see to that.
function _deja_find_data
    if test -n "$DEJA_HOME"
        set -l home $DEJA_HOME
        string match -q '/*' -- $home; or set home $PWD/$home
        set -g _deja_data $home/data
        set -g _deja_config $home/config
    else if test -d /System/Library/CoreServices # macOS
        set -g _deja_data $HOME/Library/Application\ Support/deja
        set -g _deja_config $_deja_data
    else
        set -g _deja_data $HOME/.local/share/deja
        set -g _deja_config $HOME/.config/deja
        test -n "$XDG_DATA_HOME"; and set _deja_data $XDG_DATA_HOME/deja
        test -n "$XDG_CONFIG_HOME"; and set _deja_config $XDG_CONFIG_HOME/deja
    end
    set _deja_config $_deja_config/config.toml
    _deja_read_settings
    # What is there for as long as deja is installed; where it never was, nothing can be missing.
    set -g _deja_installed /
    test -e $_deja_data; or return 0
    test -O $_deja_data; or return 1
    test -r $_deja_data/env.sh; or return 0
    test -O $_deja_data/env.sh; or return 1
    _deja_read_env <$_deja_data/env.sh
    test -z "$_deja_app"; or set _deja_installed $_deja_data/env.sh
    return 0
end

# Assignments of a POSIX shell from stdin, values bare or in single quotes.
function _deja_read_env
    while read -l line
        set -l found (string match -rg "^(_deja_\w+)=('?)(.*)\2\$" -- $line); or continue
        set -g $found[1] (string replace -ar "'(\\\\'|\"'\")'" "'" -- $found[3])
    end
end

function _deja_begin_session
    set -g _deja_host $hostname
    set -l name (string replace -ar '[^A-Za-z0-9-]' - -- $_deja_host)
    # A file of no content, whose time of change is the clock; the daemon takes it away in the end.
    set -g _deja_tick $_deja_data/spool/.line.$name.$fish_pid.0
    _deja_read_clock
    set -g _deja_session $name.$fish_pid.$_deja_now(random 100000 999999)
    set -g _deja_spool $_deja_data/spool/$_deja_session
    # Of this process, from its first prompt on; what stands there is of one that is gone.
    set -g _deja_pause $_deja_data/paused/$name.$fish_pid
    test -e $_deja_pause; and command rm -f -- $_deja_pause
    return 0
end

# Which coding agent started this shell, if one did, by what it leaves in the environment: the table
# has a variable a line, perhaps with its value, and the agent's name or else that of the value.
# $argv: the table.
function _deja_find_author
    set -g _deja_author
    test -r $argv[1]; or return 0
    while read -l -d ' ' name agent
        set -l wanted $name
        string match -q '*=*' -- $name; and set wanted (string split -m 1 = -- $name)
        set -l value $$wanted[1]
        test -n "$value"; or continue
        set -q wanted[2]; and test "$value" != $wanted[2]; and continue
        test -n "$agent"; and set value $agent
        set -g _deja_author author=(string replace -ar '[^A-Za-z0-9._-]' - -- "$value" | string join -)
        set -g _deja_fields 9
        return
    end <$argv[1]
end

# Leaves the time in _deja_now, in whole seconds since the epoch: fish can tell no better without
# a process. It takes one where nothing can be written.
function _deja_read_clock
    if test -w $_deja_tick; or _deja_make_file $_deja_tick
        true >$_deja_tick
        set -g _deja_now (path mtime -- $_deja_tick)
    else
        set -g _deja_now (command date +%s)
    end
end

function _deja_preexec --on-event fish_preexec
    set -g _deja_text
    test -e $_deja_installed; or return
    _deja_look
    test $DEJA_STATE = recording; or return
    _deja_is_ignored $argv[1]; and return
    _deja_read_clock
    # Commands of one second stay in their order: their microseconds count them.
    if test $_deja_now = $_deja_second
        set -g _deja_in_second (math $_deja_in_second + 1)
        set -g _deja_start $_deja_now.(string pad -w 6 -c 0 -- $_deja_in_second)
    else
        set -g _deja_second $_deja_now
        set -g _deja_in_second 1
        set -g _deja_start $_deja_now.000001
    end
    set -g _deja_cwd $PWD
    # What completion leaves behind a word: fish drops it from its own history, too.
    set -g _deja_text $argv[1]
    string match -q '* ' -- $_deja_text
    and set -g _deja_text (string replace -r '(?<!\\\\) +$' '' -- $argv[1] | string collect)
    # The shell is about to be replaced: there will be no prompt to write at.
    string match -qr '^\s*exec\s' -- $_deja_text; and _deja_write '' ''
end

function _deja_postexec --on-event fish_postexec
    set -l code $status
    test -n "$_deja_text"; or return
    _deja_look
    test $DEJA_STATE = recording; or set -g _deja_text
    test -n "$_deja_text"; and _deja_write "$CMD_DURATION"e-3 $code
end

# $argv: duration in seconds and status of the open command, empty where unknown.
function _deja_write
    # Uninstalled while the command ran: nobody would ever read, mask or remove the record.
    if test -e $_deja_installed
        set -a _deja_kept "start=$_deja_start" "dur=$argv[1]" "exit=$argv[2]" "cwd=$_deja_cwd" \
            "session=$_deja_session" "host=$_deja_host" shell=fish $_deja_author "cmd=$_deja_text"
    end
    set -g _deja_text
    # One by one: a record that went out whole must not go out again after the next has failed.
    while set -q _deja_kept[1]
        test -w $_deja_spool; or _deja_make_file $_deja_spool; or break
        string join0 '' deja1 $_deja_kept[1..$_deja_fields] '' >>$_deja_spool; or break
        set -e _deja_kept[1..$_deja_fields]
    end
    set -q _deja_kept[$_deja_kept_most]; and set -e _deja_kept[1..$_deja_fields]
    return 0
end

# The one process, where there is no spool directory yet. `umask` is a variable of fish.
function _deja_make_file
    set -l folder (path dirname -- $argv[1])
    test -e $_deja_installed; or return
    set -l before $umask
    set -g umask 077
    test -d $folder; or command mkdir -p -- $folder 2>/dev/null
    test -d $folder -a -w $folder; and not test -e $argv[1]; and true >>$argv[1]
    set -l code $status
    set -g umask $before
    return $code
end

# One look at a file and at the processes; one is started only where there is no daemon.
function _deja_wake_daemon
    test -x "$_deja_python" -a -r "$_deja_app/backend/app.py"; or return
    set -l pid
    test -f $_deja_data/daemon -a -r $_deja_data/daemon
    and set pid (string match -rg '^pid=(\d+)$' -- (string split0 <$_deja_data/daemon))
    if test -n "$pid"
        # macOS has no /proc, and fish no kill of its own.
        if test -d /proc/self
            test -d /proc/$pid; and return
        else
            command kill -0 $pid 2>/dev/null; and return
        end
    end
    $_deja_python -I $_deja_app/backend/app.py start </dev/null >/dev/null 2>&1 &
    disown 2>/dev/null
end

if not _deja_find_data
    functions -e _deja_preexec _deja_postexec _deja_look
    return 1
end
_deja_begin_session
_deja_find_author (path resolve -- (status dirname)/..)/agents.txt
test -d "$_deja_bin"; and not type -q deja; and set -gxa PATH $_deja_bin
_deja_wake_daemon
return 0
