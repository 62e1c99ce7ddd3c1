# A Python that will do, and the environment that deja runs in.
# Read by install.sh and scripts/build_wheel.sh, whose variables it shares.
# shellcheck shell=bash disable=SC2034,SC2154

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

# A runtime that is not complete is of no use, and on a full disk it is what fills it. What was
# downloaded is of use the next time, unless it is that.
make_runtime() {
    make_whole_runtime || {
        rm -rf "$runtime"
        ! grep -qi 'no space left' "$log" || rm -rf "$data/downloads"
        return 1
    }
}

make_whole_runtime() {
    rm -rf "$runtime" &&
        "$python" -I -m venv "$runtime" &&
        pip_install "$runtime/bin/python" --no-deps --no-compile -r "$here/requirements.txt" &&
        { [ ! -e "$data/sync/settings.json" ] ||
            pip_install "$runtime/bin/python" --no-deps --no-compile \
                -r "$here/backend/sync/requirements.txt"; } &&
        # pip is not needed again: an upgrade makes a new environment.
        "$runtime/bin/python" -I -m pip uninstall --yes pip setuptools &&
        trim_packages "$runtime" &&
        # What is imported is compiled; the rest of the packages is not needed so soon.
        "$runtime/bin/python" -I -c 'import onnxruntime, tokenizers, click, psutil, rapidfuzz, simsimd' &&
        : >"$runtime/complete"
}

# What only those need who work on these packages, build on them or convert models, and ONNX
# Runtime's library for C: its Python module holds all of it once more. 51 MB.
trim_packages() {
    local packages
    for packages in "$1"/lib/python*/site-packages; do
        [ -d "$packages" ] || continue
        rm -rf "$packages"/onnxruntime/{datasets,quantization,tools,transformers} \
            "$packages"/onnxruntime/capi/libonnxruntime.so.* \
            "$packages"/numpy/{distutils,f2py,_core/include} &&
            find "$packages" \( -type d -name tests -o -name '*.pyi' -o -name '*.a' \) -prune -exec rm -rf {} + ||
            return
    done
}
