#!/usr/bin/env bash
# Install, upgrade or take back deja. Run it again at any time.
#
# Runs in bash 3.2 too, because that is macOS's. Everything goes below one data directory, but
# for the launcher in ~/.local/bin and one line in .zshrc and .bashrc.

set -euo pipefail
umask 077

# ONNX Runtime's official builds report their use unless told otherwise (backend/embedder.py).
export ORT_DISABLE_TELEMETRY=1 ORT_TELEMETRY_DISABLED=1

readonly TORCH_CPU_INDEX=https://download.pytorch.org/whl/cpu
readonly MARK='# deja launcher, made by install.sh'

usage() {
    cat <<'EOF'
usage: bash install.sh [options]
  --yes                    ask nothing
  --no-rc                  leave .zshrc and .bashrc alone
  --shell zsh|bash|all     whose start-up file gets the line (default: every shell that is here)
  --model-source DIR       take the original model from DIR, not from the network
  --torch-index-url URL    where pip finds torch (default on Linux: PyTorch's CPU builds)
  --uninstall [--purge]    take back every edit and file (--purge: the history too)
Environment: DEJA_HOME=DIR puts all of deja's files under DIR; DEJA_MODEL_DIR names a model to share.
EOF
}

# ---- telling ------------------------------------------------------------------------------

say() { printf '%s\n' "$*"; }

# fail WHAT WHY REMEDY: the end of the installation.
fail() {
    printf '\ndeja: %s: %s\n' "$1" "$2" >&2
    printf '      %s\n' "$3" >&2
    [ -z "${log-}" ] || [ ! -s "$log" ] || printf '      the whole story: %s\n' "$log" >&2
    exit 1
}

# What an interrupt or a failure must not leave behind: a running child, the scratch folder.
clean_up() {
    if [ -n "${child-}" ]; then
        kill -TERM -- "-$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
    fi
    [ -z "${scratch-}" ] || rm -rf "$scratch"
    [ -z "${lock-}" ] || rm -rf "$lock"
}

interrupted() {
    printf '\ndeja: interrupted; the temporary files are gone. Run it again to go on.\n' >&2
    exit 130
}

# step TITLE COMMAND…: run it with its output in the log, and show how long it took. The command
# is a job of its own, so that an interrupt ends it with all that it started.
step() {
    local title=$1 began=$SECONDS status=0
    shift
    printf '  %-62s' "$title"
    printf '\n== %s\n' "$title" >>"$log"
    set -m
    "$@" </dev/null >>"$log" 2>&1 &
    child=$!
    set +m
    wait "$child" || status=$?
    child=
    if [ "$status" -eq 0 ]; then
        printf '%4d s\n' $((SECONDS - began))
    else
        printf 'failed\n'
    fi
    return "$status"
}

# The last line of the log that says something.
last_words() { grep -v '^[[:space:]]*$' "$log" | tail -n 1 | cut -c 1-300; }

# 'text', quoted for a shell.
quote() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"; }

# ---- places -------------------------------------------------------------------------------

# The same as backend/config.py finds; tests/test_install.py compares them.
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

# ---- Python and the runtime ---------------------------------------------------------------

# Sets python to a real interpreter (no shim, no venv's), version 3.11 or newer, with venv.
find_python() {
    local name found without_venv=
    for name in python3 python3.13 python3.12 python3.11 python; do
        found=$("$name" -I -c 'import sys
if sys.version_info >= (3, 11): print(getattr(sys, "_base_executable", None) or sys.executable)' \
            2>/dev/null) || continue
        [ -n "$found" ] || continue
        if "$found" -I -c 'import ensurepip, venv, sqlite3, ssl' 2>/dev/null; then
            python=$found
            return
        fi
        without_venv=$found
    done
    if [ -n "$without_venv" ]; then
        fail "no usable Python" "$without_venv lacks venv, ensurepip, sqlite3 or ssl" "$(python_hint venv)"
    fi
    fail "no usable Python" "deja needs Python 3.11 or newer" "$(python_hint "")"
}

python_hint() {
    if [ "$(uname -s)" = Darwin ]; then
        say "run: brew install python@3.13"
    elif [ -x "$(command -v apt-get)" ]; then
        say "run: sudo apt-get install python3 python3-venv (Debian 12, Ubuntu 24.04 or newer)"
    elif [ -x "$(command -v dnf)" ]; then
        say "run: sudo dnf install python3.12"
    elif [ -x "$(command -v pacman)" ]; then
        say "run: sudo pacman -S python"
    elif [ -x "$(command -v apk)" ]; then
        say "Alpine's musl has no builds of onnxruntime; use a glibc system"
    else
        say "install Python 3.11 or newer${1:+ with $1}, and run this again"
    fi
}

# A name for the environment that changes with what is in it.
runtime_dir() {
    "$python" -I - "$here/requirements.txt" "$data" <<'EOF'
import hashlib, sys
facts = open(sys.argv[1], "rb").read() + repr((sys.version, sys.executable)).encode()
print(f"{sys.argv[2]}/runtime-{hashlib.sha256(facts).hexdigest()[:12]}")
EOF
}

# What a user's environment may say about where packages go is not meant for these ones.
pip_install() {
    local pip_python=$1
    shift
    env -u PIP_TARGET -u PIP_PREFIX -u PIP_ROOT PIP_USER=0 "$pip_python" -I -m pip install --disable-pip-version-check --no-input --only-binary :all: \
        --progress-bar off --cache-dir "$data/downloads" --retries 2 "$@"
}

make_runtime() {
    rm -rf "$runtime" &&
        "$python" -I -m venv "$runtime" &&
        pip_install "$runtime/bin/python" --no-deps -r "$here/requirements.txt" &&
        "$runtime/bin/python" -I -c 'import onnxruntime, tokenizers' &&
        # pip is not needed again: an upgrade makes a new environment.
        "$runtime/bin/python" -I -m pip uninstall --yes pip setuptools &&
        : >"$runtime/complete"
}

# ---- the model ----------------------------------------------------------------------------

check_model() { "$runtime/bin/python" -I "$here/scripts/export_to_onnx.py" --check --output "$model"; }

# Find where torch comes from: pip's options, one a line, and what pip would download.
find_torch() {
    "$python" -I -m venv "$scratch/venv" || return 1
    if [ -n "$torch_index" ]; then
        printf '%s\n' --extra-index-url "$torch_index" >"$scratch/torch-options"
    elif [ "$(uname -s)" = Linux ] && "$python" -I "$here/scripts/reach.py" "$TORCH_CPU_INDEX/torch/"; then
        printf '%s\n' --extra-index-url "$TORCH_CPU_INDEX" >"$scratch/torch-options"
    fi
    read_torch_options
    pip_install "$scratch/venv/bin/python" --dry-run --quiet --report "$scratch/torch-plan" \
        ${torch_options[@]+"${torch_options[@]}"} \
        "$(grep '^torch==' "$here/scripts/requirements-export.txt")"
}

read_torch_options() {
    local word
    torch_options=()
    [ -e "$scratch/torch-options" ] || return 0
    while IFS= read -r word; do torch_options+=("$word"); done <"$scratch/torch-options"
}

# Megabytes of the torch that was found: the builds for CUDA bring a dozen packages of nvidia's.
torch_size() {
    if grep -qi '"name": "nvidia' "$scratch/torch-plan"; then
        say 3000
    elif [ "$(uname -s)" = Linux ]; then
        say 192
    else
        say 90
    fi
}

install_exporter() {
    pip_install "$scratch/venv/bin/python" --no-compile ${torch_options[@]+"${torch_options[@]}"} \
        -r "$here/scripts/requirements-export.txt"
}

# Caches and temporary files of torch and transformers go where they are deleted.
export_model() {
    mkdir -p "$scratch/tmp"
    env TMPDIR="$scratch/tmp" XDG_CACHE_HOME="$scratch/cache" HF_HOME="$scratch/cache/hf" \
        TORCHINDUCTOR_CACHE_DIR="$scratch/cache/torch" \
        "$scratch/venv/bin/python" -I "$here/scripts/export_to_onnx.py" --output "$model" \
        ${model_source:+--model-source "$model_source"}
}

need_space() {
    local free
    free=$(df -Pk "$data" | awk 'NR == 2 { print int($4 / 1024) }')
    [ "${free:-$1}" -ge "$1" ] || fail "too little disk space" \
        "$free MB free in $data, $1 MB needed while the model is exported" \
        "free some, or set DEJA_HOME to a roomier place"
}

get_model() {
    local size
    if check_model >>"$log" 2>&1; then
        say "  The model is there and whole: $model"
        return
    fi
    scratch=$(mktemp -d "$data/export.XXXXXX")
    step "Looking for a small build of PyTorch" find_torch ||
        fail "PyTorch cannot be had" "$(last_words)" \
            "check the network, or name another index with --torch-index-url URL"
    read_torch_options
    size=$(torch_size)
    need_space $((1500 + size * 5 / 2))
    say "  To download: PyTorch $size MB and other tools 134 MB, deleted afterwards; model 90 MB"
    [ "$size" -lt 1000 ] || say "  (that PyTorch brings CUDA: Ctrl-C and --torch-index-url URL name another)"
    step "Installing PyTorch to export the model" install_exporter ||
        fail "PyTorch could not be installed" "$(last_words)" \
            "check the network, or name another index with --torch-index-url URL"
    step "Exporting the model and comparing it with the original" export_model ||
        fail "the model could not be exported" "$(last_words)" \
            "run this again, or name a copy with --model-source DIR"
    rm -rf "$scratch"
    scratch=
}

# ---- files --------------------------------------------------------------------------------

# The clone may be deleted afterwards, so what runs is a copy.
copy_app() {
    [ ! "$here" -ef "$app" ] || return 0
    rm -rf "$app.new" "$app.old" &&
        mkdir "$app.new" &&
        (cd "$here" && cp -R backend shell_plugin scripts install.sh requirements.txt LICENSE "$app.new/") &&
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

edit_rc() {
    local file plugin line result
    rc_files | while IFS= read -r file; do
        case $file in
            */.zshrc) plugin=$(quote "$app/shell_plugin/deja.zsh") ;;
            *) plugin=$(quote "$app/shell_plugin/deja.bash") ;;
        esac
        line="$(home_line)[ -r $plugin ] && . $plugin"
        if result=$("$python" -I "$here/scripts/rc_line.py" add "$file" "$line" 2>>"$log"); then
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

# ---- install ------------------------------------------------------------------------------

ask() {
    [ "$yes" -eq 0 ] || return 0
    [ -t 0 ] || fail "nobody to ask" "this is no terminal" "run: bash install.sh --yes"
    printf 'Install to %s? [Y/n] ' "$data"
    local answer=
    read -r answer || answer=n
    case $answer in '' | [yY]*) ;; *) exit 0 ;; esac
}

