#!/bin/sh
# Runs a program in the unpacked files of an image, as a kubelet with readOnlyRootFilesystem and an emptyDir at /tmp
# does: run-in-image.sh ROOT USER FILE… -- COMMAND… Needs a mount namespace of its own (unshare --mount). FILEs are
# copied to the same path, readable by USER.
set -eu
root=$1
user=$2
shift 2

mount --bind "$root" "$root"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
# The kubelet writes these two.
for file in /etc/hosts /etc/resolv.conf; do
  touch "$root$file"
  mount --bind "$file" "$root$file"
done
while [ "$1" != -- ]; do
  mkdir -p "$root$(dirname "$1")"
  cp "$1" "$root$1"
  [ -z "$user" ] || chown "$user:$user" "$root$1"
  shift
done
shift
mount -o remount,bind,ro "$root"

if [ -n "$user" ]; then
  exec unshare --root="$root" --wd=/app --setgid "$user" --setuid "$user" -- "$@"
fi
exec unshare --root="$root" --wd=/app -- "$@"
