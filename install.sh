#!/usr/bin/env bash
# Install, upgrade or take back deja. Run it again at any time.
#
# Runs in bash 3.2 too, because that is macOS's. Everything goes below one data directory, but
# for the launcher in ~/.local/bin and one line in .zshrc, .bashrc and config.fish.

set -euo pipefail
umask 077

# ONNX Runtime's official builds report their use unless told otherwise (backend/meaning/embedder.py).
export ORT_DISABLE_TELEMETRY=1 ORT_TELEMETRY_DISABLED=1

usage() {
    cat <<'EOF'
usage: bash install.sh [options]
  --yes                    ask nothing
  --no-rc                  leave the start-up files of shells alone
  --suggest                have zsh-autosuggestions, which you load, show what is likely next
  --shell SHELL            whose start-up file gets the line: zsh, bash, fish or all (default:
                           every shell that is here)
  --precision int8|fp32    fp32: keep the float32 model, too (90 MB; for a GPU or exact vectors)
  --model-source DIR       take the original model from DIR, not from the network
  --torch-index-url URL    where pip finds torch (default on Linux: PyTorch's CPU builds)
  --uninstall [--purge]    take back every edit and file (--purge: the history too)
Environment: DEJA_HOME=DIR puts all of deja's files under DIR; DEJA_MODEL_DIR names a model to share.
EOF
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=scripts/install/telling.sh
. "$here/scripts/install/telling.sh"
# shellcheck source=scripts/install/places.sh
. "$here/scripts/install/places.sh"
# shellcheck source=scripts/install/runtime.sh
. "$here/scripts/install/runtime.sh"
# shellcheck source=scripts/install/model.sh
. "$here/scripts/install/model.sh"
# shellcheck source=scripts/install/program.sh
. "$here/scripts/install/program.sh"

# Beforehand, because it is much: what stays, and what passes through.
tell_size() {
    local disk=141
    [ "$precision" = int8 ] || disk=231
    say "deja $(version) takes $disk MB in $data"
    [ -e "$runtime/complete" ] || say "  To download: runtime environment 51 MB"
    [ -e "$model/manifest.json" ] ||
        say "  To download, and deleted again: 420 MB to export the model (3 GB with CUDA's PyTorch)"
}

ask() {
    [ "$yes" -eq 0 ] || return 0
    [ -t 0 ] || fail "nobody to ask" "this is no terminal" "run: bash install.sh --yes"
    printf 'Install it? [Y/n] '
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
    printf '%s\n' "$$" 2>/dev/null >"$lock/pid" ||
        fail "nothing can be written to $data" "is the disk full?" "free some space, run this again"
}

install() {
    find_python
    runtime=$(runtime_dir)
    model=${DEJA_MODEL_DIR:-$data/model}
    asked=$precision
    [ -n "$asked" ] || precision=$(wanted_precision)
    tell_size
    ask
    make_dirs
    take_lock
    log=$logs/install.log
    : >"$log"
    say "  Python: $python"
    if [ ! -e "$runtime/complete" ]; then
        step "Making the runtime environment" make_runtime ||
            fail "the runtime environment could not be made" "$(last_words)" \
                "check the network and the disk space, then run this again"
    fi
    get_model
    step "Copying deja" copy_app || fail "deja could not be copied" "$(last_words)" "run this again"
    link_model
    set_up
    remove_old
}

version() { sed -n 's/^__version__ = "\(.*\)"/\1/p' "$here/backend/__init__.py"; }

# Shells, daemon and histories are the business of `deja setup`, as where deja came in a wheel.
set_up() {
    local options=()
    [ "$yes" -eq 0 ] || options+=(--yes)
    [ "$rc" -eq 1 ] || options+=(--no-rc)
    [ "$suggest" -eq 0 ] || options+=(--suggest)
    [ -z "$shells" ] || options+=(--shell "$shells")
    # Asked for, it is used, too, and kept by the next upgrade.
    [ -z "$asked" ] || "$runtime/bin/python" -I "$app/backend/app.py" config set precision "$asked"
    "$runtime/bin/python" -I "$app/backend/app.py" setup ${options[@]+"${options[@]}"} ||
        fail "deja is installed, and could not be set up" "see above" "mend that and run: deja setup"
}

uninstall() {
    find_python
    "$python" -I "$here/backend/setup/undo.py" "$config" "$data" "$logs" "$@"
}

usage_error() {
    printf 'deja: %s; bash install.sh --help lists the options\n' "$1" >&2
    exit 2
}

main() {
    yes=0 rc=1 suggest=0 shells='' precision='' model_source='' torch_index='' remove=0 purge=0
    while [ $# -gt 0 ]; do
        case $1 in
            --yes | -y) yes=1 ;;
            --no-rc) rc=0 ;;
            --suggest) suggest=1 ;;
            --uninstall) remove=1 ;;
            --purge) purge=1 ;;
            --shell | --precision | --model-source | --torch-index-url)
                [ $# -ge 2 ] || usage_error "$1 needs a value"
                case $1 in
                    --shell) shells=$2 ;;
                    --precision) precision=$2 ;;
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
    case $shells in '' | zsh | bash | fish | all) ;; *) usage_error "--shell takes zsh, bash, fish or all" ;; esac
    case $precision in '' | int8 | fp32) ;; *) usage_error "--precision takes int8 or fp32" ;; esac
    [ "$purge" -le "$remove" ] || usage_error "--purge goes with --uninstall"
    find_places
    trap clean_up EXIT
    trap interrupted INT TERM HUP
    if [ "$remove" -eq 0 ]; then
        install
    elif [ "$purge" -eq 1 ]; then
        uninstall --purge
    else
        uninstall
    fi
}

main "$@"
