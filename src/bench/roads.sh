#!/bin/bash
# The roads from Traefik to Postern side by side: ForwardAuth over plain HTTP and over TLS with
# HTTP/2, the plugin over both, and no check at all. Every check is a hit. 64 clients ask Traefik,
# the roads take turns, and the medians of the rounds are printed: requests a second, p99, and how
# many connections Traefik opened to Postern.
#
#   mvn -DskipTests package && src/bench/roads.sh [ROUNDS] [SECONDS]
#
# Needs traefik, nginx, wrk, python3, curl, unshare and ip. It runs in a network namespace of its
# own, where the kernel's count of connections is about nothing else.
set -euo pipefail

if [ -z "${ROADS_IN_NAMESPACE-}" ]; then
  ROADS_IN_NAMESPACE=1 exec unshare --net --map-root-user "$0" "$@"
fi
ip link set lo up

rounds=${1:-5}
seconds=${2:-5}
clients=64
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

roads=(none forward-plain forward-tls plugin-plain plugin-tls)

python3 "$root/src/bench/outpost.py" 9001 & pids+=($!)

cat > "$work/nginx.conf" <<END
user root; daemon off; worker_processes 1; pid $work/nginx.pid; error_log $work/error.log;
events { worker_connections 2048; }
http {
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f;
  uwsgi_temp_path $work/u; scgi_temp_path $work/s;
  server { listen 127.0.0.1:9002; location / { return 200 "a page"; } location = /status { stub_status; } }
}
END
nginx -p "$work" -c "$work/nginx.conf" & pids+=($!)

POSTERN_JAVA_OPTS="${POSTERN_JAVA_OPTS-}" "$root/target/postern/bin/postern" serve \
  --upstream.url=http://127.0.0.1:9001 --entryPoints.auth.address=127.0.0.1:9000 \
  --entryPoints.auths.address=127.0.0.1:9443 --entryPoints.admin.address=127.0.0.1:9300 \
  --stateDirectory="$work/state" --log.level=WARN --cache.ttl=1h --cache.refreshAhead=1 & pids+=($!)

mkdir "$work/plugins-local" && cp -r "$root/compose/plugins-local/src" "$work/plugins-local/"
cat > "$work/traefik.yml" <<END
global: { checkNewVersion: false, sendAnonymousUsage: false }
log: { level: ERROR }
experimental: { localPlugins: { postern: { moduleName: postern.dev/traefik } } }
providers: { file: { filename: $work/dynamic.yml } }
entryPoints: { web: { address: "127.0.0.1:8000" } }
END
{
  cat <<END
http:
  services: { app: { loadBalancer: { servers: [{ url: "http://127.0.0.1:9002" }] } } }
  middlewares:
    forward-plain: { forwardAuth: { address: "http://127.0.0.1:9000/outpost.goauthentik.io/auth/traefik", trustForwardHeader: false, maxResponseBodySize: -1, authResponseHeadersRegex: "^X-Authentik-" } }
    forward-tls: { forwardAuth: { address: "https://127.0.0.1:9443/outpost.goauthentik.io/auth/traefik", trustForwardHeader: false, maxResponseBodySize: -1, authResponseHeadersRegex: "^X-Authentik-", tls: { insecureSkipVerify: true } } }
    plugin-plain: { plugin: { postern: { address: "http://127.0.0.1:9000" } } }
    plugin-tls: { plugin: { postern: { address: "https://127.0.0.1:9443", tls: { insecureSkipVerify: true } } } }
  routers:
END
  for road in "${roads[@]}"; do
    middlewares="[$road]"
    [ "$road" != none ] || middlewares="[]"
    echo "    $road: { rule: \"Host(\`$road.test\`)\", middlewares: $middlewares, service: app }"
  done
} > "$work/dynamic.yml"
(cd "$work" && exec traefik --configFile="$work/traefik.yml" > "$work/traefik.log") & pids+=($!)

cookie="authentik_proxy_0a1b2c3d=$(printf 'x%.0s' $(seq 160)); theme=dark"
for road in "${roads[@]}"; do
  tries=0
  until curl -fs -o "$work/page" -H "Host: $road.test" -H "Cookie: $cookie" http://127.0.0.1:8000/; do
    tries=$((tries + 1))
    if [ "$tries" -gt 600 ]; then
      echo "$road does not answer" >&2
      exit 1
    fi
    sleep 0.1
  done
done

# Connections accepted in this namespace, without those of the application. Of the others wrk opens
# one for each client and one to try.
accepted() {
  local all application
  all=$(awk '/^Tcp:/ {if (!column) {for (i = 1; i <= NF; i++) if ($i == "PassiveOpens") column = i} else print $column}' /proc/net/snmp)
  application=$(curl -s http://127.0.0.1:9002/status | awk 'NR == 3 {print $1}')
  echo $((all - application))
}
ask() { # ROAD SECONDS
  local before
  before=$(accepted)
  wrk -t1 -c"$clients" -d"$2" --timeout 10 --latency -H "Host: $1.test" -H "Cookie: $cookie" -H 'User-Agent: bench/1' \
    -H 'Accept: image/avif,image/webp,*/*' http://127.0.0.1:8000/photos/1.jpg > "$work/wrk"
  awk -v road="$1" -v opened="$(($(accepted) - before - clients - 1))" '/99%/ {p99 = $2} /Requests\/sec/ {rate = $2} /Non-2xx|timeout/ {bad = $0} /requests in/ {count = $1}
    END {print road, rate, p99, count, opened, bad}' "$work/wrk"
}
for road in "${roads[@]}"; do ask "$road" "$seconds" > "$work/warm"; done
for ((round = 1; round <= rounds; round++)); do
  for road in "${roads[@]}"; do ask "$road" "$seconds"; done
done | tee "$work/rounds"

python3 - "$work/rounds" <<'END'
import statistics, sys

def millis(text):
    for unit, factor in (("us", 0.001), ("ms", 1), ("s", 1000)):
        if text.endswith(unit):
            return float(text.removesuffix(unit)) * factor

rows = [line.split() for line in open(sys.argv[1])]
if any(len(row) > 5 for row in rows):
    sys.exit("not every answer was a page: " + str(rows))
roads = list(dict.fromkeys(row[0] for row in rows))
def median(road, value):
    return statistics.median(value(row) for row in rows if row[0] == road)
rate = {road: median(road, lambda row: float(row[1])) for road in roads}
p99 = {road: median(road, lambda row: millis(row[2])) for road in roads}
opened = {road: median(road, lambda row: 1000 * int(row[4]) / int(row[3])) for road in roads}
print("| Road | requests/s | p99 | connections opened in 1,000 requests |\n|---|---|---|---|")
for road in roads:
    print(f"| {road} | {rate[road] / rate['forward-plain']:.2f} | {p99[road] / p99['forward-plain']:.2f} | {opened[road]:.1f} |")
END
