package dev.postern.upstream.wire;

import java.io.IOException;

/// The head of a response is larger than is accepted.
public final class OversizedException extends IOException {
  private static final long serialVersionUID = 1L;

  OversizedException(String message) {
    super(message);
  }
}
