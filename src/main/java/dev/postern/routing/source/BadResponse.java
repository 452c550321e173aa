package dev.postern.routing.source;

import java.io.IOException;

/// An answer that cannot be used whatever its status.
final class BadResponse extends IOException {
  private static final long serialVersionUID = 1L;

  /// What is wrong with it.
  enum Kind {
    /// The connection ended before the first byte.
    NOTHING,
    /// The connection ended in its midst.
    CUT_OFF,
    /// It has more bytes than are read.
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
