# Everything taken back, byte for byte.
# Read by install.sh, whose variables it shares.
# shellcheck shell=bash disable=SC2034,SC2154

uninstall() {
    local file removed launcher
    # A folder that only happens to have this name is left alone.
    [ -e "$data/env.sh" ] || [ -e "$data/made-dirs" ] || [ -e "$data/history.db" ] ||
        fail "nothing to uninstall" "there is no deja in $data" "set DEJA_HOME if it is elsewhere"
    [ ! -x "$data/bin/deja" ] || bin=$data/bin
    launcher=$bin/deja
    if grep -qsF "$MARK" "$launcher"; then
        "$launcher" stop >/dev/null 2>&1 || true
        rm -f "$launcher"
        say "  $launcher: removed"
    fi
    find_python
    for file in "$(zsh_dir)/.zshrc" "$HOME/.zshrc" "$HOME/.bashrc" "$HOME/.bash_profile"; do
        removed=$("$python" -I "$here/scripts/install/rc_line.py" remove "$file") ||
            fail "$file cannot be edited" "$removed" "delete its line that ends in '# deja' yourself"
        [ "$removed" = absent ] || say "  $file: line removed"
    done
    remove_files
    say "deja is gone. Shells that are open now keep it until they end."
}

remove_files() {
    local made=
    [ ! -e "$data/made-dirs" ] || made=$(sort -r "$data/made-dirs")
    (cd "$data" && rm -rf runtime-* export.?????? app app.new app.old downloads bin model vectors install.lock)
    (cd "$data" && rm -f env.sh env.sh.new daemon daemon.* text.index* columns* picker picker.*)
    rm -rf "$logs"
    if [ "$purge" -eq 1 ]; then
        rm -rf "$data" "$config"
        say "  $data: removed, with the history"
    elif [ -e "$data/history.db" ]; then
        say "  $data/history.db: your history, kept (--purge removes it)"
    else
        rm -f "$data/made-dirs"
    fi
    printf '%s\n' "$made" | while IFS= read -r dir; do
        [ -z "$dir" ] || rmdir "$dir" 2>/dev/null || true
    done
}
