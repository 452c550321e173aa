package dev.postern.upstream.wire;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;

/// The head of a response (RFC 9112 section 4).
///
/// @param isCurrent whether it is HTTP/1.1, not 1.0
/// @param headers the header lines in order, including connection headers
public record ResponseHead(int status, boolean isCurrent, HeaderLines headers) {
  /// Whether the status is 1xx, so the final response follows (RFC 9110 section 15.2).
  public boolean isInterim() {
    return status < 200;
  }

  /// The framing of the body.
  ///
  /// @param method the request's method
  /// @return the framing; empty for `HEAD` and for statuses without a body
  /// @throws MalformedException if it is ambiguous, even where there is no body
  public Framing framing(String method) throws MalformedException {
    Framing declared = Framing.of(headers, new Framing.UntilClose());
    if (declared instanceof Framing.Chunked && !isCurrent) {
      throw new MalformedException("HTTP/1.0 has no transfer codings");
    }
    return method.equals("HEAD") || status == 204 || status == 304 ? Framing.EMPTY : declared;
  }

  /// Whether the connection can be reused. HTTP/1.0 never, even if it declares keep-alive: its
  /// framing is older than the rules that make reuse safe.
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
