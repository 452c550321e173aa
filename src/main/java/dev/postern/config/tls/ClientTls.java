package dev.postern.config.tls;

import dev.postern.net.HostName;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How a TLS server is verified; each path is a PEM file.
///
/// @param ca trusted CA certificates instead of the system's
/// @param cert client certificate
/// @param key private key of `cert`
/// @param serverName server name to send and to verify instead of the URL's host
/// @param insecureSkipVerify accept any certificate
public record ClientTls(
    @Nullable Path ca,
    @Nullable Path cert,
    @Nullable Path key,
    @Nullable HostName serverName,
    boolean insecureSkipVerify) {
  /// Trusts the system's CA certificates.
  public static final ClientTls STANDARD = new ClientTls(null, null, null, null, false);
}
