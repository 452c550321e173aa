package dev.postern.server;

import dev.postern.net.TrustedPeers;
import dev.postern.server.observe.PeerNotices;
import dev.postern.server.observe.Reporting;
import org.jspecify.annotations.Nullable;

/// Builds the handler chains of the auth entry points.
public final class AuthHandlers {
  private final AuthServices parts;

  /// Shared by all entry points, because they share the upstream's connection limit.
  private final Relay.Resources relays;

  public AuthHandlers(AuthServices parts) {
    this.parts = parts;
    AuthServices.Upstream upstream = parts.upstream();
    relays = Relay.Resources.of(upstream.client(), upstream.config(), upstream.budget());
  }

  /// The settings of one auth entry point.
  ///
  /// @param drain counts its active requests
  /// @param trusted peers that may send forward-auth requests and `X-Forwarded-*`
  /// @param notices logs peers with a wrong configuration
  /// @param reporting reports its requests
  /// @param metrics prints `/metrics`, or null if this entry point does not serve it
  /// @param loopback whether the entry point listens only on loopback
  public record OfEntryPoint(
      Drain drain,
      TrustedPeers trusted,
      PeerNotices notices,
      Reporting reporting,
      MetricsPage.@Nullable Printer metrics,
      boolean loopback) {}

  /// Builds the handlers of one entry point, from the innermost to the outermost.
  public ExchangeHandler of(OfEntryPoint entryPoint) {
    Peers peers = new Peers(entryPoint.trusted());
    Responses responses = new Responses(parts.cacheStatusToClients());
    OutpostProxy proxy = new OutpostProxy(parts, relays, peers, responses);
    ForwardAuthHandler forwardAuth = new ForwardAuthHandler(parts, responses, proxy);
    Handler paths =
        new AuthHandler(
            parts.preset(), peers, entryPoint.notices(), parts.loops(), forwardAuth, proxy);
    Handler metrics = withMetrics(entryPoint, paths);
    ExchangeHandler observed = new Observation(entryPoint.reporting(), metrics);
    return entryPoint.drain().around(observed);
  }

  private Handler withMetrics(OfEntryPoint entryPoint, Handler next) {
    MetricsPage.Printer printer = entryPoint.metrics();
    return printer == null
        ? next
        : new MetricsEndpoint(printer, entryPoint.loopback(), parts.printing(), next);
  }
}
