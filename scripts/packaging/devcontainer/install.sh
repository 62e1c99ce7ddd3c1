#!/bin/sh
# The feature's installation, run as root when the container is built. The history lies on a volume
# (DEJA_HOME), so that it outlives the container; the daemon starts with the first shell.
#
# Build the wheel into this folder first: bash scripts/build_wheel.sh --out scripts/packaging/devcontainer
set -eu
here=$(dirname "$0")
wheel=${WHEEL:-$(echo "$here"/deja_history-*.whl)}
user=${_REMOTE_USER:-root}
home=${_REMOTE_USER_HOME:-$HOME}

python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    apt-get update
    apt-get install -y --no-install-recommends python3 python3-venv
}
python3 -m venv /opt/deja
/opt/deja/bin/python -m pip install --quiet --disable-pip-version-check "$wheel"
ln -sf /opt/deja/bin/deja /usr/local/bin/deja

# Compiled here, because the user may not write there.
/opt/deja/bin/python -m compileall -q /opt/deja/lib/python3*/site-packages/deja_history || true
mkdir -p /var/lib/deja
chown "$user" /var/lib/deja
chmod 700 /var/lib/deja
su "$user" -c "HOME='$home' DEJA_HOME=/var/lib/deja deja setup --shell all --yes && HOME='$home' DEJA_HOME=/var/lib/deja deja stop"
