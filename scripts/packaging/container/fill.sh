#!/usr/bin/env bash
# Put deja into a directory of its own, as the image has it: bash fill.sh WHEEL DIR
#
# Run by an interpreter at the path where the image has it, because a virtual environment names it.
set -euo pipefail
[ $# -eq 2 ] || {
    echo "usage: bash fill.sh WHEEL DIR" >&2
    exit 2
}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
wheel=$1 runtime=$2 python=${PYTHON:-/usr/bin/python3} data=$(mktemp -d)
log=$data/log
trap 'rm -rf "$data"' EXIT
# shellcheck source=scripts/install/runtime.sh
. "$here/scripts/install/runtime.sh"
make_whole_runtime >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    exit 1
}
rm -f "$runtime/complete"
"$python" -I -m venv "$data/pip"
"$data/pip/bin/python" -I -m pip --python "$runtime/bin/python" install --quiet --no-deps --no-index \
    --disable-pip-version-check "$wheel"
"$runtime/bin/deja" --version