# One installation at a time; a lock whose owner is gone is taken over.
take_lock() {
    if ! mkdir "$data/install.lock" 2>/dev/null; then
        local owner=
        owner=$(cat "$data/install.lock/pid" 2>/dev/null) || true
        if [ -n "$owner" ] && kill -0 "$owner" 2>/dev/null; then
            fail "another installation is running" "process $owner" "wait for it, then run this again"
        fi
    fi
    lock=$data/install.lock
    printf '%s\n' "$$" >"$lock/pid"
}

install() {
    local began=$SECONDS
    ask
    make_dir "$data"
    make_dir "$logs"
    chmod 700 "$data" "$logs"
    take_lock
    log=$logs/install.log
    : >"$log"
    find_python
    say "deja $(version), into $data"
    say "  Python: $python"
    runtime=$(runtime_dir)
    if [ ! -e "$runtime/complete" ]; then
        say "  To download: runtime environment 51 MB"
        step "Making the runtime environment" make_runtime ||
            fail "the runtime environment could not be made" "$(last_words)" \
                "check the network and the disk space, then run this again"
    fi
    model=${DEJA_MODEL_DIR:-$data/model}
    get_model
    step "Copying deja" copy_app || fail "deja could not be copied" "$(last_words)" "run this again"
    link_model
    write_launcher
    write_env
    save_made_dirs
    [ "$rc" -eq 0 ] || edit_rc
    start
    remove_old
    finish "$((SECONDS - began))"
}

