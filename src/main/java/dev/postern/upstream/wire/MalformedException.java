package dev.postern.upstream.wire;

import java.io.IOException;

/// Received or outgoing data is not valid HTTP.
///
/// Messages name the violated rule, never the bytes: those may be secrets.
public final class MalformedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean isTls;

  /// @param message the violated rule
  public MalformedException(String message) {
    this(message, false);
  }

  private MalformedException(String message, boolean isTls) {
    super(message);
    this.isTls = isTls;
  }

  /// A server that expects TLS was sent plain HTTP.
  static MalformedException ofTlsRecord() {
    return new MalformedException("a TLS record instead of HTTP", true);
  }

  /// Whether the server sent TLS, so `https` is the right scheme.
  public boolean isTls() {
    return isTls;
  }
}
