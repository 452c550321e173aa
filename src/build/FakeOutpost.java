import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;

/// The least of an authentik outpost that the training run needs: an identity to whoever brings a
/// session cookie, a redirect to whoever does not, and pages on the other outpost paths.
final class FakeOutpost implements AutoCloseable {
  private final ServerSocket server;

  FakeOutpost() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void serve(Socket connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      for (String head = head(in); !head.isEmpty(); head = head(in)) {
        skipBody(in, head);
        connection.getOutputStream().write(answer(head).getBytes(ISO_8859_1));
      }
    } catch (IOException closedByPeer) {
      // The program closes its pooled connections when it stops.
    }
  }

  /// Request line and header lines, empty at the end of the connection.
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.write(next);
      if (next == '\n' && head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
        return head.toString(ISO_8859_1);
      }
    }
    return "";
  }

  private static void skipBody(InputStream in, String head) throws IOException {
    String lower = head.toLowerCase(Locale.ROOT);
    if (lower.contains("\r\ntransfer-encoding: chunked")) {
      for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
        in.skipNBytes(size + 2);
      }
      in.skipNBytes(2);
    }
    int length = lower.indexOf("\r\ncontent-length:");
    if (length >= 0) {
      String value = head.substring(head.indexOf(':', length) + 1, head.indexOf('\r', length + 2));
      in.skipNBytes(Integer.parseInt(value.strip()));
    }
  }

  private static int chunkSize(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("body ends early");
      }
      line.append((char) next);
    }
    return Integer.parseInt(line.toString().strip(), 16);
  }

  private static String answer(String head) {
    String target = head.split(" ", 3)[1];
    boolean session = head.toLowerCase(Locale.ROOT).contains("authentik_proxy_");
    if (target.startsWith("/outpost.goauthentik.io/auth/") && session) {
      return identity();
    }
    if (target.startsWith("/outpost.goauthentik.io/static/")) {
      return "HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nContent-Length: 6\r\n\r\nbody{}";
    }
    if (target.startsWith("/outpost.goauthentik.io/ping")) {
      return "HTTP/1.1 204 No Content\r\n\r\n";
    }
    return """
    HTTP/1.1 302 Found
    Location: https://id.example.test/application/o/authorize/?client_id=c&state=s
    Set-Cookie: authentik_proxy_0a1b2c3d=fresh; Path=/; Max-Age=86401; HttpOnly; Secure; SameSite=Lax
    Content-Length: 0

    """
        .replace("\n", "\r\n");
  }

  private static String identity() {
    String claims =
        """
        {"iss":"https://id.example.test/application/o/app/","sub":"5f2c","aud":"c","sid":"7b1d",\
        "exp":%d,"iat":%d,"email":"ada@example.test","groups":["users","admins"]}\
        """
            .formatted(
                Instant.now().plusSeconds(3_600).getEpochSecond(), Instant.now().getEpochSecond());
    String token =
        base64("{\"alg\":\"RS256\",\"kid\":\"k\",\"typ\":\"JWT\"}")
            + "."
            + base64(claims)
            + "."
            + base64("signature".repeat(28));
    return """
    HTTP/1.1 200 OK
    User-Agent: Mozilla/5.0 (X11; Linux x86_64)
    X-Authentik-Email: ada@example.test
    X-Authentik-Entitlements:\s
    X-Authentik-Groups: users|admins
    X-Authentik-Jwt: %s
    X-Authentik-Meta-App: app
    X-Authentik-Meta-Jwks: https://id.example.test/application/o/app/jwks/
    X-Authentik-Meta-Outpost: authentik Embedded Outpost
    X-Authentik-Meta-Provider: Provider for app
    X-Authentik-Meta-Version: goauthentik.io/outpost/2026.2.2
    X-Authentik-Name: Ada
    X-Authentik-Uid: 5f2c
    X-Authentik-Username: ada
    X-Powered-By: authentik
    Content-Length: 0

    """
        .formatted(token)
        .replace("\n", "\r\n");
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(ISO_8859_1));
  }
}
