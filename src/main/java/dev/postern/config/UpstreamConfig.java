package dev.postern.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The upstream: the identity provider's forward-auth endpoint.
///
/// @param url scheme, host and port of the outpost; paths and queries of requests are kept
/// @param preset what kind of upstream it is
/// @param timeout bound of one call, connecting included
/// @param maxConcurrent calls in flight at most
/// @param maxQueued calls that wait for a place at most
/// @param maxInFlightSize bytes that requests in flight, queued and joined may hold together
/// @param tls how its certificate is checked
public record UpstreamConfig(
    URI url,
    PresetName preset,
    Duration timeout,
    int maxConcurrent,
    int maxQueued,
    DataSize maxInFlightSize,
    UpstreamTls tls) {

  /// The kinds of upstream that are built in.
  public enum PresetName {
    /// authentik's proxy outpost, embedded or standalone
    AUTHENTIK
  }

  /// TLS towards the upstream, each a PEM file.
  ///
  /// @param ca trusted certificates instead of the system's
  /// @param cert client certificate
  /// @param key its private key
  /// @param serverName name to ask for and to check instead of the URL's host
  /// @param insecureSkipVerify accept any certificate
  public record UpstreamTls(
      @Nullable Path ca,
      @Nullable Path cert,
      @Nullable Path key,
      @Nullable String serverName,
      boolean insecureSkipVerify) {}
}
