package dev.postern.demo.http;

/// Handles one request; runs on a virtual thread and may block.
@FunctionalInterface
public interface HttpHandler {
  /// Responds to a request.
  ///
  /// @param request the whole request
  /// @return what to do with the connection
  /// @throws InterruptedException if the server is closed meanwhile
  Reply handle(HttpRequest request) throws InterruptedException;
}
