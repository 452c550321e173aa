package dev.postern.upstream.wire;

import java.io.IOException;

/// The head of a response exceeds the limit.
public final class OversizedException extends IOException {
  private static final long serialVersionUID = 1L;

  OversizedException(String message) {
    super(message);
  }
}
