package dev.postern;

import dev.postern.accesslog.RequestListener;
import dev.postern.accesslog.Route;
import dev.postern.server.report.Reporting;
import dev.postern.verdict.Preset;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Everybody who is told of completed requests.
final class Reports {
  private final Reporting.@Nullable Parts parts;

  Reports(Preset preset, InstantSource wallClock, LongSupplier ticker) {
    RequestListener listener = RequestListener.all(List.of());
    parts =
        listener == null
            ? null
            : new Reporting.Parts(
                listener,
                Route.Finder.NONE,
                preset.userHeader(),
                wallClock,
                ticker,
                new AtomicLong());
  }

  /// What entry points work with, or null when nobody wants to know.
  Reporting.@Nullable Parts parts() {
    return parts;
  }
}
