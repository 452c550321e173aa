package dev.postern.net;

import java.security.SecureRandom;
import java.util.HexFormat;

/// Detects requests that this process itself has sent to the upstream.
///
/// If `upstream.url` leads back to Postern, directly or through the proxy in front of it, each
/// request would cause another one, forever. So each request to the upstream carries a header with
/// a value unique to this process; a request that arrives with it is a loop. Another Postern in
/// between adds its own line and keeps this one, so longer loops are detected too.
///
/// The value is random and is not sent to clients. A client that knows it can only get its own
/// requests refused.
public final class LoopGuard {
  /// The header on requests to the upstream.
  public static final String NAME = "X-Postern-Via";

  private static final int VALUE_BYTES = 16;

  private final String value;

  private LoopGuard(String value) {
    this.value = value;
  }

  /// Chooses the value for this process.
  public static LoopGuard of(SecureRandom random) {
    byte[] bytes = new byte[VALUE_BYTES];
    random.nextBytes(bytes);
    return new LoopGuard(HexFormat.of().formatHex(bytes));
  }

  public String value() {
    return value;
  }

  public HeaderLine line() {
    return new HeaderLine(NAME, value);
  }

  /// Whether this process has sent a request.
  ///
  /// @param headers the headers of a received request
  /// @return whether one of its lines contains this guard's value; proxies may join several lines
  ///   into one
  public boolean isLoop(RequestHeaders headers) {
    for (String mark : headers.values(NAME)) {
      if (mark.contains(value)) {
        return true;
      }
    }
    return false;
  }
}
