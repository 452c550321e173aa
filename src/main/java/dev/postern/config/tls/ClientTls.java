package dev.postern.config.tls;

import dev.postern.net.HostName;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How a server is known over TLS; each path names a PEM file.
///
/// @param ca trusted certificates instead of the system's
/// @param cert client certificate
/// @param key its private key
/// @param serverName name to ask for and to check instead of the URL's host
/// @param insecureSkipVerify accept any certificate
public record ClientTls(
    @Nullable Path ca,
    @Nullable Path cert,
    @Nullable Path key,
    @Nullable HostName serverName,
    boolean insecureSkipVerify) {
  /// Nothing but the system's certificates.
  public static final ClientTls STANDARD = new ClientTls(null, null, null, null, false);
}
