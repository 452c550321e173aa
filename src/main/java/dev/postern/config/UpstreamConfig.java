package dev.postern.config;

import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import java.time.Duration;

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
    Endpoint url,
    PresetName preset,
    Duration timeout,
    int maxConcurrent,
    int maxQueued,
    DataSize maxInFlightSize,
    ClientTls tls) {

  /// The kinds of upstream that are built in.
  public enum PresetName {
    /// authentik's proxy outpost, embedded or standalone
    AUTHENTIK
  }
}
