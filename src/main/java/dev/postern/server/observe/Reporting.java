package dev.postern.server.observe;

import dev.postern.accesslog.RequestListener;
import dev.postern.accesslog.Route;
import dev.postern.net.TrustedPeers;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Notifies a listener of every completed request of one entry point.
public final class Reporting {
  /// What all entry points share.
  ///
  /// @param listener receives completed requests
  /// @param routes finds the router of a request
  /// @param userHeader response header that names the user of an allow
  /// @param wallClock the time for logs
  /// @param ticker monotonic nanoseconds
  /// @param numbers counts the requests of all entry points
  public record Sources(
      RequestListener listener,
      Route.Finder routes,
      String userHeader,
      InstantSource wallClock,
      LongSupplier ticker,
      AtomicLong numbers) {
    /// The same with another listener; the counter of requests stays shared.
    public Sources toldTo(RequestListener other) {
      return new Sources(other, routes, userHeader, wallClock, ticker, numbers);
    }
  }

  private final Sources parts;
  private final String entryPoint;
  private final boolean internal;
  private final TrustedPeers trusted;

  private Reporting(Sources parts, String entryPoint, boolean internal, TrustedPeers trusted) {
    this.parts = parts;
    this.entryPoint = entryPoint;
    this.internal = internal;
    this.trusted = trusted;
  }

  /// Reports the requests of an auth entry point.
  ///
  /// @param entryPoint name of the entry point
  /// @param trusted peers that may send `X-Forwarded-*`
  public static Reporting of(Sources parts, String entryPoint, TrustedPeers trusted) {
    return new Reporting(parts, entryPoint, false, trusted);
  }

  /// Reports the requests of the admin entry point.
  public static Reporting ofInternals(Sources parts, String entryPoint) {
    return new Reporting(parts, entryPoint, true, TrustedPeers.of(List.of()));
  }

  /// Creates the report of one request, after its head was read.
  public Report begin() {
    return new Report(this, parts);
  }

  boolean isInternal() {
    return internal;
  }

  String entryPoint() {
    return entryPoint;
  }

  boolean trusts(InetSocketAddress peer) {
    return trusted.contains(peer.getAddress());
  }
}
