package dev.postern.server;

/// Responds to the requests of an entry point.
@FunctionalInterface
public interface ExchangeHandler {
  /// Responds now or later. An exception ends the exchange with 500.
  ///
  /// @param exchange the request, on its event loop
  void handle(Exchange exchange);
}
