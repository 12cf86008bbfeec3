#!/usr/bin/env bash
# Makes the virtual environment named in $1: pinned installer, hash-locked packages, Yardwatch itself.
set -euo pipefail
venv=$1
python=${PYTHON:-python3}

fail() { echo "yardwatch: $*" >&2; exit 1; }

command -v "$python" >/dev/null || fail "$python not found; install Python 3.11 or newer (Debian: apt install python3 python3-venv)"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  fail "$("$python" --version) is too old; Yardwatch needs 3.11 or newer. Name another with: make PYTHON=python3.12 setup"
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
  fail "this Python has no venv module; install it (Debian: apt install python3-venv)"

step() { echo "yardwatch: $*"; }

step "making $venv with $("$python" --version)"
"$python" -m venv --clear "$venv"
step "installing the pinned installer"
"$venv/bin/pip" install --quiet --require-hashes --only-binary :all: -r requirements/installer.lock
step "installing the locked packages"
export VIRTUAL_ENV=$PWD/$venv
"$venv/bin/uv" pip install --quiet --require-hashes -r requirements/requirements.lock
step "installing yardwatch"
"$venv/bin/uv" pip install --quiet --no-deps --no-build-isolation --editable .
