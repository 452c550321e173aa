package dev.postern.server.edge;

/// Receives what an entry point refuses and why handshakes fail, for logs and metrics. Called on
/// event loops, so implementations must not block.
public interface EdgeListener {
  /// A peer or request exceeded a limit.
  ///
  /// @param peer the peer's address
  void limit(Limit limit, String peer);

  /// A peer begins a TLS handshake on an entry point without TLS.
  ///
  /// @param peer its address
  void tlsOnPlain(String peer);

  /// A peer sends something other than TLS to an entry point with TLS.
  ///
  /// @param peer its address
  void plainOnTls(String peer);

  /// A peer does not accept the certificate.
  ///
  /// @param peer its address
  /// @param alert the name of the alert it sent (RFC 8446 section 6.2)
  void certificateRefused(String peer, String alert);

  /// A peer presents no client certificate, or one that is not accepted.
  ///
  /// @param peer its address
  /// @param reason what is wrong with it
  void clientCertificateRefused(String peer, String reason);

  /// No connection can be accepted now, because the process has no file descriptor left.
  ///
  /// @param reason the error of the operating system
  void acceptFailed(String reason);
}
