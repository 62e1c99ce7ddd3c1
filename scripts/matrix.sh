#!/usr/bin/env bash
# Runs the tests on other versions than this machine's own: of Python, zsh and bash.
#
#   bash scripts/matrix.sh              all that can be had here; the rest is listed as not run
#   bash scripts/matrix.sh python       other Pythons from 3.11 on: pyenv's, and those on the PATH
#   bash scripts/matrix.sh shells       zsh 5.8 and bash 5.1, from Debian 11's packages
#   DEJA_MODEL_DIR=DIR …                an exported model: the tests that need one run, too
#   DEJA_MATRIX=DIR …                   where environments and shells are kept (build/matrix)
#
# A shell that lies elsewhere: DEJA_TEST_ZSH=/path/to/zsh DEJA_TEST_BASH=/path/to/bash before
# .venv/bin/pytest tests/shells.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

kept=$(mkdir -p "${DEJA_MATRIX:-build/matrix}" && cd "${DEJA_MATRIX:-build/matrix}" && pwd)
run=() not_run=() failed=()

step() { printf '\n== %s\n' "$*"; }

record() { # record NAME COMMAND…: run it, and keep how it went
  local name=$1
  shift
  step "$name"
  run+=("$name")
  "$@" || failed+=("$name")
}

python_of() { # python_of 3.12: where one is that can make environments
  local found
  for found in "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1."*/bin/python "$(command -v "python$1")"; do
    [ -x "$found" ] && "$found" -c 'import ensurepip' 2>/dev/null && echo "$found" && return
  done
  return 1
}

with_python() { # with_python PYTHON VERSION
  local environment=$kept/python-$2 tests=(tests/unit tests/test_*.py) marks="not slow and not model"
  [ -z "${DEJA_MODEL_DIR:-}" ] || marks="not slow"
  [ -x "$environment/bin/python" ] || "$1" -m venv "$environment" || return
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.txt || return
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check -r scripts/requirements-test.txt || return
  "$environment/bin/python" -m pytest -q -p no:cacheprovider --hypothesis-profile=quick -m "$marks" "${tests[@]}" || return
  "$environment/bin/python" -m pytest -q -p no:cacheprovider tests/process/test_commands.py tests/shells/test_recording.py
}

pythons() {
  local version found own
  own=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  for version in 3.11 3.12 3.13; do
    if [ "$version" = "$own" ]; then
      continue # scripts/test.sh takes this one
    elif found=$(python_of "$version"); then
      record "Python $("$found" -c 'import platform; print(platform.python_version())')" \
        with_python "$found" "$version"
    else
      not_run+=("Python $version: neither pyenv nor the PATH has it")
    fi
  done
}

fetch_debian_11() { # zsh and bash of Debian 11, unpacked beside those of the machine
  local apt=$kept/apt mirror
  [ -x "$kept/debian-11/zsh" ] && return
  command -v apt-get >/dev/null || return
  mirror=$(grep -hoE 'https?://[^ ]*/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1 | tr -d ' ')
  mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$kept/debian-11"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:-https://deb.debian.org/debian} bullseye main" >"$apt/sources.list"
  local options=(-qq -o "Dir::State=$apt" -o "Dir::Cache=$apt" -o "Dir::Etc::SourceList=$apt/sources.list"
    -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Status=/dev/null -o APT::Sandbox::User=root)
  (cd "$apt" && apt-get "${options[@]}" update && apt-get "${options[@]}" download zsh zsh-common bash) || return
  local package
  for package in "$apt"/*.deb; do dpkg -x "$package" "$kept/debian-11"; done
  # The functions that it loads are to be its own.
  local functions=("$kept/debian-11/usr/share/zsh/functions/"*/)
  printf '#!/bin/sh\nFPATH=%q exec %q "$@"\n' "$(IFS=: && echo "${functions[*]%/}")" \
    "$kept/debian-11/bin/zsh" >"$kept/debian-11/zsh"
  chmod +x "$kept/debian-11/zsh"
}

# zsh looks for its modules where it was built for: there they are lent to it.
lent=
lend_modules() {
  local modules
  modules=$(cd "$kept/debian-11" && echo usr/lib/*/zsh/5.8)
  [ -e "/$modules" ] || { ln -s "$kept/debian-11/$modules" "/$modules" && lent=/$modules; }
}
trap '[ -z "$lent" ] || rm -f "$lent"' EXIT

with_shells() {
  DEJA_TEST_ZSH=$kept/debian-11/zsh DEJA_TEST_BASH=$kept/debian-11/bin/bash .venv/bin/python -m pytest -q \
    -p no:cacheprovider tests/shells --deselect tests/shells/test_typed_storm.py
}

shells() {
  if fetch_debian_11 && lend_modules; then
    record "zsh 5.8 and bash 5.1" with_shells
  else
    not_run+=("zsh 5.8 and bash 5.1: no packages of Debian 11 here, or no right to lend zsh its modules")
  fi
  not_run+=("bash 5.0 and 3.2: no package registry has them")
}

case "${1:-all}" in
  python) pythons ;;
  shells) shells ;;
  all) pythons && shells ;;
  *) echo "no such part: $1; one of: python, shells" >&2 && exit 2 ;;
esac

step "the matrix"
[ ${#run[@]} = 0 ] || printf 'run      %s\n' "${run[@]}"
[ ${#not_run[@]} = 0 ] || printf 'not run  %s\n' "${not_run[@]}"
[ ${#failed[@]} = 0 ] || { printf 'failed   %s\n' "${failed[@]}" && exit 1; }