version() { sed -n 's/^__version__ = "\(.*\)"/\1/p' "$here/backend/__init__.py"; }

# The daemon first: searches work while the import goes on.
start() {
    local verb=start
    [ ! -e "$data/daemon" ] || verb=restart
    "$bin/deja" "$verb" || say "  The daemon did not start; deja logs tells why. A shell tries again."
    "$bin/deja" import auto || say "  The history could not be imported; try again with: deja import auto"
}

finish() {
    say ""
    say "deja is installed ($1 s). Open a new shell, type what you want to do, and press Ctrl-R."
    case ":$PATH:" in
        *":$bin:"*) ;;
        *) say "In this shell the command is $bin/deja; new shells have it on their PATH." ;;
    esac
    [ "$rc" -eq 1 ] || say "To use it in a shell: . $(quote "$app/shell_plugin")/deja.zsh (or deja.bash)"
}

# ---- uninstall ----------------------------------------------------------------------------

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
        removed=$("$python" -I "$here/scripts/rc_line.py" remove "$file") ||
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
    (cd "$data" && rm -f env.sh env.sh.new daemon daemon.* text.index*)
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

# ---- start --------------------------------------------------------------------------------

usage_error() {
    printf 'deja: %s; bash install.sh --help lists the options\n' "$1" >&2
    exit 2
}

main() {
    yes=0 rc=1 shells='' model_source='' torch_index='' remove=0 purge=0
    while [ $# -gt 0 ]; do
        case $1 in
            --yes | -y) yes=1 ;;
            --no-rc) rc=0 ;;
            --uninstall) remove=1 ;;
            --purge) purge=1 ;;
            --shell | --model-source | --torch-index-url)
                [ $# -ge 2 ] || usage_error "$1 needs a value"
                case $1 in
                    --shell) shells=$2 ;;
                    --model-source) model_source=$2 ;;
                    *) torch_index=$2 ;;
                esac
                shift
                ;;
            --help | -h)
                usage
                exit 0
                ;;
            *) usage_error "unknown option $1" ;;
        esac
        shift
    done
    case $shells in '' | zsh | bash | all) ;; *) usage_error "--shell takes zsh, bash or all" ;; esac
    [ "$purge" -le "$remove" ] || usage_error "--purge goes with --uninstall"
    here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
    find_places
    trap clean_up EXIT
    trap interrupted INT TERM HUP
    if [ "$remove" -eq 1 ]; then uninstall; else install; fi
}

main "$@"
