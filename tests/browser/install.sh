#!/bin/sh
# Install what the browser tests need into the folder $1: Debian's Chromium and fonts (where they are missing), axe-core.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if ! command -v chromium >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-noto-core >/dev/null
fi
mkdir -p "$1"
cp "$here/package.json" "$here/package-lock.json" "$1"
npm ci --prefix "$1" --no-audit --no-fund --silent
