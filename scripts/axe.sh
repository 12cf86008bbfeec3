#!/usr/bin/env bash
# axe-core, the accessibility checker the page tests run in a browser: fetched with npm, its hash checked against
# scripts/axe.lock, kept in .tools/ (not committed; MPL-2.0, used in tests alone). Without npm the tests skip and say so.
set -euo pipefail
cd "$(dirname "$0")/.."
read -r name version integrity < scripts/axe.lock
target=.tools/axe.min.js
[ -f ".tools/axe-$version" ] && [ -f "$target" ] && exit 0
command -v npm >/dev/null || { echo "optional: npm is missing, so the accessibility checks are skipped (Debian: apt install npm)"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! (cd "$work" && npm pack --silent "$name@$version" >/dev/null 2>&1); then
  echo "optional: $name could not be fetched, so the accessibility checks are skipped; try scripts/axe.sh again"; exit 0
fi
got="sha512-$(openssl dgst -sha512 -binary "$work"/*.tgz | base64 -w0)"
[ "$got" = "$integrity" ] || { echo "scripts/axe.sh: $name $version is not what scripts/axe.lock says; not used" >&2; exit 1; }
tar -xzf "$work"/*.tgz -C "$work" package/axe.min.js
mkdir -p .tools && cp "$work/package/axe.min.js" "$target" && touch ".tools/axe-$version"
