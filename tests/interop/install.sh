#!/usr/bin/env bash
# Installs what `make interop` compares with, where it is missing: Virtuoso, Redland, Jena and RDF4J from Debian, Comunica, quadstore and N3.js
# from npm into the folder given.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
npm_folder=$1

missing=()
command -v virtuoso-t >/dev/null || missing+=(virtuoso-opensource-7-bin)
command -v rapper >/dev/null || missing+=(raptor2-utils)
command -v java >/dev/null || missing+=(default-jdk-headless)
[[ -e /usr/share/java/jena-tdb2.jar ]] || missing+=(libapache-jena-java)
[[ -e /usr/share/java/rdf4j-rio-turtle.jar ]] || missing+=(librdf4j-java)
if ((${#missing[@]})); then
  command -v apt-get >/dev/null || { echo "Install ${missing[*]} (their names in Debian), then try again." >&2; exit 1; }
  as_root=()
  if [[ $(id -u) != 0 ]]; then as_root=(sudo); fi
  echo "Installing ${missing[*]} ..."
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
fi

command -v npm >/dev/null || { echo "Install Node.js 20 or newer with npm, then try again." >&2; exit 1; }
mkdir -p "$npm_folder"
cp "$here"/*.mjs "$npm_folder/"
if ! cmp -s "$here/package.json" "$npm_folder/package.json" || [[ ! -d $npm_folder/node_modules/quadstore ]]; then
  echo "Installing Comunica, quadstore and N3.js (a minute) ..."
  cp "$here/package.json" "$here/package-lock.json" "$npm_folder/"
  npm ci --prefix "$npm_folder" --silent --no-audit --no-fund
fi
