package dev.postern.config;

import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import java.time.Duration;

/// The upstream: the identity provider's forward-auth endpoint.
///
/// @param url scheme, host and port of the outpost; each request keeps its path and query
/// @param preset the kind of upstream
/// @param timeout timeout per call, including connecting
/// @param maxConcurrent maximum calls in flight
/// @param maxQueued maximum queued calls
/// @param maxInFlightSize maximum bytes of all requests in flight, queued and joined
/// @param tls how its certificate is verified
public record UpstreamConfig(
    Endpoint url,
    PresetName preset,
    Duration timeout,
    int maxConcurrent,
    int maxQueued,
    DataSize maxInFlightSize,
    ClientTls tls) {

  /// The supported kinds of upstream.
  public enum PresetName {
    /// authentik's proxy outpost, embedded or standalone
    AUTHENTIK
  }
}
