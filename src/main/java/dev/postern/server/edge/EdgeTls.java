package dev.postern.server.edge;

import dev.postern.config.EntryPointsConfig.ClientAuthType;
import javax.net.ssl.SSLContext;

/// The TLS settings of an entry point.
///
/// @param context certificate and key, and the trusted CAs of client certificates
/// @param clients whether a client certificate is requested or required
public record EdgeTls(SSLContext context, Clients clients) {
  /// TLS as configured.
  ///
  /// @param context certificate and key, and the trusted CAs of client certificates
  /// @param type the configured `clientAuthType`
  public static EdgeTls of(SSLContext context, ClientAuthType type) {
    return new EdgeTls(
        context,
        switch (type) {
          case NO_CLIENT_CERT -> Clients.NOT_ASKED;
          case REQUEST_CLIENT_CERT, VERIFY_CLIENT_CERT_IF_GIVEN -> Clients.ASKED;
          case REQUIRE_ANY_CLIENT_CERT, REQUIRE_AND_VERIFY_CLIENT_CERT -> Clients.REQUIRED;
        });
  }

  /// Whether a client certificate is requested or required.
  public enum Clients {
    /// no
    NOT_ASKED,
    /// requested; if one is presented it must be valid
    ASKED,
    /// required for the handshake
    REQUIRED
  }
}
