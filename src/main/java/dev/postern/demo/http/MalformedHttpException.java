package dev.postern.demo.http;

import java.io.IOException;

/// A message that cannot be parsed, with the status with which Go's server responds to it.
final class MalformedHttpException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;

  MalformedHttpException(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
