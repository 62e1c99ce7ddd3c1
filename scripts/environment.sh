#!/usr/bin/env bash
# The environment to work on deja in: .venv, with what deja runs on and what checks it.
#
#   bash scripts/environment.sh                PYTHON=/path/to/python3.11 … takes that interpreter
#
# Run it again at any time: it installs only what has changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "$python is older than Python 3.11; run again with PYTHON=/path/to/python3.11 before the command" >&2
  exit 1
}

[ -x .venv/bin/python ] || "$python" -m venv .venv
wanted=$(cat requirements.txt scripts/requirements-test.txt)
if [ "$(cat .venv/deja-requirements 2>/dev/null)" != "$wanted" ]; then
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.txt
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -r scripts/requirements-test.txt
  printf '%s\n' "$wanted" >.venv/deja-requirements
fi
