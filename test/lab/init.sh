#!/bin/bash
# Process 1 of a lab: gives its namespaces their own face of the machine, says `ready`, and reaps orphans
# until its standard input ends. The test process holds the other end of that pipe, so however the test
# process dies, everything in the lab dies with it.
#
#   init.sh BASE PATH...    each PATH shows BASE/PATH instead of the machine's own
set -euo pipefail
base=$1
shift

end() {
  kill -KILL -1 2>/dev/null || true # there may be no other process
  rm -rf --one-file-system "$base"
}
trap end EXIT

for path in "$@"; do mount --bind "$base$path" "$path"; done

# The sysfs of this network namespace. The machine's real devices are in it too: only the virtual links
# are writable, so that no test can unbind, reset or remove a device that the machine needs. A system VM
# (LAB_DEVICES=writable) needs none, and keeps its own.
if [[ ${LAB_DEVICES:-} != writable ]]; then
  mount -t sysfs sysfs /sys
  mount --bind /sys/devices/virtual/net /sys/devices/virtual/net
  mount -o remount,bind,ro /sys
fi

echo lab >/proc/sys/kernel/hostname
ip link set lo up

echo ready
read -r _
