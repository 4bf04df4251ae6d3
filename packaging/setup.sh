#!/usr/bin/env bash
# Installs the Debian packages that are missing for a purpose, and nothing else.
#
# usage: packaging/setup.sh build|test|ci
#
# On a machine that has them all no package manager is called, so that neither the network nor
# any right is needed.
set -euo pipefail

readonly purpose=${1:-build}
list=$(dirname "$0")/debian-packages.txt
readonly list

# The packages of the sections up to the one that is asked for.
wanted() {
  awk -v last="[$purpose]" '
    /^\[/ { if (found) exit; if ($0 == last) found = 1; next }
    /^[a-z0-9]/ { print }
    END { if (!found) exit 1 }' "$list"
}

is_installed() {
  dpkg-query --show --showformat='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

if ! packages=$(wanted); then
  echo "setup: unknown purpose '$purpose'; known: build, test, ci" >&2
  exit 2
fi
if ! command -v dpkg-query >/dev/null; then
  echo "setup: this is not Debian, so nothing is installed; a missing library is named below" >&2
  exit 0
fi

missing=()
for package in $packages; do
  is_installed "$package" || missing+=("$package")
done
if [[ ${#missing[@]} -eq 0 ]]; then
  exit 0
fi

as_root=()
if [[ $(id -u) -ne 0 ]]; then
  if ! command -v sudo >/dev/null; then
    echo "setup: these packages are missing, and you are neither root nor is there sudo:" >&2
    echo "  ${missing[*]}" >&2
    echo "setup: ask an administrator to run: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get --quiet --option DPkg::Lock::Timeout=300 "$@"
}

echo "setup: installing ${missing[*]}"
apt update
apt install --yes --no-install-recommends "${missing[@]}"
