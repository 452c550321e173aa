package dev.postern.server.observe;

import dev.postern.accesslog.RequestListener;
import dev.postern.accesslog.Route;
import dev.postern.net.TrustedPeers;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Tells a listener of every request of one entry point when it is over.
public final class Reporting {
  /// What all entry points have in common.
  ///
  /// @param listener who is told
  /// @param routes says by which router a request came
  /// @param userHeader response header that names the user of an allow
  /// @param wallClock the time that logs speak of
  /// @param ticker monotonic nanoseconds
  /// @param numbers counts the requests of all entry points
  public record Sources(
      RequestListener listener,
      Route.Finder routes,
      String userHeader,
      InstantSource wallClock,
      LongSupplier ticker,
      AtomicLong numbers) {
    /// The same for another listener; requests are counted together.
    ///
    /// @param other who is told
    /// @return the parts
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

  /// Reports the requests of an entry point for Traefik.
  ///
  /// @param parts what all entry points have in common
  /// @param entryPoint name of the entry point
  /// @param trusted which peers may speak for clients
  /// @return what begins their reports
  public static Reporting of(Sources parts, String entryPoint, TrustedPeers trusted) {
    return new Reporting(parts, entryPoint, false, trusted);
  }

  /// Reports the requests of the admin entry point.
  ///
  /// @param parts what all entry points have in common
  /// @param entryPoint name of the entry point
  /// @return what begins their reports
  public static Reporting ofInternals(Sources parts, String entryPoint) {
    return new Reporting(parts, entryPoint, true, TrustedPeers.of(List.of()));
  }

  /// Begins the report of one request, when its head has been read.
  ///
  /// @return the report
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
