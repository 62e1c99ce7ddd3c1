# The export: a temporary environment with PyTorch, deleted again whatever happens.
# Read by install.sh and scripts/build_wheel.sh, whose variables it shares.
# shellcheck shell=bash disable=SC2034,SC2154

readonly TORCH_CPU_INDEX=https://download.pytorch.org/whl/cpu

# Float32 is a hundred megabytes that few use: it is there for who asks for it, or is set to it.
wanted_precision() {
    DEJA_MODEL_DIR=$model "$python" -I - "$here" "$config" "$data" "$logs" <<'EOF' 2>/dev/null || say int8
import pathlib, sys
sys.path.insert(0, sys.argv[1])
from backend import config
print(config.load_from(*map(pathlib.Path, sys.argv[2:])).precision)
EOF
}

check_model() {
    "$runtime/bin/python" -I "$here/scripts/export_to_onnx.py" --check --precision "$precision" \
        --output "$model"
}

# A model that others share is theirs to reduce.
reduce_model() {
    [ "$precision" = int8 ] && [ "$model" = "$data/model" ] && [ ! -L "$model" ] || return 0
    "$runtime/bin/python" -I "$here/scripts/export_to_onnx.py" --reduce --output "$model"
}

# Find where torch comes from: pip's options, one a line, and what pip would download.
find_torch() {
    "$python" -I -m venv "$scratch/venv" || return 1
    if [ -n "$torch_index" ]; then
        printf '%s\n' --extra-index-url "$torch_index" >"$scratch/torch-options"
    elif [ "$(uname -s)" = Linux ] && "$python" -I "$here/scripts/install/reach.py" "$TORCH_CPU_INDEX/torch/"; then
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
        "$scratch/venv/bin/python" -I "$here/scripts/export_to_onnx.py" --precision "$precision" \
        ${model_source:+--model-source "$model_source"} --output "$model"
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
        reduce_model >>"$log" 2>&1 || say "  Its float32 part could not be removed: see $log"
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
