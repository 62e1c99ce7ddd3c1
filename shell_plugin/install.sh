#!/usr/bin/env bash
# Forwards to the installer at the top of the repository.
exec bash "$(dirname "$0")/../install.sh" "$@"
