package dev.postern.server;

import dev.postern.net.TrustedPeers;
import dev.postern.server.observe.PeerNotices;
import dev.postern.server.observe.Reporting;
import org.jspecify.annotations.Nullable;

/// Puts the handlers of the auth entry points together.
public final class AuthHandlers {
  private final AuthServices parts;

  /// One for all entry points: they share the places at the upstream.
  private final Relay.Resources relays;

  /// Takes what the entry points have in common.
  ///
  /// @param parts what they work with
  public AuthHandlers(AuthServices parts) {
    this.parts = parts;
    AuthServices.Upstream upstream = parts.upstream();
    relays = Relay.Resources.of(upstream.client(), upstream.config(), upstream.budget());
  }

  /// What is particular to one auth entry point.
  ///
  /// @param drain counts its requests
  /// @param trusted which peers may ask for verdicts and speak for clients
  /// @param notices told of peers that do what cannot work
  /// @param reporting reports its requests
  /// @param metrics prints `/metrics`, or null where it is not shown
  /// @param loopback whether the entry point listens on loopback alone
  public record OfEntryPoint(
      Drain drain,
      TrustedPeers trusted,
      PeerNotices notices,
      Reporting reporting,
      MetricsPage.@Nullable Printer metrics,
      boolean loopback) {}

  /// Makes the handlers of one entry point; a request passes them from the last line to the first.
  ///
  /// @param entryPoint what is particular to it
  /// @return what responds to its requests
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
