# Where everything goes.
# Read by install.sh, whose variables it shares.
# shellcheck shell=bash disable=SC2034,SC2154

# The same as backend/config.py finds; tests/scripts/test_install.py compares them.
find_places() {
    [ -n "${HOME-}" ] || fail "no HOME" "the variable is empty" "set it and run this again"
    if [ -n "${SUDO_USER-}" ] && [ -d "$HOME" ] && [ ! -O "$HOME" ]; then
        fail "wrong user" "$HOME belongs to another user than the one running this" \
            "run it without sudo"
    fi
    if [ -n "${DEJA_HOME-}" ]; then
        case $DEJA_HOME in
            /*) ;;
            '~'/*) DEJA_HOME=$HOME/${DEJA_HOME#*/} ;;
            *) DEJA_HOME=$PWD/$DEJA_HOME ;;
        esac
        export DEJA_HOME
        data=$DEJA_HOME/data config=$DEJA_HOME/config logs=$DEJA_HOME/logs
    elif [ "$(uname -s)" = Darwin ]; then
        data="$HOME/Library/Application Support/deja" config=$data logs=$HOME/Library/Logs/deja
    else
        data=${XDG_DATA_HOME:-$HOME/.local/share}/deja
        config=${XDG_CONFIG_HOME:-$HOME/.config}/deja
        logs=${XDG_STATE_HOME:-$HOME/.local/state}/deja/log
    fi
    app=$data/app
}

# Written down, for --uninstall to take back.
make_dirs() {
    local why
    why=$("$python" -I "$here/backend/setup/folders.py" "$data" "$logs" 2>&1) ||
        fail "$why" "the disk is full or the folder is not yours" "mend that, run this again"
    chmod 700 "$data" "$logs"
}
