package dev.postern.server.report;

import dev.postern.accesslog.RequestListener;
import dev.postern.accesslog.Route;
import dev.postern.http.TrustedPeers;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Tells a listener of every request of one entry point when it is over.
///
/// Where nobody wants to know, nothing is noted.
public final class Reporting implements HttpHandler {
  /// What all entry points have in common.
  ///
  /// @param listener who is told
  /// @param routes says by which router a request came
  /// @param userHeader response header that names the user of an allow
  /// @param wallClock the time that logs speak of
  /// @param ticker monotonic nanoseconds
  /// @param numbers counts the requests of all entry points
  public record Parts(
      RequestListener listener,
      Route.Finder routes,
      String userHeader,
      InstantSource wallClock,
      LongSupplier ticker,
      AtomicLong numbers) {}

  private final @Nullable Parts parts;
  private final String entryPoint;
  private final boolean internal;
  private final TrustedPeers trusted;
  private final HttpHandler next;

  private Reporting(
      @Nullable Parts parts,
      String entryPoint,
      boolean internal,
      TrustedPeers trusted,
      HttpHandler next) {
    this.parts = parts;
    this.entryPoint = entryPoint;
    this.internal = internal;
    this.trusted = trusted;
    this.next = next;
  }

  /// Watches the handler of an entry point for Traefik.
  ///
  /// @param parts what all entry points have in common, or null when nobody wants to know
  /// @param entryPoint name of the entry point
  /// @param trusted which peers may speak for clients
  /// @param next answers the requests
  /// @return the handler to use in its place
  public static Reporting of(
      @Nullable Parts parts, String entryPoint, TrustedPeers trusted, HttpHandler next) {
    return new Reporting(parts, entryPoint, false, trusted, next);
  }

  /// Watches the handler of the admin entry point.
  ///
  /// @param parts what all entry points have in common, or null when nobody wants to know
  /// @param entryPoint name of the entry point
  /// @param next answers the requests
  /// @return the handler to use in its place
  public static Reporting ofInternals(@Nullable Parts parts, String entryPoint, HttpHandler next) {
    return new Reporting(parts, entryPoint, true, TrustedPeers.of(List.of()), next);
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    if (parts != null) {
      Report.begin(this, parts, exchange);
    }
    next.handleRequest(exchange);
  }

  boolean isInternal() {
    return internal;
  }

  String entryPoint() {
    return entryPoint;
  }

  boolean trusts(HttpServerExchange exchange) {
    return trusted.contains(exchange.getSourceAddress().getAddress());
  }
}
