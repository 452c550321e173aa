#!/bin/sh
# The demo's round with curl and a cookie jar: sign in, see a page, sign out, sign in again.
#
#   mvn -DskipTests package && src/test/demo-round-trip.sh [target/postern]
set -eu

image=${1:-target/postern}
work=$(mktemp -d)
demo=
cleanup() {
  [ -z "$demo" ] || kill "$demo" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

"$image/bin/postern" demo --for=60s --traefik=none > "$work/out" 2>&1 &
demo=$!
tries=0
until grep -q 'Press Ctrl-C' "$work/out"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 300 ] || ! kill -0 "$demo" 2>/dev/null; then
    cat "$work/out" >&2
    exit 1
  fi
  sleep 0.2
done
port=$(sed -n 's|.*runs at http://postern.localhost:\([0-9]*\).*|\1|p' "$work/out")
photos=http://photos.postern.localhost:$port

# Any name below localhost is this machine (RFC 6761); not every resolver knows.
ask() {
  curl -sS -L -b "$work/jar" -c "$work/jar" --max-time 20 \
    --resolve "photos.postern.localhost:$port:127.0.0.1" \
    --resolve "auth.postern.localhost:$port:127.0.0.1" "$@"
}
expect() { # FILE TEXT
  grep -q "$2" "$1" || {
    echo "$2 is not in:" >&2
    cat "$1" >&2
    exit 1
  }
}

ask -o "$work/login" "$photos/"
expect "$work/login" 'name="password"'
query=$(sed -n 's/.*name="query" value="\([^"]*\)".*/\1/p' "$work/login" | sed 's/&amp;/\&/g')
ask -o "$work/page" --data-urlencode "query=$query" -d username=alice -d password=wonderland \
  "http://auth.postern.localhost:$port/if/flow/login/"
expect "$work/page" 'Alice Liddell'
ask -o "$work/again" "$photos/"
expect "$work/again" 'Alice Liddell'
ask -o "$work/out-page" "$photos/outpost.goauthentik.io/sign_out"
ask -o "$work/asked" "$photos/"
expect "$work/asked" 'name="password"'

kill "$demo"
wait "$demo" || true
demo=
echo "The demo's round: signed in, served, signed out, sign-in required."
