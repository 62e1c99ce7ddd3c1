#!/usr/bin/env bash
# The file system of the image, without a registry and without Docker; measured, and tried in a chroot.
#
#   sudo bash scripts/packaging/container/rootfs.sh WHEEL OUT.tar.gz     (needs mmdebstrap)
#
# `docker import OUT.tar.gz deja` makes an image of it. Takes the same packages and runs the same
# fill.sh and start.sh as the Dockerfile beside it.
set -euo pipefail
[ $# -eq 2 ] || {
    sed -n 's/^#   //p' "$0" >&2
    exit 2
}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
wheel=$(realpath "$1") out=$2 root=$(mktemp -d)
trap 'rm -rf --one-file-system "$root"' EXIT
chmod 755 "$root"

# What debian:bookworm-slim leaves out, too.
slim=(--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright'
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*'
    --dpkgopt='path-exclude=/usr/share/info/*' --dpkgopt='path-exclude=/usr/share/lintian/*')
mmdebstrap --quiet --variant=minbase --aptopt='APT::Install-Recommends "false"' "${slim[@]}" \
    --include="usr-is-merged,$(paste -sd, "$here/packages.txt")" bookworm "$root"
bash "$here/fill.sh" "$wheel" /opt/deja
mv /opt/deja "$root/opt/deja"
install -m 755 "$here/start.sh" "$root/usr/local/bin/start-deja"
ln -s /opt/deja/bin/deja "$root/usr/local/bin/deja"
chroot "$root" useradd --create-home --shell /bin/zsh deja
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/*.log "$root"/tmp/*
tar -C "$root" -czf "$out" .
du -m --apparent-size "$out"

# In a mount name space of its own: what is mounted there is not there when all this is removed.
unshare --mount bash -s "$root" <<'EOF'
mount -t proc proc "$1/proc"
mount --bind /dev "$1/dev"
exec chroot --userspec=deja:deja "$1" env -i HOME=/home/deja LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin \
    sh -c 'cd && echo "tar xzf backup.tgz" >.bash_history && start-deja deja search --mode meaning unpack an archive
        deja stop'
EOF
