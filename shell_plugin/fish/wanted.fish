# Which lines are history: what the user, his settings and the shell say is kept out of the spool.
#
# Builtins only. Sourced by deja.fish before record.fish. backend/engine/wanted.py says the same of
# lines that come by another way.

# Whether this shell records: recording, paused or private. For the prompt of the user, too.
set -g DEJA_STATE recording

# Leaves it in DEJA_STATE: a look at two files that are not there.
function _deja_look --on-event fish_prompt
    set -g DEJA_STATE recording
    if test -n "$fish_private_mode"; or string match -qrv '^0?$' -- "$DEJA_PRIVATE"
        set DEJA_STATE private
    else if test -e $_deja_data/paused/all; or test -e $_deja_pause
        _deja_read_clock
        for file in $_deja_data/paused/all $_deja_pause
            test -r $file; and read -l until <$file; or continue
            test -n "$until"; and test $until -le $_deja_now; or set DEJA_STATE paused
        end
    end
end

# Only so much of a line is looked at for what it runs: patterns take their time.
set -g _deja_looked_at 65536

set -g _deja_own_form '^\s*([^\s]*/)?deja(\s|$)'
set -g _deja_forget_form '(^|[^A-Za-z0-9_.-])deja(\s+[0-9&]*[<>][^\s]*)*\s+forget($|[^A-Za-z0-9_-])'

# Of _deja_config. The environment goes before the file; up and popup are the picker's.
function _deja_read_settings
    set -l text
    test -r $_deja_config; and read -z text <$_deja_config
    for name in keep_own ignore_space popup up
        set -g _deja_$name 0
        string match -qr '(?m)^[ \t]*'$name'[ \t]*=[ \t]*true' -- $text
        and set -g _deja_$name 1
    end
end

# Whether a setting is on: $argv[1] the variable of the environment, $argv[2] what the file says.
function _deja_is_on
    set -l value $argv[2]
    test -n "$$argv[1]"; and set value $$argv[1]
    test "$value" = 1
end

# $argv[1]: the line as it was typed.
function _deja_is_ignored
    # fish runs a line of nothing but comments as any other.
    string match -qr '(?m)^\s*[^#\s]' -- $argv[1]; or return 0
    # A shell that keeps no history, or none of this line.
    set -q fish_history; and test -z "$fish_history"; and return 0
    if functions -q fish_should_add_to_history
        fish_should_add_to_history $argv[1]; or return 0
        string match -q ' *' -- $argv[1]; and _deja_is_on DEJA_IGNORE_SPACE $_deja_ignore_space
        and return 0
    else if string match -q ' *' -- $argv[1]
        return 0
    end
    # Of the usual line nothing need be asked.
    if string match -qr 'deja|forget' -- $argv[1]
        if _deja_names_forget $argv[1]
            builtin history delete --exact --case-sensitive -- $argv[1]
            return 0
        end
        if not _deja_is_on DEJA_KEEP_OWN $_deja_keep_own
            string match -qr $_deja_own_form -- $argv[1]; and return 0
        end
    end
    set -q DEJA_IGNORE[1]; and for pattern in (string split -n : -- $DEJA_IGNORE)
        string match -q -- $pattern $argv[1]; and return 0
    end
    return 1
end

# Whether a line holds `deja forget` anywhere, however it is quoted: it names what is to be gone.
function _deja_names_forget
    string match -q '*forget*' -- $argv[1]; or return 1
    set -l plain (string sub -l $_deja_looked_at -- $argv[1] | string collect)
    set plain (string replace -ar '\\\\\n|["\'\\\\]' '' -- $plain | string collect)
    string match -qr $_deja_forget_form -- $plain
end
