package dev.postern.accesslog;

import java.util.List;

/// Receives every request once, when its response is complete or its client has left.
@FunctionalInterface
public interface RequestListener {
  /// A request is over. Called on the event loop of its connection, so it must not block.
  ///
  /// @param request the request; its header lines belong to the server and must be read before this
  ///   method returns
  void completed(CompletedRequest request);

  /// Combines several listeners.
  ///
  /// @param listeners called in this order
  static RequestListener all(List<RequestListener> listeners) {
    List<RequestListener> copy = List.copyOf(listeners);
    if (copy.size() == 1) {
      return copy.getFirst();
    }
    return request -> {
      for (RequestListener listener : copy) {
        listener.completed(request);
      }
    };
  }
}
