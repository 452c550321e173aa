package dev.postern.routing.source;

import java.io.IOException;

/// A response that cannot be used, whatever its status.
final class BadResponse extends IOException {
  private static final long serialVersionUID = 1L;

  /// The reasons.
  enum Kind {
    /// The connection ended before the first byte.
    NOTHING,
    /// The connection ended in the middle of it.
    CUT_OFF,
    /// It is larger than the limit.
    TOO_LONG,
    /// It is not HTTP/1.1.
    NOT_HTTP
  }

  private final Kind kind;

  BadResponse(Kind kind) {
    super(kind.name());
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }
}
