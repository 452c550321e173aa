package dev.postern.server;

import dev.postern.http.TrustedPeers;
import dev.postern.server.notice.PeerNotices;
import dev.postern.server.observe.Reporting;
import org.jspecify.annotations.Nullable;

/// Puts the handlers of an auth entry point together.
public final class AuthHandlers {
  private AuthHandlers() {}

  /// What is particular to one auth entry point.
  ///
  /// @param drain counts its requests
  /// @param trusted which peers may ask for verdicts and speak for clients
  /// @param notices told of peers that do what cannot work
  /// @param reporting reports its requests
  /// @param metrics prints `/metrics`, or null where it is not shown
  public record OfEntryPoint(
      Drain drain,
      TrustedPeers trusted,
      PeerNotices notices,
      Reporting reporting,
      MetricsHandler.@Nullable Printer metrics) {}

  /// Makes the handlers of one entry point; a request passes them from the last line to the first.
  ///
  /// @param parts what the auth entry points have in common
  /// @param of what is particular to this one
  /// @return what responds to its requests
  public static ExchangeHandler of(AuthParts parts, OfEntryPoint of) {
    Peers peers = new Peers(of.trusted());
    Responses responses = new Responses(parts.cacheStatusToClients());
    OutpostProxy proxy = new OutpostProxy(parts, peers, responses);
    ForwardAuthHandler forwardAuth = new ForwardAuthHandler(parts, responses, proxy);
    Handler paths =
        new AuthHandler(
            parts.preset(), peers, of.notices(), parts.loops(), forwardAuth, proxy);
    Handler metrics = withMetrics(of.metrics(), parts, paths);
    ExchangeHandler observed = new Observation(of.reporting(), metrics);
    return of.drain().around(observed);
  }

  private static Handler withMetrics(
      MetricsHandler.@Nullable Printer printer, AuthParts parts, Handler next) {
    return printer == null ? next : new MetricsEndpoint(printer, parts.printing(), next);
  }
}
