package dev.postern.server.edge;

/// Learns what an entry point refuses and why handshakes fail, for logs and metrics. Called on
/// event loops, so nothing here may block.
public interface EdgeListener {
  /// Somebody broke a limit.
  ///
  /// @param limit which
  /// @param peer the peer's address
  void limit(Limit limit, String peer);

  /// A peer begins a TLS handshake where plain HTTP is spoken.
  ///
  /// @param peer its address
  void tlsOnPlain(String peer);

  /// A peer speaks something else where TLS is spoken.
  ///
  /// @param peer its address
  void plainOnTls(String peer);

  /// A peer does not accept the certificate.
  ///
  /// @param peer its address
  /// @param alert what it says (RFC 8446 section 6.2)
  void certificateRefused(String peer, String alert);

  /// A peer shows no client certificate, or one that is not accepted.
  ///
  /// @param peer its address
  /// @param reason what is wrong with it
  void clientCertificateRefused(String peer, String reason);

  /// No connection can be accepted at present, because the process has no descriptor left.
  ///
  /// @param reason what the system says
  void acceptFailed(String reason);
}
