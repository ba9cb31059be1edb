#!/usr/bin/env bash
# Installs the JavaScript clients of tests/server/test_clients.py into the folder given, where they are missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
command -v npm >/dev/null || { echo "Install Node.js 20 or newer with npm, then try again." >&2; exit 1; }
mkdir -p "$folder"
cp "$here"/*.mjs "$folder/"
if ! cmp -s "$here/package.json" "$folder/package.json" || [[ ! -d $folder/node_modules/fetch-sparql-endpoint ]]; then
  echo "Installing JavaScript clients (a minute) ..."
  cp "$here/package.json" "$here/package-lock.json" "$folder/"
  npm ci --prefix "$folder" --silent --no-audit --no-fund
fi
