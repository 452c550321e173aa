package dev.postern.server.edge;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The head of a response as it is to be sent: without lines of another connection, with its length
/// and the date.
///
/// @param status HTTP status
/// @param lines all header lines but those of this connection
/// @param contentLength length that the lines declare, or -1
/// @param bodiless whether no body follows whatever the lines say
record ResponseHead(int status, HeaderLines lines, long contentLength, boolean bodiless) {
  /// Of a response that is there as a whole.
  static ResponseHead whole(
      int status, HeaderLines lines, int length, boolean toHead, String date) {
    boolean bodiless = toHead || isBodiless(status);
    // What a GET would have had is said to a HEAD, if it is known.
    boolean keepsLength = bodiless && length == 0 && lines.count("Content-Length") == 1;
    boolean hasLength = !isBodiless(status) && !keepsLength;
    return of(status, lines, keepsLength, hasLength ? Long.toString(length) : null, bodiless, date);
  }

  /// Of a response whose body follows.
  static ResponseHead streamed(int status, HeaderLines lines, boolean toHead, String date) {
    return of(status, lines, true, null, toHead || isBodiless(status), date);
  }

  /// The same over HTTP/2: a 304 without the length that a GET would have had. It is allowed, but
  /// Go's client, which Traefik asks with, then takes the missing body for a broken response. Over
  /// HTTP/1.1 it reads it as it is meant.
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
