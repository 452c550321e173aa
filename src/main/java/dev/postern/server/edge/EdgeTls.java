package dev.postern.server.edge;

import dev.postern.config.EntryPointsConfig.ClientAuthType;
import javax.net.ssl.SSLContext;

/// The TLS of an entry point.
///
/// @param context certificate and key, and which client certificates are accepted
/// @param clients whether clients are asked for a certificate
public record EdgeTls(SSLContext context, Clients clients) {
  /// TLS as it is configured.
  ///
  /// @param context certificate and key, and which client certificates are accepted
  /// @param type what is asked of clients
  /// @return the TLS
  public static EdgeTls of(SSLContext context, ClientAuthType type) {
    return new EdgeTls(
        context,
        switch (type) {
          case NO_CLIENT_CERT -> Clients.NOT_ASKED;
          case REQUEST_CLIENT_CERT, VERIFY_CLIENT_CERT_IF_GIVEN -> Clients.ASKED;
          case REQUIRE_ANY_CLIENT_CERT, REQUIRE_AND_VERIFY_CLIENT_CERT -> Clients.REQUIRED;
        });
  }

  /// Whether clients are asked for a certificate.
  public enum Clients {
    /// no
    NOT_ASKED,
    /// one that is shown is checked, none is accepted, too
    ASKED,
    /// without one there is no handshake
    REQUIRED
  }
}
