# What is written: the copy of deja, the launcher, the settings, the line in start-up files.
# Read by install.sh, whose variables it shares.
# shellcheck shell=bash disable=SC2034,SC2154

# The clone may be deleted afterwards, so what runs is a copy; of scripts/, what users need: to
# upgrade and uninstall, to export the model and to make the vectors anew.
copy_app() {
    [ ! "$here" -ef "$app" ] || return 0
    rm -rf "$app.new" "$app.old" &&
        mkdir -p "$app.new/scripts" &&
        (cd "$here" && cp -R backend shell_plugin install.sh requirements.txt LICENSE "$app.new/") &&
        (cd "$here/scripts" && cp -R __init__.py build_index.py export_to_onnx.py \
            requirements-export.txt export install "$app.new/scripts/") &&
        find "$app.new" -name __pycache__ -prune -exec rm -rf {} + &&
        { [ ! -d "$app" ] || mv "$app" "$app.old"; } &&
        mv "$app.new" "$app" &&
        rm -rf "$app.old" &&
        "$runtime/bin/python" -I -m compileall -q "$app/backend" "$app/shell_plugin" "$app/scripts"
}

# A line that gives a new shell the DEJA_HOME of this installation, unless it has its own.
home_line() {
    # shellcheck disable=SC2016  # the shell that reads the line expands it
    [ -z "${DEJA_HOME-}" ] || printf '[ -n "${DEJA_HOME-}" ] || export DEJA_HOME=%s; ' "$(quote "$DEJA_HOME")"
}

write_launcher() {
    if [ -e "$bin/deja" ] && ! grep -qsF "$MARK" "$bin/deja"; then
        say "  $bin/deja belongs to something else and stays; deja's own is in $data/bin"
        bin=$data/bin
    fi
    make_dir "$bin"
    {
        printf '#!/bin/sh\n%s\n' "$MARK"
        [ -z "${DEJA_HOME-}" ] || printf '%s\n' "$(home_line)"
        # Without a command, app.py is the daemon in the foreground: not what a person means.
        # shellcheck disable=SC2016  # the launcher expands it
        printf '[ $# -gt 0 ] || set -- --help\n'
        # shellcheck disable=SC2016  # the launcher expands it
        printf 'exec %s -I %s "$@"\n' "$(quote "$runtime/bin/python")" "$(quote "$app/backend/app.py")"
    } >"$bin/.deja.new"
    chmod 755 "$bin/.deja.new"
    mv -f "$bin/.deja.new" "$bin/deja"
}

write_env() {
    {
        printf '_deja_python=%s\n' "$(quote "$runtime/bin/python")"
        printf '_deja_app=%s\n' "$(quote "$app")"
        printf '_deja_bin=%s\n' "$(quote "$bin")"
    } >"$data/env.sh.new"
    mv -f "$data/env.sh.new" "$data/env.sh"
}

# A model named by DEJA_MODEL_DIR is found by shells without that variable too.
link_model() {
    [ "$model" != "$data/model" ] || return 0
    [ ! -L "$data/model" ] || rm -f "$data/model"
    [ -e "$data/model" ] || ln -s "$model" "$data/model"
}

readonly STRATEGY='ZSH_AUTOSUGGEST_STRATEGY=(deja history)'

# Whether zsh-autosuggestions, if FILE loads it, is to ask deja: as it was chosen before, by
# --suggest, or now. What the user has set is not changed without his word.
wants_suggestions() {
    ! grep -sF "$STRATEGY" "$1" | grep -q '# deja' || return 0
    [ "$suggest" -eq 0 ] || return 0
    [ "$yes" -eq 0 ] && grep -qs zsh-autosuggestions "$1" || return 1
    local answer=
    # Stdin is the list of files.
    { printf 'Let zsh-autosuggestions show what deja finds likely next? [y/N] ' >/dev/tty &&
        read -r answer </dev/tty; } 2>/dev/null || return 1
    case $answer in [yY]*) ;; *) return 1 ;; esac
}

edit_rc() {
    local file plugin line result strategy
    rc_files | while IFS= read -r file; do
        strategy=
        case $file in
            */.zshrc)
                plugin=$(quote "$app/shell_plugin/deja.zsh")
                ! wants_suggestions "$file" || strategy="$STRATEGY && "
                ;;
            *) plugin=$(quote "$app/shell_plugin/deja.bash") ;;
        esac
        line="$(home_line)[ -r $plugin ] && $strategy. $plugin"
        if result=$("$python" -I "$here/scripts/install/rc_line.py" add "$file" "$line" 2>>"$log"); then
            say "  $file: one line $result"
        else
            say "  $file cannot be written; add this line yourself:"
            say "    $line # deja"
        fi
    done
}

remove_old() {
    local old
    for old in "$data"/runtime-*; do
        [ "$old" = "$runtime" ] || rm -rf "$old"
    done
    rm -rf "$data/downloads" "$data"/export.??????
}
