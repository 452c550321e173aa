package dev.postern.upstream.wire;

import java.io.IOException;

/// What came, or was to be sent, is not HTTP.
///
/// Messages name the rule that was broken, never the bytes: those may be secrets.
public final class MalformedException extends IOException {
  private static final long serialVersionUID = 1L;

  /// Names the rule.
  ///
  /// @param message which rule was broken
  public MalformedException(String message) {
    super(message);
  }
}
