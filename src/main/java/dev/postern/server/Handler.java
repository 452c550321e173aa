package dev.postern.server;

import dev.postern.server.observe.Report;

/// Responds to the requests of an auth entry point and notes what it finds out.
@FunctionalInterface
interface Handler {
  /// Responds now or later.
  ///
  /// @param exchange the request, on its event loop
  /// @param report where findings are noted
  void handle(Exchange exchange, Report report);
}
