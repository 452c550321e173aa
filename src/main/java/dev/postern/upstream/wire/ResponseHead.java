package dev.postern.upstream.wire;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;

/// The head of a response (RFC 9112 section 4).
///
/// @param status HTTP status
/// @param isCurrent whether it is HTTP/1.1, not 1.0
/// @param headers the header lines in order, those of the connection included
public record ResponseHead(int status, boolean isCurrent, HeaderLines headers) {
  /// Whether another response follows, which is the real one (RFC 9110 section 15.2).
  ///
  /// @return whether the status is 1xx
  public boolean isInterim() {
    return status < 200;
  }

  /// How the body ends.
  ///
  /// @param method what was asked
  /// @return the framing; empty to `HEAD` and with the statuses that have no body
  /// @throws MalformedException if that cannot be told for sure, even where there is no body
  public Framing framing(String method) throws MalformedException {
    Framing declared = Framing.of(headers, new Framing.UntilClose());
    if (declared instanceof Framing.Chunked && !isCurrent) {
      throw new MalformedException("HTTP/1.0 knows no transfer codings");
    }
    return method.equals("HEAD") || status == 204 || status == 304 ? Framing.EMPTY : declared;
  }

  /// Whether the upstream keeps the connection open. With HTTP/1.0 it could say so, but then its
  /// framing is older than the rules that make reuse safe.
  ///
  /// @return whether another request may be sent on it
  public boolean keepsConnection() {
    return isCurrent && headers.lines().stream().noneMatch(ResponseHead::closes);
  }

  private static boolean closes(HeaderLine line) {
    if (!line.is("Connection")) {
      return false;
    }
    for (String option : line.value().split(",", -1)) {
      if (Octets.trim(option).equalsIgnoreCase("close")) {
        return true;
      }
    }
    return false;
  }
}
