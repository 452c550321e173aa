"""An outpost that allows everybody, for benchmarks: python3 outpost.py PORT [SECONDS PER CHECK]"""

import base64
import json
import socketserver
import sys
import time


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


claims = {
    "iss": "https://auth.example.test/application/o/photos/",
    "sub": "5f1d" * 16,
    "sid": "a7c9" * 16,
    "aud": "photos",
    "exp": int(time.time()) + 86400,
    "groups": ["family", "photographers"],
    "pad": "p" * 470,
}
token = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}.{'s' * 43}"
answer = (
    "HTTP/1.1 200 OK\r\n"
    "X-Authentik-Email: alice@example.test\r\n"
    "X-Authentik-Entitlements: \r\n"
    "X-Authentik-Groups: family|photographers\r\n"
    f"X-Authentik-Jwt: {token}\r\n"
    "X-Authentik-Meta-App: photos\r\n"
    "X-Authentik-Meta-Jwks: https://auth.example.test/application/o/photos/jwks/\r\n"
    "X-Authentik-Meta-Outpost: authentik Embedded Outpost\r\n"
    "X-Authentik-Meta-Provider: Photos\r\n"
    "X-Authentik-Meta-Version: goauthentik.io/outpost/2026.2.2\r\n"
    "X-Authentik-Name: Alice Liddell\r\n"
    f"X-Authentik-Uid: {claims['sub']}\r\n"
    "X-Authentik-Username: alice\r\n"
    "Content-Length: 0\r\n\r\n"
).encode()


delay = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0


class Outpost(socketserver.StreamRequestHandler):
    def handle(self):
        while self.rfile.readline().strip():
            while self.rfile.readline().strip():
                pass
            time.sleep(delay)
            self.wfile.write(answer)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 1024


Server(("127.0.0.1", int(sys.argv[1])), Outpost).serve_forever()
