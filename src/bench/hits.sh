#!/bin/bash
# Hits side by side: Postern and nginx's proxy_cache answer the same remembered verdict (12 headers,
# a token of 1.1 KB) on the same core, in turn; wrk asks from another core. Prints requests a
# second and p99 of each round, and the ratios of the medians.
#
#   mvn -DskipTests package && src/bench/hits.sh [ROUNDS] [SECONDS]
#
# Needs nginx, wrk, taskset and python3, and two cores.
set -euo pipefail

rounds=${1:-5}
seconds=${2:-5}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
outpost=$(free_port) postern=$(free_port) admin=$(free_port) nginx=$(free_port)

python3 "$root/src/bench/outpost.py" "$outpost" & pids+=($!)

cat > "$work/nginx.conf" <<EOF
user root; daemon off; worker_processes 1; pid $work/nginx.pid; error_log $work/error.log;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f;
  uwsgi_temp_path $work/u; scgi_temp_path $work/s;
  proxy_cache_path $work/cache keys_zone=verdicts:10m;
  server {
    listen 127.0.0.1:$nginx;
    location / {
      proxy_pass http://127.0.0.1:$outpost;
      proxy_cache verdicts;
      proxy_cache_key "\$http_x_forwarded_host \$http_cookie";
      proxy_cache_valid 200 1h;
    }
  }
}
EOF
taskset -c 0 nginx -p "$work" -c "$work/nginx.conf" & pids+=($!)
POSTERN_JAVA_OPTS="${POSTERN_JAVA_OPTS-}" taskset -c 0 "$root/target/postern/bin/postern" serve \
  --upstream.url="http://127.0.0.1:$outpost" --entryPoints.auth.address="127.0.0.1:$postern" \
  --entryPoints.admin.address="127.0.0.1:$admin" --log.level=WARN --cache.ttl=1h & pids+=($!)
until curl -fs -o "$work/ping" "http://127.0.0.1:$admin/ping"; do sleep 0.1; done

cookie="authentik_proxy_0a1b2c3d=$(printf 'x%.0s' $(seq 160)); theme=dark"
ask() { # PORT SECONDS
  taskset -c 1 wrk -t1 -c16 -d"$2" --latency -H "Cookie: $cookie" -H 'X-Forwarded-Host: app.example.test' \
    -H 'X-Forwarded-Proto: https' -H 'X-Forwarded-Method: GET' -H 'X-Forwarded-Uri: /photos/1.jpg' \
    -H 'X-Forwarded-For: 192.0.2.7' -H 'User-Agent: bench/1' -H 'Accept: image/avif,image/webp,*/*' \
    "http://127.0.0.1:$1/outpost.goauthentik.io/auth/traefik" |
    awk '/99%/ {p99 = $2} /Requests\/sec/ {rate = $2} /Non-2xx/ {bad = $0} END {print rate, p99, bad}'
}
ask "$postern" 20 > "$work/warm" && ask "$nginx" 2 > "$work/warm"
for ((round = 1; round <= rounds; round++)); do
  echo "nginx $(ask "$nginx" "$seconds")"
  echo "postern $(ask "$postern" "$seconds")"
done | tee "$work/rounds"

python3 - "$work/rounds" <<'EOF'
import statistics, sys

def millis(text):
    for unit, factor in (("us", 0.001), ("ms", 1), ("s", 1000)):
        if text.endswith(unit):
            return float(text.removesuffix(unit)) * factor

rows = [line.split() for line in open(sys.argv[1])]
if any(len(row) > 3 for row in rows):
    sys.exit("not every answer was an allow: " + str(rows))
rate = {n: statistics.median(float(r[1]) for r in rows if r[0] == n) for n in ("nginx", "postern")}
p99 = {n: statistics.median(millis(r[2]) for r in rows if r[0] == n) for n in ("nginx", "postern")}
print(f"requests a second, Postern / nginx: {rate['postern'] / rate['nginx']:.2f}")
print(f"p99, Postern / nginx: {p99['postern'] / p99['nginx']:.2f}")
EOF
