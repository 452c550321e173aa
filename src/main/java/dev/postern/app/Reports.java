package dev.postern.app;

import dev.postern.accesslog.RequestListener;
import dev.postern.accesslog.Route;
import dev.postern.accesslog.line.LineMaker;
import dev.postern.accesslog.output.AccessLog;
import dev.postern.config.AccessLogConfig;
import dev.postern.config.StaticConfig;
import dev.postern.server.observe.Reporting;
import dev.postern.verdict.Preset;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The listeners for completed requests: metrics and access log.
final class Reports implements AutoCloseable {
  private final @Nullable AccessLog accessLog;
  private final Reporting.Sources parts;
  private final Reporting.@Nullable Sources internals;

  Reports(
      StaticConfig config,
      Preset preset,
      Measuring measuring,
      Route.Finder routes,
      InstantSource wallClock,
      LongSupplier ticker) {
    List<RequestListener> listeners = new ArrayList<>(measuring.requestListeners());
    List<RequestListener> internalListeners = new ArrayList<>(measuring.internalListeners());
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
    parts =
        new Reporting.Sources(
            RequestListener.all(listeners),
            routes,
            preset.userHeader(),
            wallClock,
            ticker,
            new AtomicLong());
    internals =
        internalListeners.isEmpty() ? null : parts.toldTo(RequestListener.all(internalListeners));
  }

  /// For the entry points for Traefik.
  Reporting.Sources parts() {
    return parts;
  }

  /// For the admin entry point; null if there are no listeners.
  Reporting.@Nullable Sources internals() {
    return internals;
  }

  /// Reopens log files after rotation.
  void reopen() {
    if (accessLog != null) {
      accessLog.reopen();
    }
  }

  /// Number of access log lines that could not be written.
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
