package dev.postern.server.edge;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The head of a response as it is sent: without the upstream's hop-by-hop lines, with its length
/// and the date.
///
/// @param lines all header lines but the hop-by-hop ones of this connection
/// @param contentLength length that the lines declare, or -1
/// @param bodiless whether no body follows, whatever the lines say
record ResponseHead(int status, HeaderLines lines, long contentLength, boolean bodiless) {
  /// The head of a complete response.
  static ResponseHead whole(
      int status, HeaderLines lines, int length, boolean toHead, String date) {
    boolean bodiless = toHead || isBodiless(status);
    // A response to HEAD keeps the length of the response to GET, if it is known.
    boolean keepsLength = bodiless && length == 0 && lines.count("Content-Length") == 1;
    boolean hasLength = !isBodiless(status) && !keepsLength;
    return of(status, lines, keepsLength, hasLength ? Long.toString(length) : null, bodiless, date);
  }

  /// The head of a response whose body follows.
  static ResponseHead streamed(int status, HeaderLines lines, boolean toHead, String date) {
    return of(status, lines, true, null, toHead || isBodiless(status), date);
  }

  /// The same for HTTP/2: without the `Content-Length` of a 304. It is allowed, but Go's client,
  /// which Traefik uses, then treats the missing body as an error. Over HTTP/1.1 it handles it
  /// correctly.
  ResponseHead overHttp2() {
    if (status != 304 || contentLength < 0) {
      return this;
    }
    List<HeaderLine> kept = new ArrayList<>(lines.lines());
    kept.removeIf(line -> line.is("Content-Length"));
    return new ResponseHead(status, HeaderLines.of(kept), -1, bodiless);
  }

  private static ResponseHead of(
      int status,
      HeaderLines received,
      boolean keepsLength,
      @Nullable String length,
      boolean bodiless,
      String date) {
    Set<String> named = ConnectionLines.named(received);
    List<HeaderLine> lines = new ArrayList<>(received.lines().size() + 2);
    boolean dated = false;
    long contentLength = -1;
    for (HeaderLine line : received.lines()) {
      String name = line.name();
      if (ConnectionLines.isOfConnection(name) || named.contains(name.toLowerCase(Locale.ROOT))) {
        continue;
      }
      if (line.is("Content-Length")) {
        long declared = parsed(line.value());
        // A 204 must not have it (RFC 9110 section 8.6).
        if (!keepsLength || status == 204 || declared < 0 || contentLength >= 0) {
          continue;
        }
        contentLength = declared;
      }
      dated |= line.is("Date");
      lines.add(line);
    }
    if (length != null) {
      lines.add(new HeaderLine("Content-Length", length));
    }
    if (!dated) {
      lines.add(new HeaderLine("Date", date));
    }
    return new ResponseHead(status, HeaderLines.of(lines), contentLength, bodiless);
  }

  private static long parsed(String digits) {
    return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : -1;
  }

  private static boolean isBodiless(int status) {
    return status == 204 || status == 304;
  }
}
