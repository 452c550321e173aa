package dev.postern.server;

import dev.postern.server.observe.Report;

/// Responds to the requests of an auth entry point and fills their reports.
@FunctionalInterface
interface Handler {
  /// Responds now or later.
  ///
  /// @param report collects what the access log and the metrics show
  void handle(Exchange exchange, Report report);
}
