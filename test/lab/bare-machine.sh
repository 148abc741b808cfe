#!/bin/bash
# Runs a command in a fresh clone of this repository on a bare Debian: a tree that has nothing but the node
# and npm of this machine and a C++ compiler. Needs root and mmdebstrap (apt-get install mmdebstrap).
#
#   test/lab/bare-machine.sh npm run quickstart
#
# The tree is in namespaces of its own, but for the network: apt and npm have to reach their registries.
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
tree=$(mktemp -d "${TMPDIR:-/tmp}/virtnet-bare.XXXXXX")
trap 'rm -rf --one-file-system "$tree"' EXIT

mmdebstrap --quiet --mode=root --variant=minbase --include=g++,ca-certificates "$release" "$tree"

node=$(dirname "$(dirname "$(node -p process.execPath)")")
install "$node/bin/node" "$tree/usr/local/bin/"
cp -r "$node/include/node" "$tree/usr/local/include/"
mkdir -p "$tree/usr/local/lib/node_modules"
cp -r "$node/lib/node_modules/npm" "$tree/usr/local/lib/node_modules/"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$tree/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$tree/usr/local/bin/npx"

# What a machine behind a proxy needs to be in the network at all.
cp /etc/resolv.conf /etc/hosts "$tree/etc/"
cp /etc/ssl/certs/ca-certificates.crt "$tree/etc/ssl/certs/"
git clone --quiet "$repository" "$tree/srv/virtnet"

cat >"$tree/enter" <<'ENTER'
set -euo pipefail
mount --bind "$1" "$1"
cd "$1"
mount --rbind /dev dev
mount -t proc proc proc
mount -t sysfs sysfs sys
mkdir -p .old
pivot_root . .old
umount -l /.old
cd /srv/virtnet
shift
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root CI=true \
  NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "$@"
ENTER
unshare --mount --pid --fork --kill-child bash "$tree/enter" "$tree" "$@"
