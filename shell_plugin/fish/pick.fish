# The key in fish: opens the picker under the prompt and takes what was picked.
#
# Sourced by deja.fish after record.fish.

# The filters to which the list was narrowed by key, for as long as this shell lives.
set -g _deja_narrow

function _deja_can_pick
    test "$TERM" != dumb -a -x "$_deja_python" -a -r "$_deja_app/shell_plugin/picker.py"
end

# $argv[1]: the query, unless it is the line; $argv[2]: what the list is narrowed to, if not as the
# user left it.
function _deja_pick
    if not _deja_can_pick
        if test "$TERM" = dumb; or set -q _deja_told
            _deja_do_own _deja_pick
            return
        end
        # Once, and instead of the shell's own search, which would draw over it.
        set -g _deja_told yes
        printf '\r\ndeja is not installed: run "bash install.sh" in its folder\r\n' >&2
        commandline -f repaint
        return
    end
    # The picker draws under the cursor: it must stand below all of the line.
    set -l below (math (count (commandline)) - (commandline --line))
    test $below -gt 0; and printf '\e[%dB' $below >/dev/tty
    _deja_run_picker $argv | read -lz reply
    set -l code $pipestatus[1]
    test $below -gt 0; and printf '\e[%dA' $below >/dev/tty
    _deja_take "$reply" $code
    commandline -f repaint
end

# By environment, because `ps` shows arguments. A query need not be longer than this, and the
# kernel takes no variable above 128 KB.
function _deja_run_picker
    set -l picker $_deja_python -I -S $_deja_app/shell_plugin/picker.py
    set -q TMUX[1]; and _deja_is_on DEJA_POPUP $_deja_popup
    and set -p picker /bin/sh $_deja_app/shell_plugin/popup.sh
    set -l line (commandline | string collect)
    set -lx DEJA_PICK_QUERY (string sub -l 4096 -- $line | string collect)
    set -lx DEJA_PICK_NARROW $_deja_narrow
    if set -q argv[1]
        # What the arrow up has fetched.
        set -x DEJA_PICK_LINE $DEJA_PICK_QUERY
        set DEJA_PICK_QUERY (string sub -l 4096 -- $argv[1] | string collect)
        set DEJA_PICK_NARROW $argv[2]
    end
    set -lx DEJA_PICK_DATA $_deja_data
    set -lx DEJA_PICK_SESSION $_deja_session
    set -lx DEJA_PICK_SHELL fish
    set -lx DEJA_PICK_STATE $DEJA_STATE
    set -lx DEJA_PICK_KEY $_deja_key_told
    set -lx DEJA_PICK_CONFIG $_deja_config
    set -lx DEJA_PICK_VI
    string match -q '*vi*' -- $fish_key_bindings; and set DEJA_PICK_VI 1
    $picker
end

# $argv[1]: action and filters, newline, text, full stop; $argv[2]: the status of the picker.
function _deja_take
    set -l told (string split -m 1 \n -- $argv[1])
    set -l action (string split -m 1 ' ' -- $told[1])
    if test $argv[2] != 0; or test -z "$action[1]"
        # Killed: it could not clean up.
        test $argv[2] -gt 128; and printf '\e[?1000l\e[?7h\e[?25h\e[J' >/dev/tty
        return
    end
    set -g _deja_narrow $action[2]
    switch $action[1]
        case 'put*' run edit
            set -l text (string sub -e -1 -- $told[2] | string collect)
            # What `string` prints ends in a line feed of its own: it stands in for one of the text.
            string match -q '*'\n. -- $told[2]
            and set text (string sub -e -2 -- $told[2] | string collect -N)
            commandline -r -- $text
            set -l place (string match -rg '^put@(\d+)' -- $action[1])
            and commandline -C $place
    end
    switch $action[1]
        case run
            commandline -f execute
        case edit
            # An editor of lines needs the modes of a terminal for lines.
            set -l modes (command stty -g </dev/tty)
            command stty icanon echo isig iexten icrnl opost </dev/tty
            edit_command_buffer
            command stty $modes </dev/tty
        case again
            _deja_do_own _deja_pick
    end
end

# Has a function of ours run whenever one of the keys is pressed. $argv[1]: the function; the rest:
# keys, as bind takes them.
function _deja_bind
    for key in $argv[2..]
        # No string holds Ctrl-Space.
        test -n "$key"; or set key -k nul
        set -l own (_deja_find_own --user default $key)
        test -n "$own"; and not string match -q '_deja_*' -- $own; and set -g $argv[1]_own $own
        for mode in default insert
            bind -M $mode $key $argv[1]
        end
        set -g $argv[1]_key $key
    end
end

# What is bound to a key. $argv: whose bindings, the mode, the key.
function _deja_find_own
    bind $argv[1] -M $argv[2] $argv[3..] 2>/dev/null |
        string match -rg '^bind(?: --preset| --user| -M \S+| -m \S+| -k)* \S+ (.*)'
end

# What the key of a function of ours did before. The bindings of fish itself are not there yet while
# config.fish is read.
function _deja_do_own
    set -l own $argv[1]_own
    set -l key $argv[1]_key
    set own $$own
    test -n "$own"; or set own (_deja_find_own --preset $fish_bind_mode $$key)
    # Other keys of fish do other things: Ctrl-T transposes characters.
    if test $argv[1] = _deja_pick -a -z "$_deja_pick_own"
        string match -qr 'hist|search' -- $own; or set own history-pager
    end
    if contains -- "$own" (bind --function-names)
        commandline -f $own
    else
        eval $own
    end
end

# The key of a setting as bind takes it: `^R`, `\C-r` and `\cr` are one.
function _deja_key_of
    string unescape -- (string replace -ar '\^(.)|\\\\C-(.)' '\\\\c$1$2' -- $argv[1])
end

set -q DEJA_KEY; or set -l DEJA_KEY ^R
# As the picker reads it, which knows the key too.
set -g _deja_key_told (string replace -ar '\\\\c(.)' '^$1' -- $DEJA_KEY)
test -n "$DEJA_KEY"; and _deja_bind _deja_pick "$(_deja_key_of $DEJA_KEY)"
return 0
