package dev.postern.net;

import java.security.SecureRandom;
import java.util.HexFormat;

/// Recognises requests that this process has sent to the upstream itself.
///
/// An `upstream.url` that leads back to Postern, directly or through the proxy before it, would
/// make each request cause another one without end. So each request to the upstream carries a
/// header with a value that only this process has, and a request that arrives with it is a loop. A
/// further Postern between adds a line of its own and keeps this one, so longer loops are
/// recognised too.
///
/// The value is chosen at random at start and is not sent to clients. Who knows it could only get
/// its own requests refused.
public final class LoopGuard {
  /// The header that requests to the upstream carry.
  public static final String NAME = "X-Postern-Via";

  private static final int VALUE_BYTES = 16;

  private final String value;

  private LoopGuard(String value) {
    this.value = value;
  }

  /// Chooses the value of a process.
  ///
  /// @param random a source of random bytes
  /// @return a guard that recognises what itself has marked
  public static LoopGuard of(SecureRandom random) {
    byte[] bytes = new byte[VALUE_BYTES];
    random.nextBytes(bytes);
    return new LoopGuard(HexFormat.of().formatHex(bytes));
  }

  /// The value of the header on requests to the upstream.
  public String value() {
    return value;
  }

  /// The line to add to requests to the upstream.
  public HeaderLine line() {
    return new HeaderLine(NAME, value);
  }

  /// Whether this process has sent a request.
  ///
  /// @param headers the headers of a request that has arrived
  /// @return whether one of its lines is this guard's own; a list of several values in one line, as
  ///   a proxy may make it of several lines, counts as well
  public boolean isLoop(RequestHeaders headers) {
    for (String mark : headers.values(NAME)) {
      if (mark.contains(value)) {
        return true;
      }
    }
    return false;
  }
}
