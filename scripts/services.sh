#!/usr/bin/env bash
# Starts PostgreSQL with PostGIS, an S3 server and a STAC API on loopback, runs the command given, and takes all away.
#
#   scripts/services.sh VENV COMMAND...    VENV holds moto, pypgstac and stac-fastapi (requirements/services.lock)
#
# The command finds them at YARDWATCH_TEST_POSTGIS, YARDWATCH_TEST_PGSTAC, YARDWATCH_TEST_S3, YARDWATCH_TEST_STAC.
set -euo pipefail
bin=$PWD/$1/bin
shift
say() { echo "services: $*" >&2; }
fail() { say "$*"; exit 3; }

newest_postgres() { find /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin -name initdb 2>/dev/null | sort -V | tail -n 1; }
has_postgis() { compgen -G "/usr/share/postgresql/*/extension/postgis.control" >/dev/null || [ ! -d /usr/share/postgresql ]; }
if [ -z "$(newest_postgres)" ] || ! has_postgis; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
    fail "PostgreSQL with PostGIS is missing; install it (Debian: apt install postgresql-15 postgresql-15-postgis-3)"
  say "installing PostgreSQL and PostGIS"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-15 postgresql-15-postgis-3 >/dev/null
fi
postgres=$(dirname "$(newest_postgres)")

# PostgreSQL does not run as root.
as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
free_port() { "$bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
wait_for() { # name, log, command...
  local name=$1 log=$2
  shift 2
  for _ in $(seq 300); do "$@" >/dev/null 2>&1 && return; sleep 0.1; done
  tail -n 20 "$log" >&2
  fail "$name did not start within 30 s"
}

folder=$(mktemp -d "${TMPDIR:-/tmp}/yardwatch-services.XXXXXX")
chmod 755 "$folder"
mkdir "$folder/pg"
[ "$(id -u)" = 0 ] && chown postgres "$folder/pg"
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  (cd / && as_owner "$postgres/pg_ctl" -D "$folder/pg/data" -m immediate stop >/dev/null 2>&1) || true
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

port=$(free_port)
say "PostgreSQL on 127.0.0.1:$port"
(
  cd /
  as_owner "$postgres/initdb" -D "$folder/pg/data" -U postgres -A trust --no-sync -E UTF8 --locale=C.UTF-8 >/dev/null
  as_owner "$postgres/pg_ctl" -D "$folder/pg/data" -l "$folder/pg/log" -w -t 60 start \
    -o "-p $port -h 127.0.0.1 -k $folder/pg -c fsync=off -c shared_buffers=64MB" >/dev/null
) || { cat "$folder/pg/log" >&2; fail "PostgreSQL did not start"; }
export PGHOST=127.0.0.1 PGPORT=$port PGUSER=postgres
(cd / && "$postgres/createdb" yardwatch && "$postgres/createdb" pgstac)
PGDATABASE=pgstac "$bin/pypgstac" migrate >/dev/null

s3_port=$(free_port)
say "S3 on 127.0.0.1:$s3_port"
"$bin/moto_server" -H 127.0.0.1 -p "$s3_port" >"$folder/s3.log" 2>&1 &
pids+=($!)
stac_port=$(free_port)
say "STAC API on 127.0.0.1:$stac_port"
PGPASSWORD=none PGDATABASE=pgstac "$bin/uvicorn" --factory stac_fastapi.pgstac.app:create_app \
  --host 127.0.0.1 --port "$stac_port" >"$folder/stac.log" 2>&1 &
pids+=($!)
up() { "$bin/python" -c 'import sys, urllib.request; urllib.request.build_opener(urllib.request.ProxyHandler({})).open(sys.argv[1], timeout=2)' "$1"; }
wait_for "the S3 server" "$folder/s3.log" up "http://127.0.0.1:$s3_port/moto-api/"
wait_for "the STAC API" "$folder/stac.log" up "http://127.0.0.1:$stac_port/_mgmt/ping"

unset PGHOST PGPORT PGUSER
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
export YARDWATCH_TEST_POSTGIS=postgresql://postgres@127.0.0.1:$port/yardwatch
export YARDWATCH_TEST_PGSTAC=postgresql://postgres@127.0.0.1:$port/pgstac
export YARDWATCH_TEST_S3=http://127.0.0.1:$s3_port
export YARDWATCH_TEST_STAC=http://127.0.0.1:$stac_port
"$@"
