package dev.postern.server;

import dev.postern.http.TrustedPeers;
import dev.postern.routing.RouteTable;
import dev.postern.server.limit.LoginLimit;
import dev.postern.server.notice.PeerNotices;
import dev.postern.upstream.Admission;
import dev.postern.upstream.IoWorker;
import dev.postern.upstream.UpstreamConnections;
import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.Preset;
import dev.postern.verdict.VerdictCache;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.Protocols;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The root of the `auth` and `auths` entry points: tells the upstream's paths apart.
public final class AuthHandler implements HttpHandler {
  /// What it works with.
  ///
  /// @param preset what is particular to the upstream
  /// @param routes the present route table
  /// @param cache the verdicts
  /// @param connections connections to the upstream
  /// @param admission places at the upstream
  /// @param budget bytes that requests on their way may hold
  /// @param loginLimit how often one client may be sent to the login
  /// @param io threads and buffers
  /// @param upstreamTimeout how long the upstream may take to answer
  /// @param ticker monotonic nanoseconds, the cache's own
  public record Parts(
      Preset preset,
      Supplier<RouteTable> routes,
      VerdictCache cache,
      UpstreamConnections connections,
      Admission admission,
      InFlightBudget budget,
      LoginLimit loginLimit,
      IoWorker io,
      Duration upstreamTimeout,
      LongSupplier ticker) {}

  private final Preset preset;
  private final Peers peers;
  private final PeerNotices notices;
  private final ForwardAuthHandler forwardAuth;
  private final OutpostProxy proxy;

  /// Makes the handler of one entry point.
  ///
  /// @param parts what it works with
  /// @param trusted who may ask for verdicts there
  /// @param notices told of others who try
  public AuthHandler(Parts parts, TrustedPeers trusted, PeerNotices notices) {
    this.notices = notices;
    preset = parts.preset();
    peers = new Peers(trusted);
    proxy =
        new OutpostProxy(
            preset,
            parts.cache(),
            parts.loginLimit(),
            peers,
            new XnioRelay.Parts(
                parts.connections(),
                parts.admission(),
                parts.io().buffers(),
                parts.budget(),
                parts.upstreamTimeout()));
    forwardAuth =
        new ForwardAuthHandler(
            parts.routes(),
            parts.cache(),
            parts.loginLimit(),
            new AnswerWriter(),
            proxy,
            parts.ticker());
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    Target target = Target.of(exchange);
    Preset.Purpose purpose = target.purpose(preset);
    if (purpose == null) {
      AnswerWriter.refuse(exchange, 400, "The path is not in its plain form.");
      return;
    }
    if (exchange.getProtocol().equals(Protocols.HTTP_2_0)) {
      joinCookieCrumbs(exchange.getRequestHeaders());
    }
    switch (purpose) {
      case FORWARD_AUTH -> {
        if (peers.isTrusted(exchange)) {
          forwardAuth.handle(exchange, target);
        } else {
          notices.untrusted(Peers.address(exchange));
          AnswerWriter.refuse(
              exchange,
              403,
              "This peer may not ask for verdicts; add it to forwardedHeaders.trustedIPs.");
        }
      }
      case SESSION_CHANGE, RELAY -> proxy.relay(exchange, target, purpose);
      case UNKNOWN -> AnswerWriter.refuse(exchange, 404, "Not found.");
    }
  }

  /// HTTP/2 clients cut the `Cookie` header into crumbs; whoever leaves HTTP/2 joins them again
  /// (RFC 9113 section 8.2.3).
  private static void joinCookieCrumbs(HeaderMap headers) {
    HeaderValues crumbs = headers.get(Headers.COOKIE);
    if (crumbs != null && crumbs.size() > 1) {
      headers.put(Headers.COOKIE, String.join("; ", crumbs));
    }
  }
}
