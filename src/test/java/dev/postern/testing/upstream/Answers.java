package dev.postern.testing.upstream;

import dev.postern.testing.Field;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Builds the wire form of an outpost's responses.
final class Answers {
  private static final String DATE = "Date: Tue, 24 Nov 2026 12:00:00 GMT\r\n";

  private Answers() {}

  static String ok(List<Field> fields) {
    String lines = fields.stream().map(f -> f + "\r\n").collect(Collectors.joining());
    return "HTTP/1.1 200 OK\r\n" + lines + DATE + "Content-Length: 0\r\n\r\n";
  }

  static String empty(String status) {
    String length = status.startsWith("204") ? "" : "Content-Length: 0\r\n";
    return "HTTP/1.1 " + status + "\r\n" + DATE + length + "\r\n";
  }

  static String page(String status, String text) {
    return "HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\n%sContent-Length: %d\r\n\r\n%s"
        .formatted(status, DATE, text.length(), text);
  }

  static String challenge(String host, String state, @Nullable String cookie) {
    return redirect(
        "http://authentik.test/application/o/authorize/?client_id=cid-app&redirect_uri=https%3A%2F%2F"
            + host
            + "%2Foutpost.goauthentik.io%2Fcallback%3FX-authentik-auth-callback%3Dtrue&state="
            + state,
        cookie);
  }

  static String redirect(String location, @Nullable String cookie) {
    String body = "<a href=\"" + location.replace("&", "&amp;") + "\">Found</a>.\n\n";
    String setCookie =
        cookie == null
            ? ""
            : "Set-Cookie: "
                + cookie
                + "; Path=/; Max-Age=3601; HttpOnly; Secure; SameSite=Lax\r\n";
    return "HTTP/1.1 302 Found\r\nContent-Type: text/html; charset=utf-8\r\nLocation: %s\r\n%s%sContent-Length: %d\r\n\r\n%s"
        .formatted(location, setCookie, DATE, body.length(), body);
  }
}
