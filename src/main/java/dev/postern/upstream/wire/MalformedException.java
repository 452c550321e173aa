package dev.postern.upstream.wire;

import java.io.IOException;

/// What came, or was to be sent, is not HTTP.
///
/// Messages name the rule that was broken, never the bytes: those may be secrets.
public final class MalformedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean isTls;

  /// Names the rule.
  ///
  /// @param message which rule was broken
  public MalformedException(String message) {
    this(message, false);
  }

  private MalformedException(String message, boolean isTls) {
    super(message);
    this.isTls = isTls;
  }

  /// A server that expects TLS has been sent plain HTTP.
  static MalformedException ofTlsRecord() {
    return new MalformedException("a TLS record instead of HTTP", true);
  }

  /// Whether what came is TLS.
  ///
  /// @return whether `https` is the right scheme
  public boolean isTls() {
    return isTls;
  }
}
