"""An identity provider that allows whoever brings a session.

It answers a question about /slow only when it is told to: it writes a line to one named pipe when it
has been asked, and reads one from the other before it answers.

usage: upstream.py PORT ASKED RELEASE
"""

import http.server
import sys

port, asked, release = int(sys.argv[1]), sys.argv[2], sys.argv[3]


class Outpost(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.headers.get("X-Forwarded-Uri") == "/slow":
            with open(asked, "w") as pipe:
                pipe.write("asked\n")
            with open(release) as pipe:
                pipe.read()
        self.send_response(200)
        if "authentik_proxy_" in self.headers.get("Cookie", ""):
            self.send_header("X-authentik-uid", "5f2c")
            self.send_header("X-authentik-meta-app", "app")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", port), Outpost).serve_forever()
