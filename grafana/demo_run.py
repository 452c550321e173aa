#!/usr/bin/env python3
"""Load for a picture of the dashboard: a slow identity provider, and clients.

    python3 grafana/demo_run.py --upstream 9100 --postern 9000 --admin 9300 --seconds 420

Postern must be running with --upstream.url=http://127.0.0.1:9100. All connections are local.
For one minute in the middle of the run the identity provider fails every third check.
"""

import argparse
import base64
import http.client
import http.server
import json
import random
import threading
import time

AUTH = "/outpost.goauthentik.io/auth/traefik"


def token(user):
    claims = {"sub": "sub-" + user, "sid": "sid-" + user, "exp": int(time.time()) + 3600}
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return "e30." + part + ".c2ln"


class IdentityProvider(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    failing = False

    def do_GET(self):
        time.sleep(random.lognormvariate(-3.2, 0.5))
        cookie = self.headers.get("Cookie", "")
        user = cookie.split("=", 1)[1] if "authentik_proxy_" in cookie else ""
        if IdentityProvider.failing and random.random() < 0.33:
            self.send_response(503)
        elif user.startswith("nobody"):
            self.send_response(403)
        elif user:
            self.send_response(200)
            self.send_header("X-authentik-username", user)
            self.send_header("X-authentik-uid", "sub-" + user)
            self.send_header("X-authentik-meta-app", "app")
            self.send_header("X-authentik-jwt", token(user))
        else:
            self.send_response(302)
            self.send_header("Location", "https://id.example.test/login")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def client(port, end, number):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    while time.time() < end:
        kind = random.random()
        user = f"nobody{number}" if kind < 0.03 else f"user{random.randrange(40)}"
        headers = {
            "X-Forwarded-Method": "GET",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": random.choice(["photos", "wiki", "mail"]) + ".example.test",
            "X-Forwarded-For": f"192.0.2.{number}",
        }
        if kind < 0.95:
            headers["Cookie"] = "authentik_proxy_0a1b2c3d=" + user
        for image in range(random.randrange(1, 40)):
            headers["X-Forwarded-Uri"] = f"/image/{image}"
            try:
                connection.request("GET", AUTH, headers=headers)
                connection.getresponse().read()
            except (OSError, http.client.HTTPException):
                connection.close()
        time.sleep(random.expovariate(1 / 1.5))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--upstream", type=int, required=True, help="port of the identity provider")
    parser.add_argument("--postern", type=int, required=True, help="port of the entry point auth")
    parser.add_argument("--admin", type=int, required=True, help="port of the admin entry point")
    parser.add_argument("--seconds", type=int, default=420)
    options = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", options.upstream), IdentityProvider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    begin = time.time()
    end = begin + options.seconds
    for number in range(1, 9):
        threading.Thread(target=client, args=(options.postern, end, number), daemon=True).start()
    while time.time() < end:
        share = (time.time() - begin) / options.seconds
        IdentityProvider.failing = 0.45 < share < 0.45 + 60 / options.seconds
        if random.random() < 0.2:
            admin = http.client.HTTPConnection("127.0.0.1", options.admin)
            body = json.dumps({"sid": f"sid-user{random.randrange(40)}"})
            admin.request("POST", "/api/revocations", body, {"Content-Type": "application/json"})
            admin.getresponse().read()
        time.sleep(1)


if __name__ == "__main__":
    main()
