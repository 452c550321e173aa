package dev.postern.server.edge;

import javax.net.ssl.SSLContext;

/// The TLS of an entry point.
///
/// @param context certificate and key, and which client certificates are accepted
/// @param clients whether clients are asked for a certificate
public record EdgeTls(SSLContext context, Clients clients) {
  /// Whether clients are asked for a certificate.
  public enum Clients {
    /// no
    NOT_ASKED,
    /// one that is shown is checked, none is accepted
    ASKED,
    /// without one there is no handshake
    REQUIRED
  }
}
