#!/usr/bin/env bash
# Tests everything, from a fresh clone on: linters, types, and all tests on real shells.
#
#   bash scripts/test.sh              everything; arguments go to pytest
#   DEJA_MODEL_DIR=DIR …              use this exported model instead of exporting one
#   DEJA_TEST_FULL=1 …                the long tests in their full length
#   DEJA_TEST_COVERAGE=1 …            lines that daemons and commands run are counted too (slower)
#
# Without DEJA_MODEL_DIR the real installer runs once in an empty home directory, export and all;
# the model that it made then serves every test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

need() { # need COMMAND PACKAGE
  command -v "$1" >/dev/null && return
  echo "$1 is missing, and the tests need it; run: sudo apt-get install -y $2 (or: brew install $2)" >&2
  exit 1
}
need zsh zsh
need bash bash
need fish fish
need git git
need tmux tmux
need fzf fzf
need shellcheck shellcheck
PATH=$PATH:/usr/sbin need sshd openssh-server
need age age
need rclone rclone

step() { printf '\n== %s\n' "$*"; }

step "test environment (.venv)"
bash scripts/environment.sh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [ -z "${DEJA_MODEL_DIR:-}" ]; then
  step "the real installer, in an empty home directory"
  mkdir "$scratch/home of a tester"
  export DEJA_TEST_HOME="$scratch/home of a tester"
  env -u DEJA_HOME -u XDG_DATA_HOME -u XDG_CONFIG_HOME -u XDG_STATE_HOME -u ZDOTDIR \
    HOME="$DEJA_TEST_HOME" bash install.sh --yes --shell all --precision fp32
  export DEJA_MODEL_DIR="$DEJA_TEST_HOME/.local/share/deja/model"
fi

step "ruff, mypy, shellcheck"
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/mypy
git ls-files -z "*.sh" "*.bash" .ci/run | xargs -0 shellcheck

step "tests"
.venv/bin/coverage erase
run() { .venv/bin/coverage run -m pytest "$@"; }

# What fails is run once more, alone: on a busy machine a terminal may be late. Both runs are shown,
# and what failed in one of them is to be looked at.
run_twice() { # run_twice CACHE ARGUMENTS…
  local cache=(-o "cache_dir=$scratch/$1")
  shift
  run "${cache[@]}" "$@" && return
  step "what failed, once more"
  run "${cache[@]}" "$@" --last-failed --last-failed-no-failures none
}

if [ $# -gt 0 ]; then
  run "$@"
else
  # What waits for daemons, most of the time, goes beside what keeps a processor busy.
  run_twice beside tests/process >"$scratch/process.log" 2>&1 &
  beside=$!
  failed=0
  run_twice others --ignore=tests/process || failed=$?
  step "tests of the daemon, which ran meanwhile"
  wait "$beside" || failed=$?
  cat "$scratch/process.log"
  [ "$failed" = 0 ]
fi
.venv/bin/coverage combine --quiet
printf 'lines run by the tests: %s %% (which not: .venv/bin/coverage report --show-missing)\n' \
  "$(.venv/bin/coverage report --format=total)"
