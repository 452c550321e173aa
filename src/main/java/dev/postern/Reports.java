package dev.postern;

import dev.postern.accesslog.RequestListener;
import dev.postern.accesslog.Route;
import dev.postern.accesslog.line.LineMaker;
import dev.postern.accesslog.output.AccessLog;
import dev.postern.config.AccessLogConfig;
import dev.postern.config.StaticConfig;
import dev.postern.routing.Router;
import dev.postern.routing.Routes;
import dev.postern.server.report.Reporting;
import dev.postern.verdict.Preset;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Everybody who is told of completed requests.
final class Reports implements AutoCloseable {
  private final @Nullable AccessLog accessLog;
  private final Reporting.@Nullable Parts parts;
  private final Reporting.@Nullable Parts internals;

  Reports(StaticConfig config, Preset preset, InstantSource wallClock, LongSupplier ticker, Routes routes) {
    List<RequestListener> listeners = new ArrayList<>();
    List<RequestListener> internalListeners = new ArrayList<>();
    AccessLogConfig logConfig = config.accessLog();
    if (logConfig == null) {
      accessLog = null;
    } else {
      LineMaker maker = new LineMaker(logConfig, config.upstream().url(), ZoneId.systemDefault());
      accessLog = AccessLog.start(logConfig, maker, ticker);
      listeners.add(accessLog);
      if (logConfig.addInternals()) {
        internalListeners.add(accessLog);
      }
    }
    AtomicLong numbers = new AtomicLong();
    parts = parts(listeners, routes, preset, wallClock, ticker, numbers);
    internals = parts(internalListeners, routes, preset, wallClock, ticker, numbers);
  }

  private static Reporting.@Nullable Parts parts(
      List<RequestListener> listeners,
      Routes routes,
      Preset preset,
      InstantSource wallClock,
      LongSupplier ticker,
      AtomicLong numbers) {
    RequestListener listener = RequestListener.all(listeners);
    return listener == null
        ? null
        : new Reporting.Parts(
            listener, request -> route(routes.table().router(request)), preset.userHeader(), wallClock, ticker, numbers);
  }

  private static @Nullable Route route(@Nullable Router router) {
    if (router == null) {
      return null;
    }
    String service = router.definition().service();
    return new Route(router.name(), qualified(service, router.name()));
  }

  /// A service without a provider is one of the router's own (traefik-contract 5.5).
  private static String qualified(String service, String router) {
    return service.indexOf('@') >= 0 || service.isEmpty()
        ? service
        : service + router.substring(router.lastIndexOf('@'));
  }

  /// For the entry points for Traefik; null when nobody wants to know.
  Reporting.@Nullable Parts parts() {
    return parts;
  }

  /// For the admin entry point; null when nobody wants to know.
  Reporting.@Nullable Parts internals() {
    return internals;
  }

  /// Opens log files anew, as a rotation asks for.
  void reopen() {
    if (accessLog != null) {
      accessLog.reopen();
    }
  }

  /// How many lines of the access log could not be written.
  long lostLines() {
    return accessLog == null ? 0 : accessLog.lostLines();
  }

  @Override
  public void close() {
    if (accessLog != null) {
      accessLog.close();
    }
  }
}
