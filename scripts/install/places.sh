# Where everything goes, and which start-up files are edited. Changes nothing but folders.
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
    bin=$HOME/.local/bin
}

# make_dir DIR: mkdir -p that writes down what it made, for --uninstall to take back.
make_dir() {
    local dir=$1 made=
    while [ ! -d "$dir" ]; do
        made="$made$dir
"
        dir=$(dirname "$dir")
    done
    mkdir -p "$1" 2>>/dev/null ||
        fail "cannot make $1" "the disk is full or the folder is not yours" "mend that, run this again"
    made_dirs="${made_dirs-}$made"
}

save_made_dirs() {
    [ -z "${made_dirs-}" ] || printf '%s' "$made_dirs" >>"$data/made-dirs"
}

# Start-up files to edit: one path a line. Shells are those asked for, or those that are here.
rc_files() {
    if [ "$shells" = all ] || [ "$shells" = zsh ] ||
        { [ -z "$shells" ] && { [ -x "$(command -v zsh)" ] || [ -e "$HOME/.zshrc" ]; }; }; then
        printf '%s\n' "$(zsh_dir)/.zshrc"
    fi
    if [ "$shells" != zsh ]; then
        bash_rc
    fi
}

# ZDOTDIR is often set in .zshenv and not exported: then only a zsh knows it.
zsh_dir() {
    local dir=${ZDOTDIR-}
    if [ -z "$dir" ] && [ -e "$HOME/.zshenv" ] && [ -x "$(command -v zsh)" ]; then
        # shellcheck disable=SC2016  # zsh expands it
        dir=$(zsh -c 'print -r -- "deja:${ZDOTDIR-}"' </dev/null 2>/dev/null | sed -n 's/^deja://p') || dir=
    fi
    printf '%s' "${dir:-$HOME}"
}

# macOS's terminals start login shells, which read .bash_profile and not .bashrc.
bash_rc() {
    local profile=$HOME/.bash_profile
    if [ "$(uname -s)" != Darwin ] || grep -qs bashrc "$profile"; then
        printf '%s\n' "$HOME/.bashrc"
    else
        printf '%s\n' "$profile"
    fi
}
