package dev.postern.demo.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/// Renders messages to bytes.
public final class WireWriter {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Map<Integer, String> REASONS =
      Map.ofEntries(
          Map.entry(101, "Switching Protocols"),
          Map.entry(200, "OK"),
          Map.entry(201, "Created"),
          Map.entry(204, "No Content"),
          Map.entry(302, "Found"),
          Map.entry(303, "See Other"),
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(413, "Request Entity Too Large"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(502, "Bad Gateway"),
          Map.entry(503, "Service Unavailable"));

  private WireWriter() {}

  /// The date of a header line.
  ///
  /// @param instant the moment
  /// @return the date in the form of RFC 9110 section 5.6.7
  public static String date(Instant instant) {
    return HTTP_DATE.format(instant);
  }

  /// The whole response.
  ///
  /// @param head whether the request was a HEAD
  /// @param close whether to announce the end of the connection
  /// @param now the moment of the `Date` line
  public static byte[] response(Reply.Response response, boolean head, boolean close, Instant now) {
    boolean bodiless = response.status() == 204 || response.status() == 304;
    boolean chunked = response.framing() == Reply.Framing.CHUNKED && !bodiless;
    StringBuilder lines = new StringBuilder(512);
    int status = response.status();
    lines.append("HTTP/1.1 ").append(status).append(' ').append(reason(status));
    lines.append("\r\n");
    response.headers().forEach(header -> append(lines, header.name(), header.value()));
    append(lines, "Date", date(now));
    if (!chunked && !bodiless) {
      append(lines, "Content-Length", Integer.toString(response.body().length));
    }
    if (close) {
      append(lines, "Connection", "close");
    }
    if (chunked) {
      append(lines, "Transfer-Encoding", "chunked");
    }
    lines.append("\r\n");
    ByteArrayOutputStream out = new ByteArrayOutputStream(lines.length() + response.body().length);
    out.writeBytes(lines.toString().getBytes(StandardCharsets.ISO_8859_1));
    if (!head && !bodiless) {
      appendBody(out, response.body(), chunked);
    }
    return out.toByteArray();
  }

  private static void appendBody(ByteArrayOutputStream out, byte[] body, boolean chunked) {
    if (!chunked) {
      out.writeBytes(body);
      return;
    }
    if (body.length > 0) {
      out.writeBytes(ascii(Integer.toHexString(body.length) + "\r\n"));
      out.writeBytes(body);
      out.writeBytes(ascii("\r\n"));
    }
    out.writeBytes(ascii("0\r\n\r\n"));
  }

  /// The response of Go's server to a malformed request: no date, no length.
  ///
  /// @param status the status code
  /// @return the whole response
  public static byte[] refusal(int status) {
    String reason = status + " " + reason(status);
    return ascii(
        "HTTP/1.1 "
            + reason
            + "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
            + reason);
  }

  static byte[] upgrade(Reply.Upgrade upgrade) {
    StringBuilder lines = new StringBuilder("HTTP/1.1 ");
    lines.append(upgrade.status()).append(' ').append(reason(upgrade.status())).append("\r\n");
    upgrade.headers().forEach(header -> append(lines, header.name(), header.value()));
    return ascii(lines.append("\r\n").toString());
  }

  static byte[] request(HttpRequest request) {
    StringBuilder lines = new StringBuilder(512);
    lines.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
    request.headers().forEach(header -> append(lines, header.name(), header.value()));
    lines.append("\r\n");
    ByteArrayOutputStream out = new ByteArrayOutputStream(lines.length() + request.body().length);
    out.writeBytes(ascii(lines.toString()));
    out.writeBytes(request.body());
    return out.toByteArray();
  }

  private static void append(StringBuilder lines, String name, String value) {
    lines.append(name).append(": ").append(value).append("\r\n");
  }

  private static String reason(int status) {
    return REASONS.getOrDefault(status, "Status");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
