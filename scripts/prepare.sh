# Sourced by the other scripts: goes to the repository, checks the Swift toolchain and installs what is missing.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
  echo "edviz: $1" >&2
  exit 69
}

command -v swift >/dev/null || fail "Swift 6.1 or later is needed (https://www.swift.org/install/linux/)"
version=$(swift --version 2>&1 | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
case "$version" in
  [0-5].* | 6.0 | "") fail "Swift 6.1 or later is needed, but this is ${version:-an unknown version}" ;;
esac

# OpenBLAS over OpenMP shares oneDNN's threads; its other builds keep threads of their own, which get in the way.
packages=(libdnnl-dev libopenblas-openmp-dev libpng-dev libjpeg-dev libwebp-dev libtiff-dev libgif-dev libcairo2-dev libssl-dev zlib1g-dev pkg-config fonts-dejavu-core)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
  command -v apt-get >/dev/null || fail "these libraries are needed: ${missing[*]} (Debian's names)"
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "as root, run: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  echo "edviz: installing ${missing[*]}" >&2
  export DEBIAN_FRONTEND=noninteractive
  # An old package list may name files that are gone, so a failure asks for a new list first.
  "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}" >&2 || {
    "${as_root[@]}" apt-get update >&2
    "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}" >&2
  } || fail "could not install ${missing[*]}"
fi
