#!/usr/bin/env bash
# Build the wheel: program, plugins and the 8-bit model in one file, for uv, pipx and pip.
#
#   bash scripts/build_wheel.sh --out DIR
#
#   DEJA_MODEL_DIR=DIR …       takes the model that was exported to DIR, and exports none
#   PYTHON=DIR/bin/python …    checks with this one, which has what requirements.txt names
#
# The model's hashes are checked, and that it embeds known texts as the original does: in the wheel.
set -euo pipefail
umask 022
export ORT_DISABLE_TELEMETRY=1 ORT_TELEMETRY_DISABLED=1

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=scripts/install/telling.sh
. "$here/scripts/install/telling.sh"
# shellcheck source=scripts/install/runtime.sh
. "$here/scripts/install/runtime.sh"
# shellcheck source=scripts/install/model.sh
. "$here/scripts/install/model.sh"

# The program, as it will lie in the wheel.
lay_out() {
    local package=$data/wheel/deja_history
    cp -R "$here/scripts/packaging/wheel" "$data/" &&
        cp "$here/README.md" "$here/LICENSE" "$here/requirements.txt" "$data/wheel/" &&
        mkdir -p "$package/scripts" &&
        cp -R "$here/backend" "$here/shell_plugin" "$package/" &&
        cp "$here/scripts/__init__.py" "$here/scripts/build_index.py" "$package/scripts/" &&
        rm -f "$package/shell_plugin/install.sh" &&
        find "$data/wheel" -name __pycache__ -prune -exec rm -rf {} + &&
        cp -RL "$model" "$package/model" &&
        "$runtime/bin/python" -I "$here/scripts/export_to_onnx.py" --reduce --output "$package/model"
}

build() {
    "$python" -I -m venv "$data/builder" &&
        "$data/builder/bin/python" -I -m pip wheel --disable-pip-version-check --no-deps \
            --wheel-dir "$data/built" "$data/wheel"
}

# What came out, unpacked.
check_wheel() {
    "$python" -I -m zipfile -e "$data"/built/deja_history-*.whl "$data/unpacked" &&
        "$runtime/bin/python" -I "$here/scripts/export_to_onnx.py" --check --precision int8 \
            --output "$data/unpacked/deja_history/model"
}

remove_data() {
    [ -z "${child-}" ] || kill -TERM -- "-$child" 2>/dev/null || true
    rm -rf "$data"
}

main() {
    if [ $# -ne 2 ] || [ "$1" != --out ]; then
        say "usage: bash scripts/build_wheel.sh --out DIR" >&2
        exit 2
    fi
    mkdir -p "$2"
    # The same commit gives the same wheel.
    SOURCE_DATE_EPOCH=$(git -C "$here" log -1 --format=%ct 2>/dev/null) || SOURCE_DATE_EPOCH=315532800
    export SOURCE_DATE_EPOCH
    data=$(mktemp -d) precision=int8 torch_index='' model_source=''
    log=$data/log
    trap remove_data EXIT
    trap 'exit 130' INT TERM HUP
    find_python
    if [ -n "${PYTHON-}" ]; then
        runtime=$(dirname "$(dirname "$PYTHON")")
    else
        runtime=$data/runtime
        step "Making a runtime environment" make_runtime ||
            fail "no runtime environment" "$(last_words)" "check the network, then run this again"
    fi
    model=${DEJA_MODEL_DIR:-$data/model}
    get_model
    step "Laying out the wheel" lay_out || fail "nothing to pack" "$(last_words)" "mend that, run this again"
    step "Building it" build || fail "no wheel" "$(last_words)" "check the network, then run this again"
    step "Checking it" check_wheel || fail "a wheel that is not whole" "$(last_words)" "run this again"
    mv "$data"/built/deja_history-*.whl "$2/"
    ls -l "$2"/deja_history-*.whl
}

main "$@"
