#!/bin/sh
# Rebuild the files of this folder from pinned npm packages, in a temporary folder: nothing but the results stays here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$here/package.json" "$here/package-lock.json" "$here/build.mjs" "$here/src" "$work"
cd "$work"
npm ci --no-audit --no-fund --silent
node build.mjs "$here"
